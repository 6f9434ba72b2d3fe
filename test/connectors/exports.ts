import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Connector, IncomingMessage } from '#connectors/connector.ts'
import type { ArchiveSettings, ImportReport } from '#shared/model/index.ts'
import { Killed, MemoryOffice, newest } from '../support/context.ts'

/** An office in memory with one account that has nothing in it. */
export function emptyOffice(settings: Partial<ArchiveSettings> = {}): MemoryOffice<ArchiveSettings> {
  return new MemoryOffice({ settings: { handle: null, userId: null, server: null, ...settings } })
}

/** Imports an export into an office in memory. */
export async function bring(
  office: MemoryOffice<ArchiveSettings>,
  connector: Connector<ArchiveSettings>,
  path: string,
): Promise<ImportReport> {
  const { importFiles } = connector
  if (importFiles === undefined) throw new Error('the connector imports nothing')
  return importFiles({ format: 'archive', path, parts: [] }, office.open(), new AbortController().signal)
}

/** The office's messages of all kinds but files that are kept as they are, oldest first. */
export function said(office: MemoryOffice<ArchiveSettings>): IncomingMessage[] {
  const messages = [...office.messages.values()].map(newest)
  return messages
    .filter(({ kind }) => kind !== 'file')
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.remoteId < b.remoteId ? -1 : 1))
}

/** The message with that text. @throws when there is none or more than one. */
export function saying(office: MemoryOffice<ArchiveSettings>, text: string): IncomingMessage {
  const found = [...office.messages.values()].map(newest).filter((message) => message.text === text)
  if (found.length !== 1) throw new Error(`${found.length} messages say ${text}`)
  return found[0] as IncomingMessage
}

/** Remarks as `kind path name count`, without the files that are kept as they are. */
export function remarks(report: ImportReport): string[] {
  return report.remarks
    .filter(({ kind }) => kind !== 'file_kept')
    .map(({ kind, path, name, count }) => `${kind} ${path} ${name} ${count}`)
}

/** What the office holds in the end, to be compared: ids with the number of versions. */
export function holdings(office: MemoryOffice<ArchiveSettings>): string[] {
  return [...office.messages].map(([id, { versions }]) => `${id} ${versions.length}`).sort()
}

/**
 * Imports an export that is killed before and after every one of its commits, and goes on each time.
 * @returns what the office holds in the end.
 */
export async function bringWithKills(connector: Connector<ArchiveSettings>, path: string): Promise<string[][]> {
  const ends: string[][] = []
  for (const when of ['before', 'after'] as const) {
    for (let commit = 1; ; commit++) {
      const office = emptyOffice()
      office.killAt({ commit, when })
      if (!(await isKilled(bring(office, connector, path)))) break
      await bring(office, connector, path)
      ends.push(holdings(office))
    }
  }
  return ends
}

async function isKilled(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return false
  } catch (error) {
    if (error instanceof Killed) return true
    throw error
  }
}

/** A folder with files in it, for one test, and how to be rid of it. */
export async function folder(files: Record<string, string | Uint8Array>): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-export-'))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}
