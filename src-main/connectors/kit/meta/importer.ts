import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ArchiveNetwork } from '#shared/model/index.ts'
import { ConnectorFault } from '../../fault.ts'
import type { ExportPart, Importer, Item, Owner, Tools } from '../importer.ts'
import { type JsonValue, parseValue, readJson, readSmallJson } from '../json.ts'
import { type Source, UnreadableFile } from '../source/source.ts'
import { oneLine } from '../text.ts'
import { mend } from './mend.ts'
import { mediaOf, type Thread, toMessage } from './message.ts'
import { type Shape, understand } from './read.ts'
import { entryType, frameText, THREAD_TYPE } from './render.ts'
import { unknownFields } from './unknown.ts'

/** How one of Meta's networks lays out its exports. */
export interface MetaLayout {
  network: ArchiveNetwork
  /** Files whose entries are read, by the end of their paths, and the forms that count in them. */
  files: { path: RegExp; shapes: readonly Shape[] }[]
  profile: RegExp
  /** Whose export it is, from the mended profile. */
  owner(profile: unknown): Owner
}

/** Paths that only one network's export has. */
const marks: { network: ArchiveNetwork; path: RegExp }[] = [
  {
    network: 'facebook',
    path: /(?:^|\/)(?:your_facebook_activity\/|profile_information\.json$|comments_and_reactions\/|your_posts[^/]*\.json$)/,
  },
  {
    network: 'instagram',
    path: /(?:^|\/)(?:your_instagram_activity\/|personal_information\.json$|post_comments(?:_\d+)?\.json$|liked_posts\.json$)/,
  },
]

/** Whose the file is; null for what either may have. */
function networkOf(path: string): ArchiveNetwork | null {
  return marks.find((mark) => mark.path.test(path))?.network ?? null
}

const NOBODY: Owner = { userId: null, handle: null, name: '', server: null }
const THREAD = /(?:^|\/)messages\/[a-z0-9_]+\/([^/]+)\/message_\d+\.json$/
const PAGES = /(?:^|\/)(?:start_here|index)\.html?$|\/message_\d+\.html$|\/(?:your_)?posts[^/]*\.html$/

/** Reads what Facebook and Instagram export: a folder of JSON files with entries of a few forms, their texts broken. */
export function metaImporter(layout: MetaLayout): Importer {
  return {
    async detect(source) {
      const found: { path: string; shapes: readonly Shape[] }[] = []
      let profile: string | null = null
      let page: string | null = null
      const networks = new Set<ArchiveNetwork>()
      for await (const { path } of source.entries()) {
        // A download of several accounts holds what another network has too: that stays files.
        const network = networkOf(path)
        if (network !== null) networks.add(network)
        if (network !== null && network !== layout.network) continue
        if (layout.profile.test(path)) profile = path
        page ??= PAGES.test(path) ? path : null
        const shapes = THREAD.test(path) ? (['message'] as const) : layout.files.find((file) => file.path.test(path))?.shapes
        if (shapes !== undefined && (await fits(source, path, shapes))) found.push({ path, shapes })
      }
      if (networks.size > 0 && !networks.has(layout.network)) return null
      if (found.length === 0 && profile === null) {
        if (page !== null) throw new ConnectorFault('decision', 'export_web_pages', { path: page, network: layout.network })
        return null
      }
      const told = profile === null ? NOBODY : layout.owner(mend(await readSmallJson(source, profile)))
      const owner = told.name === '' ? { ...told, name: await commonName(source, found) } : told
      const parts = found.map(
        ({ path, shapes }): ExportPart => ({
          name: path,
          reads: [path],
          items: (tools) => items(source, path, shapes, owner, tools),
        }),
      )
      return { owner, parts }
    },
  }
}

/** The lists in a file: the outermost value, or the members of the outermost object that are lists. */
const enter = (path: readonly (string | number)[]) =>
  path.length === 0 || (path.length === 1 && typeof path[0] === 'string' && LISTS.test(path[0]))
/** Facebook's end in `_v2`, Instagram's begin with what they are about. */
const LISTS =
  /^(?:messages|comments|reactions|photos|status_updates|\w+_v2|ig_\w+|likes_\w+|comments_\w+|relationships_following|story_activities_\w+|text_post_app_\w+)$/

function isMember({ path }: JsonValue): boolean {
  return path.length === 2 || (path.length === 1 && typeof path[0] === 'number')
}

/** Whether the first entry of the file has one of the forms. */
async function fits(source: Source, path: string, shapes: readonly Shape[]): Promise<boolean> {
  try {
    for await (const value of readJson(source, path, enter)) {
      if (!isMember(value)) continue
      return !value.deep && understand(value.bytes, shapes) !== null
    }
  } catch (error) {
    // Damaged from the start: it is kept as it is.
    if (!(error instanceof UnreadableFile)) throw error
  }
  return false
}

