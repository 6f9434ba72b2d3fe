import type { Export, ExportPart, Importer, Item, Owner, Tools } from '#connectors/kit/importer.ts'
import { members, parseValue, readJson, readSmallJson } from '#connectors/kit/json.ts'
import { baseOf, digitsOf, type Fields, fieldsOf, listOf, remarkUnknown, textOf } from '#connectors/kit/shape.ts'
import type { Source } from '#connectors/kit/source/source.ts'
import { directMessage, type MediaIndex, mediaRefs, noteMessage, People, tweetMessage } from './message.ts'
import { DIRECT, directFields, NOTE, noteFields, picturesOf, TWEET, tweetFields, tweetOf } from './shapes.ts'

/** Files that are read, by their name without the number of their part. Order: posts tell the names that direct messages lack. */
const kinds: { file: RegExp; read: (reader: Reader, path: string, tools: Tools) => AsyncGenerator<Item> }[] = [
  { file: /^(?:tweets?|community-tweets?)(?:-part\d+)?\.js$/, read: (reader, path, tools) => reader.tweets(path, tools) },
  { file: /^deleted-tweets?(?:-part\d+)?\.js$/, read: (reader, path, tools) => reader.tweets(path, tools) },
  { file: /^note-tweets?(?:-part\d+)?\.js$/, read: (reader, path, tools) => reader.notes(path, tools) },
  { file: /^direct-messages?(?:-group)?(?:-part\d+)?\.js$/, read: (reader, path, tools) => reader.directs(path, tools) },
]

/** The archive that X hands out: `data/*.js`, each a list that is assigned to a variable, and folders of pictures and videos. */
export const xImporter: Importer = {
  async detect(source): Promise<Export | null> {
    const base = (await baseOf(source, 'data/account.js')) ?? (await baseOf(source, 'data/manifest.js'))
    if (base === null) return null
    const owner = await ownerOf(source, base)
    if (!owner) return null
    const files: string[] = []
    const media = new Map<string, string[]>()
    for await (const { path } of source.entries()) {
      if (!path.startsWith(`${base}data/`)) continue
      const inside = path.slice(base.length + 5)
      const found = /^\w+_media\/(\d{1,30})-[^/]+$/.exec(inside)
      if (found) media.set(found[1] as string, [...(media.get(found[1] as string) ?? []), path])
      else files.push(inside)
    }
    const hasNotes = files.some((name) => name.startsWith('note-tweet'))
    const reader = new Reader(source, media, new People(owner), hasNotes)
    const parts: ExportPart[] = kinds.flatMap(({ file, read }) =>
      files
        .filter((name) => file.test(name))
        .map((name) => part(`${base}data/${name}`, (path, tools) => read(reader, path, tools))),
    )
    return { owner, parts }
  },
}

function part(path: string, read: (path: string, tools: Tools) => AsyncGenerator<Item>): ExportPart {
  return { name: path, reads: [path], items: (tools) => read(path, tools) }
}

/** Whose archive it is; null when neither file says so. */
async function ownerOf(source: Source, base: string): Promise<Owner | null> {
  const [first] = listOf(await readSmallJson(source, `${base}data/account.js`))
  const account = fieldsOf(fieldsOf(first)?.['account'])
  const manifest = fieldsOf(await readSmallJson(source, `${base}data/manifest.js`))
  const user = fieldsOf(manifest?.['userInfo'])
  const userId = digitsOf(account?.['accountId']) ?? digitsOf(user?.['accountId'])
  const handle = textOf(account?.['username']) || textOf(user?.['userName'])
  if (userId === null && handle === '') return null
  const name = textOf(account?.['accountDisplayName']) || textOf(user?.['displayName'])
  return { userId, handle: handle === '' ? null : handle, name, server: null }
}

class Reader {
  private readonly source: Source
  private readonly media: MediaIndex
  private readonly people: People
  /** Only then are beginnings worth their memory. */
  private readonly hasNotes: boolean
  /** Posts that were cut short, by their second and first words: the long text lies in another file, without their id. */
  private readonly cut = new Map<string, string>()

  constructor(source: Source, media: MediaIndex, people: People, hasNotes: boolean) {
    this.source = source
    this.media = media
    this.people = people
    this.hasNotes = hasNotes
  }

  async *tweets(path: string, { remark }: Tools): AsyncGenerator<Item> {
    for await (const value of readJson(this.source, path, members)) {
      const tweet = tweetOf(parseValue(value))
      const message = tweet && tweetMessage(tweet, this.people)
      if (tweet && message) {
        remarkUnknown(remark, path, tweet, tweetFields)
        if (this.hasNotes && message.text.length >= LONG) this.cut.set(cutKey(message.at, message.text), message.remoteId)
      }
      const urls = tweet ? picturesOf(tweet).map(({ url }) => url) : []
      const media = message ? mediaRefs(message.remoteId, urls, this.media) : []
      yield { path, raw: value.bytes, mediaType: TWEET, message, media }
    }
  }

  async *notes(path: string, { remark }: Tools): AsyncGenerator<Item> {
    for await (const value of readJson(this.source, path, members)) {
      const note = fieldsOf(fieldsOf(parseValue(value))?.['noteTweet'])
      const text = textOf(fieldsOf(note?.['core'])?.['text'])
      const at = typeof note?.['createdAt'] === 'string' ? note['createdAt'] : ''
      const message = note && noteMessage(note, this.cut.get(cutKey(at, text)) ?? null, this.people)
      if (note && message) remarkUnknown(remark, path, note, noteFields)
      yield { path, raw: value.bytes, mediaType: NOTE, message, media: [] }
    }
  }

  /** Conversations are gone into: one may have more messages than fit into memory. */
  async *directs(path: string, { remark }: Tools): AsyncGenerator<Item> {
    let conversation = ''
    for await (const value of readJson(this.source, path, goesInto)) {
      const [, , field, at] = value.path
      if (value.path.length === 3 && field === 'conversationId') conversation = textOf(parseValue(value))
      else if (value.path.length === 4 && field === 'messages' && typeof at === 'number')
        yield this.direct(path, conversation, value, remark)
      else {
        remark('field_unknown', path, String(field ?? ''))
        yield { path, raw: value.bytes, mediaType: DIRECT, message: null, media: [] }
      }
    }
  }

  private direct(path: string, conversation: string, value: Parameters<typeof parseValue>[0], remark: Tools['remark']): Item {
    const entry = fieldsOf(parseValue(value))
    const fields = fieldsOf(entry?.['messageCreate'])
    const message = entry && conversation !== '' ? directMessage(entry, value.bytes, conversation, this.people) : null
    if (message && fields) remarkUnknown(remark, path, fields, directFields)
    const media = message && fields ? this.mediaOfDirect(fields) : []
    return { path, raw: value.bytes, mediaType: DIRECT, message, media }
  }

  private mediaOfDirect(fields: Fields): Item['media'] {
    const urls = listOf(fields['mediaUrls']).map(textOf)
    return mediaRefs(digitsOf(fields['id']) ?? '', urls, this.media)
  }
}

/** Characters from which on a post may be the beginning of a longer one. */
const LONG = 200

function cutKey(at: string, text: string): string {
  return `${at.slice(0, 19)} ${text.slice(0, 60)}`
}

function goesInto(path: readonly (string | number)[]): boolean {
  const [, wrapper, field] = path
  return path.length < 2 || (path.length === 2 && wrapper === 'dmConversation') || (path.length === 3 && field === 'messages')
}
