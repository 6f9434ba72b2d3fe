import { type Fields, fieldsOf, listOf } from '../shape.ts'
import type { Shape, Understood } from './read.ts'

/** Fields that entries are known to have, whether they are read or only kept. */
const known: Record<Shape, string> = {
  message:
    'sender_name timestamp_ms content photos videos audio_files gifs files sticker share reactions type is_unsent is_geoblocked_for_viewer is_taken_down call_duration missed users bumped_message_metadata senderName timestamp text media isUnsent',
  comment: 'timestamp title data attachments tags',
  reaction: 'timestamp title data attachments tags',
  post: 'timestamp title data attachments tags',
  labelled: 'timestamp fbid media label_values title',
  listed: 'title string_list_data media_list_data',
  mapped: 'title media_map_data media_list_data string_map_data',
  media:
    'media title creation_timestamp uri description media_metadata cross_post_source backup_uri dubbing_info media_variants thumbnail comments tags upload_timestamp',
}
const fields = Object.fromEntries(Object.entries(known).map(([shape, names]) => [shape, new Set(names.split(' '))]))

/** What hangs on posts: one of these each. */
const hanging = new Set(['media', 'external_context', 'place', 'event', 'note', 'poll', 'text'])

/** Names of the fields of an entry that are not known here, and of attachments of which nothing is read. They stand in its bytes. */
export function unknownFields({ value, shape }: Understood): string[] {
  const entry: Fields = fieldsOf(value) ?? {}
  const unknown = Object.keys(entry).filter((name) => fields[shape]?.has(name) === false)
  for (const attachment of listOf(entry['attachments'])) {
    for (const one of listOf(fieldsOf(attachment)?.['data'])) {
      const names = Object.keys(fieldsOf(one) ?? {})
      unknown.push(...names.filter((name) => !hanging.has(name)).map((name) => `attachments.${name}`))
    }
  }
  return unknown
}
