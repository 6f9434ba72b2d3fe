import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { onTestFinished } from 'vitest'
import { RecordLine } from '#archive/formats.ts'
import { exportPack, type PackRequest } from '#archive/pack/export.ts'
import { Redactions, readRedactions } from '#archive/pack/redact/file.ts'
import type { PackSummary } from '#archive/pack/summary.ts'
import { ProblemError } from '#shared/model/index.ts'
import type { SampleSource } from './sample.ts'

export const filesThread = new URL('../../../src-main/archive/pack/small-files-thread.ts', import.meta.url)
export const verifier = { script: Buffer.from('// verifies\n'), page: Buffer.from('<!doctype html><title>verifies</title>\n') }
export const noRedactions = new Redactions([])

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-pack-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A request for a sample, into a folder that is not there yet. */
export function request(source: SampleSource, more: Partial<PackRequest> = {}): PackRequest {
  return { source, dir: join(tempDir(), 'bag'), redactions: noRedactions, verifier, filesThread, ...more }
}

/** Exports a small sample. */
export function exported(source: SampleSource, more: Partial<PackRequest> = {}): Promise<PackSummary> {
  return exportPack(request(source, more))
}

export const redactions = (list: unknown[]) => readRedactions(JSON.stringify(list, null, 2), 'redactions.json')

/** All files below a folder, by their path with slashes. */
export function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

/** Path and hash of every file: two bags with the same are the same. */
export function fingerprints(dir: string): Record<string, string> {
  return Object.fromEntries(filesIn(dir).map((path) => [path, hash('sha256', readFileSync(join(dir, path)), 'hex')]))
}

export const textOf = (dir: string, path: string) => readFileSync(join(dir, path), 'utf8')

export function linesOf(dir: string, ledger: string): RecordLine[] {
  const lines = textOf(dir, `data/records/${ledger}.jsonl`).split('\n').slice(0, -1)
  return lines.map((line) => RecordLine.parse(JSON.parse(line)))
}

/**
 * What RFC 8493 wants of a bag (section 3), read without the program's code.
 * @returns what is wrong.
 */
export function faultsOf(dir: string): string[] {
  const faults: string[] = []
  const sums = (path: string) =>
    textOf(dir, path)
      .split('\n')
      .slice(0, -1)
      .map((line) => /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/.exec(line)?.slice(1) as [string, string])
  const payload = sums('manifest-sha256.txt')
  const tags = sums('tagmanifest-sha256.txt')
  for (const [sum, path] of [...payload, ...tags]) {
    if (!existsSync(join(dir, path))) faults.push(`${path} is missing`)
    else if (hash('sha256', readFileSync(join(dir, path)), 'hex') !== sum) faults.push(`${path} was changed`)
  }
  const named = [...payload, ...tags].map(([, path]) => path)
  for (const path of filesIn(dir)) {
    const times = named.filter((name) => name === path).length
    if (times !== 1 && path !== 'tagmanifest-sha256.txt') faults.push(`${path} is named ${times} times`)
  }
  const octets = payload.reduce((sum, [, path]) => sum + statSync(join(dir, path)).size, 0)
  if (!textOf(dir, 'bag-info.txt').includes(`Payload-Oxum: ${octets}.${payload.length}\n`)) faults.push('Payload-Oxum')
  if (textOf(dir, 'bagit.txt') !== 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n') faults.push('bagit.txt')
  return faults
}

export async function problemOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
  return 'none'
}
