import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { shell } from 'electron'
import { ProblemError } from '#shared/model/index.ts'

/**
 * Kinds of file that are opened by the computer's own programs. A list of what may, not of what may not: programs, scripts,
 * pages, shortcuts, disk images and documents with macros are all left out and can only be saved.
 */
const opened = new Set(
  (
    'pdf txt csv tsv log md rtf ics vcf eml ' +
    'png jpg jpeg gif webp bmp tif tiff heic avif ' +
    'docx xlsx pptx doc xls ppt odt ods odp epub ' +
    'mp3 m4a aac ogg oga opus wav flac mp4 m4v mov webm mkv avi zip'
  ).split(' '),
)

/** A file name that means nothing to a shell or a file system: no path, no control or direction marks, not hidden, not long. */
export function safeName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).pop() ?? ''
  const plain = base.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '').replace(/^[.\s]+|[.\s]+$/g, '')
  const end = extname(plain).slice(0, 20)
  const stem = plain.slice(0, plain.length - extname(plain).length).slice(0, 100)
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)
  return `${reserved || stem === '' ? `file ${stem}`.trim() : stem}${end}`
}

/** Whether a file of this name may be opened by another program. */
export function mayOpen(name: string): boolean {
  return opened.has(extname(safeName(name)).slice(1).toLowerCase())
}

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
