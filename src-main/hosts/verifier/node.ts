import type * as NodeCrypto from 'node:crypto'
import type * as NodeFs from 'node:fs'
import { folderIo, nodePrimitives } from '#archive/verify/node-io.ts'
import { verifyPack } from '#archive/verify/verify.ts'
import { plainText, tell } from './tell.ts'
import { wordsFor } from './words/index.ts'

/** What of Node's `process` is used. */
export interface NodeProcess {
  argv: string[]
  env: Record<string, string | undefined>
  exitCode?: number | string | null | undefined
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

interface Asked {
  dir: string
  json: boolean
  keys: string[]
  language: string | null
}

/** `node verify.js DIR [--json] [--key KEY]... [--lang CODE]`. Exit code 0 for a valid pack, 1 for any other, 2 for a line that was not understood. */
export async function runInNode(process: NodeProcess, modules: { fs: typeof NodeFs; crypto: typeof NodeCrypto }): Promise<void> {
  const asked = read(process.argv.slice(2))
  const { env } = process
  const { words } = wordsFor([asked?.language ?? '', env['LC_ALL'] ?? '', env['LC_MESSAGES'] ?? '', env['LANG'] ?? ''])
  const isFolder = asked !== null && modules.fs.statSync(asked.dir, { throwIfNoEntry: false })?.isDirectory() === true
  if (!isFolder) {
    process.stderr.write(`${words.usage}\n`)
    process.exitCode = 2
    return
  }
  const verdict = await verifyPack(folderIo(modules, asked.dir), nodePrimitives(modules), { keys: asked.keys })
  process.stdout.write(asked.json ? `${JSON.stringify(verdict)}\n` : plainText(tell(words, verdict)))
  process.exitCode = verdict.valid ? 0 : 1
}

function read(args: readonly string[]): Asked | null {
  const asked: Asked = { dir: '', json: false, keys: [], language: null }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    const value = args[at + 1]
    if (arg === '--json') asked.json = true
    else if ((arg === '--key' || arg === '--lang') && value !== undefined) {
      if (arg === '--key') asked.keys.push(value)
      else asked.language = value
      at++
    } else if (asked.dir === '' && !arg.startsWith('--')) asked.dir = arg
    else return null
  }
  return asked.dir === '' ? null : asked
}
