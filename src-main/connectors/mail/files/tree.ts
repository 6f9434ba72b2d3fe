import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { limits } from '../limits.ts'
import { type FileEntry, type FileSource, plainEntry } from './entry.ts'
import { toWire } from './wire.ts'

/** Folders inside each other that are looked into. Links are not followed, so only a deep disk gets there. */
const DEPTH = 50

interface MailFile {
  /** Relative to the root, with `/`; without what a mail program changes in a name, so that order and marks hold. */
  key: string
  path: string
  flags: string
  sent: boolean
}

/**
 * A Maildir with its folders (Maildir++: `.Sent`, `.Archive.2024`; or plain folders that each have a `cur`). What is
 * still being delivered (`tmp`) is left out. @returns null when there is none at the path.
 */
export async function openMaildir(root: string): Promise<FileSource | null> {
  const files: MailFile[] = []
  let folders = 0
  const visit = async (folder: string, name: string, depth: number) => {
    const entries = await readdir(folder, { withFileTypes: true })
    const has = (part: string) => entries.some((entry) => entry.isDirectory() && entry.name === part)
    const isMaildir = has('cur') || has('new')
    if (isMaildir) folders++
    for (const part of isMaildir ? ['cur', 'new'].filter(has) : []) {
      for (const file of await readdir(join(folder, part), { withFileTypes: true })) {
        if (!file.isFile() || file.name.startsWith('.')) continue
        const [unique = '', info = ''] = file.name.split(/[:;!](?=2,)/)
        const flags = part === 'cur' ? info.slice(2) : ''
        files.push({ key: `${name}/${unique}`, path: join(folder, part, file.name), flags, sent: isSent(name) })
      }
    }
    for (const entry of entries) {
      if (!entry.isDirectory() || /^(?:cur|new|tmp)$/.test(entry.name) || depth >= DEPTH) continue
      if (depth === 0 || !isMaildir || entry.name.startsWith('.'))
        await visit(join(folder, entry.name), `${name}/${entry.name}`, depth + 1)
    }
  }
  await visit(root, '', 0)
  return folders === 0 ? null : fileSource(files)
}

/** `.eml` files in a folder and the folders in it. @returns null when there is none. */
export async function openEmlTree(root: string): Promise<FileSource | null> {
  const files: MailFile[] = []
  const visit = async (folder: string, name: string, depth: number) => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const key = `${name}/${entry.name}`
      if (entry.isDirectory() && depth < DEPTH) await visit(join(folder, entry.name), key, depth + 1)
      else if (entry.isFile() && /\.eml$/i.test(entry.name))
        files.push({ key, path: join(folder, entry.name), flags: 'S', sent: isSent(name) })
    }
  }
  await visit(root, '', 0)
  return files.length === 0 ? null : fileSource(files)
}

/** One `.eml` file, whatever its name. */
export function openEml(path: string): FileSource {
  return fileSource([{ key: '/', path, flags: 'S', sent: false }])
}

/** The folder of sent mail, by the names that programs give it. */
function isSent(folder: string): boolean {
  return /(?:^|[/.])(?:sent|sent[ _-](?:items|mail|messages)|gesendet|envoyés|enviados)$/i.test(folder)
}

function fileSource(files: MailFile[]): FileSource {
  files.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return {
    total: files.length,
    fingerprint: '',
    async *entries(after, signal) {
      for (const [index, file] of files.entries()) {
        if (after !== null && file.key <= after) continue
        signal.throwIfAborted()
        yield await entry(file, index + 1)
      }
    },
    close: () => Promise.resolve(),
  }
}

async function entry(file: MailFile, done: number): Promise<FileEntry> {
  const place = {
    ...plainEntry,
    mark: file.key,
    done,
    sent: file.sent,
    read: file.flags.includes('S'),
    answered: file.flags.includes('R'),
  }
  try {
    const { size, mtime } = await stat(file.path)
    if (size > limits.mailBytes || size === 0) return { ...place, raw: null }
    return { ...place, storedAt: mtime, raw: toWire(await readFile(file.path)) }
  } catch (error) {
    // Gone or locked since it was listed: counted, and the others go on.
    if (!(error instanceof Error) || !('code' in error)) throw error
    return { ...place, raw: null }
  }
}
