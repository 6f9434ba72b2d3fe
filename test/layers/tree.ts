import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One file of the project: its path from the top, with slashes, and its text. */
export interface SourceFile {
  path: string
  text: string
}

/** Something that breaks a rule of the house, and where. */
export interface Violation {
  path: string
  line: number
  rule: string
}

/** Folders that hold nothing of ours. */
export const skipped = new Set(['node_modules', 'out', 'test-results', '.git', '.vite'])
const code = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs)$/
const text = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|json|jsonc|md|css|html|yml|yaml|sh|txt|sql)$|^\.ci\/|(^|\/)\.[a-z]+$/

/** Paths of all files under `root`, from `root`, with slashes, in order. */
export function listFiles(root: string): string[] {
  const visit = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (skipped.has(entry.name)) return []
      return entry.isDirectory() ? visit(path) : [path]
    })
  return visit('').sort()
}

/** Program text under `root`: TypeScript and JavaScript. */
export function codeFiles(root: string): SourceFile[] {
  return read(root, code)
}

/** Everything under `root` that a person reads: code, documents, settings. */
export function textFiles(root: string): SourceFile[] {
  return read(root, text)
}

/** Names at the top of the project, folders with a slash behind. */
export function topLevel(root: string): string[] {
  return readdirSync(root)
    .filter((name) => !skipped.has(name))
    .map((name) => (statSync(join(root, name)).isDirectory() ? `${name}/` : name))
}

function read(root: string, pattern: RegExp): SourceFile[] {
  return listFiles(root)
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Line of an offset, from 1. */
export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length
}
