import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shell } from 'electron'
import { ProblemError } from '#shared/model/index.ts'
import { mayOpen, safeName } from './names.ts'

/** Copies of attachments that other programs show; removed when the window's program ends. */
export class OpenedFiles {
  readonly #dirs: string[] = []

  /** @throws `bad_request` for kinds of file that are not opened, `file_unreadable` when no program took it. */
  async open(name: string, bytes: Uint8Array): Promise<void> {
    if (!mayOpen(name)) throw new ProblemError('bad_request', { detail: 'this kind of file is only saved, not opened' })
    const dir = await mkdtemp(join(tmpdir(), 'dispatch-box-'))
    this.#dirs.push(dir)
    const path = join(dir, safeName(name))
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' })
    await markForeign(path)
    const failure = await shell.openPath(path)
    if (failure !== '') throw new ProblemError('file_unreadable', { path: safeName(name), detail: failure })
  }

  async clear(): Promise<void> {
    await Promise.all(this.#dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })))
  }
}

/** Tells the system that the file came from elsewhere, so that its own warnings and protected views apply. */
async function markForeign(path: string): Promise<void> {
  if (process.platform === 'win32') await writeFile(`${path}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n')
  if (process.platform === 'darwin') {
    const mark = `0081;${Math.floor(Date.now() / 1000).toString(16)};Dispatch Box;`
    await new Promise<void>((resolve, reject) => {
      execFile('/usr/bin/xattr', ['-w', 'com.apple.quarantine', mark, path], (error) => (error ? reject(error) : resolve()))
    })
  }
}