async function* items(source: Source, path: string, shapes: readonly Shape[], owner: Owner, tools: Tools): AsyncGenerator<Item> {
  const thread = await readThread(source, path)
  const rest: JsonValue[] = []
  let first: string | null = null
  for await (const value of readJson(source, path, enter)) {
    tools.signal.throwIfAborted()
    if (isMember(value)) {
      const item = entry(value, { source, path, shapes, owner, thread }, tools)
      const at = item.message?.at ?? null
      if (at !== null && (first === null || at < first)) first = at
      yield item
    } else rest.push(value)
  }
  if (rest.length > 0) yield frame(path, rest, { owner, thread, first })
}

interface Place {
  source: Source
  path: string
  shapes: readonly Shape[]
  owner: Owner
  thread: Thread | null
}

function entry({ bytes, deep }: JsonValue, { source, path, shapes, owner, thread }: Place, { remark }: Tools): Item {
  const found = deep ? null : understand(bytes, shapes)
  if (found === null) return { path, raw: bytes, mediaType: 'application/json', message: null, media: [] }
  if (!isUtf8(bytes)) remark('value_unknown', path, 'encoding')
  for (const name of unknownFields(found)) remark('field_unknown', path, name)
  // Entries with labels look the same wherever they stand.
  const isComment = found.shape === 'labelled' && shapes.some((shape) => shape === 'comment' || shape === 'mapped')
  const message = toMessage(isComment ? { ...found.said, kind: 'comment' } : found.said, owner, thread)
  if (message === null) remark('value_unknown', path, 'timestamp')
  return { path, raw: bytes, mediaType: entryType(found.shape), message, media: mediaOf(found.said, source, path) }
}

/**
 * What a file says beside its entries (the title of a conversation, who takes part): one record of the exact values. It has no time
 * of its own, and lies where the first of the entries does.
 */
function frame(
  path: string,
  values: JsonValue[],
  { owner, thread, first }: { owner: Owner; thread: Thread | null; first: string | null },
): Item {
  const members = values.flatMap(({ path: [key = ''], bytes }, index) => [
    Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(String(key))}:`),
    bytes,
  ])
  const raw = Buffer.concat([Buffer.from('{'), ...members, Buffer.from('}')])
  const id = thread === null ? path : `${thread.id}:${path.slice(path.lastIndexOf('/') + 1)}`
  const message = {
    remoteId: `frame:${createHash('sha256').update(id).digest('hex').slice(0, 32)}`,
    threadKeys: [thread === null ? `frame:${path}` : `thread:${thread.id}`],
    kind: 'file' as const,
    direction: 'outbound' as const,
    from: { name: owner.name, handle: owner.handle ?? owner.userId ?? '' },
    to: [],
    cc: [],
    subject: oneLine(thread?.title || path),
    at: first ?? new Date(0).toISOString(),
    text: frameText(raw),
    link: null,
    volatile: false,
  }
  return { path, raw, mediaType: THREAD_TYPE, message, media: [] }
}

const ThreadShape = z.object({
  title: z.string().catch(''),
  threadName: z.string().catch(''),
  participants: z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])).catch([]),
})

/** @returns null for a file that is no conversation. */
async function readThread(source: Source, path: string): Promise<Thread | null> {
  const folder = THREAD.exec(path)?.[1]
  if (folder === undefined) return null
  // `janedoe_10212345678901234`: the name may change, the number stays.
  const id = /_([A-Za-z0-9]{6,})$/.exec(folder)?.[1] ?? folder
  const found: Record<string, unknown> = {}
  try {
    for await (const value of readJson(source, path, enter)) {
      if (value.path.length === 1 && !isMember(value)) found[String(value.path[0])] = mend(parseValue(value))
    }
  } catch (error) {
    // Told when its messages are read.
    if (!(error instanceof UnreadableFile)) throw error
  }
  const { title, threadName, participants } = ThreadShape.parse(found)
  return { id, title: title || threadName, participants }
}

/** Without a profile: who takes part in every conversation, where there are two or more. */
async function commonName(source: Source, found: { path: string }[]): Promise<string> {
  let common: string[] | null = null
  const seen = new Set<string>()
  for (const { path } of found) {
    const thread = await readThread(source, path)
    if (thread === null || thread.participants.length === 0) continue
    seen.add(thread.id)
    common = (common ?? thread.participants).filter((name) => thread.participants.includes(name))
    if (common.length === 0) return ''
  }
  return seen.size > 1 && common?.length === 1 ? (common[0] ?? '') : ''
}
