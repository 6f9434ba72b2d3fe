import type { Export, Importer, Item, Owner, Tools } from '#connectors/kit/importer.ts'
import { parseValue, readJson, readSmallJson } from '#connectors/kit/json.ts'
import { baseOf, type Fields, fieldsOf, remarkUnknown, textOf } from '#connectors/kit/shape.ts'
import { type Source, UnreadableFile } from '#connectors/kit/source/source.ts'
import type { Party } from '#shared/model/index.ts'
import { activityFields, boostMessage, mediaRefs, noteFields, noteMessage, noteOf, ownParty } from './message.ts'

/** Media type of records: one activity of the outbox (ActivityStreams 2.0). */
export const ACTIVITY = 'application/activity+json'

/** Fields of the outbox itself, which say nothing of posts. */
const outboxFields = new Set(['@context', 'id', 'type', 'totalItems', 'first', 'last', 'partOf'])

/** The archive that Mastodon hands out: `outbox.json`, `actor.json` and the files of posts, as a zip or a tar.gz. */
export const mastodonImporter: Importer = {
  async detect(source): Promise<Export | null> {
    const base = await baseOf(source, 'outbox.json')
    if (base === null) return null
    const path = `${base}outbox.json`
    const owner = ownerOf(fieldsOf(await readSmallJson(source, `${base}actor.json`))) ?? (await firstActor(source, path))
    if (!owner) return null
    const own = ownParty(owner)
    return { owner, parts: [{ name: path, reads: [path], items: (tools) => activities(source, path, base, own, tools) }] }
  },
}

function ownerOf(actor: Fields | null): Owner | null {
  const id = textOf(actor?.['id'])
  if (!actor || !URL.canParse(id)) return null
  const url = new URL(id)
  const handle = textOf(actor['preferredUsername']) || url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  return { userId: id, handle: handle || null, name: textOf(actor['name']), server: url.host || null }
}

/** Whose posts they are, where the archive has no `actor.json`. */
async function firstActor(source: Source, path: string): Promise<Owner | null> {
  try {
    for await (const value of readJson(source, path, isOutbox)) {
      const actor = fieldsOf(parseValue(value))?.['actor']
      if (value.path.length === 2) return ownerOf({ id: actor })
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
  }
  return null
}

/** Goes into the outbox and its list, no deeper. */
function isOutbox(path: readonly (string | number)[]): boolean {
  return path.length === 0 || (path.length === 1 && path[0] === 'orderedItems')
}

async function* activities(source: Source, path: string, base: string, own: Party, { remark }: Tools): AsyncGenerator<Item> {
  for await (const value of readJson(source, path, isOutbox)) {
    const [field] = value.path
    if (value.path.length === 1 && outboxFields.has(String(field))) continue
    const activity = value.path.length === 2 ? fieldsOf(parseValue(value)) : null
    if (value.path.length === 1) remark('field_unknown', path, String(field))
    const note = activity && noteOf(activity)
    const message = note ? noteMessage(note, activity['published'], own) : activity && announce(activity, own)
    if (activity && message) {
      remarkUnknown(remark, path, activity, activityFields)
      if (note) remarkUnknown(remark, path, note, noteFields)
    }
    const media = note && message ? mediaRefs(note, source, base) : []
    yield { path, raw: value.bytes, mediaType: ACTIVITY, message, media }
  }
}

function announce(activity: Fields, own: Party) {
  return activity['type'] === 'Announce' ? boostMessage(activity, own) : null
}
