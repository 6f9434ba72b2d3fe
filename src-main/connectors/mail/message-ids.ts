import { limits } from './limits.ts'
import { cleanLine } from './mime/header.ts'

/** Message-IDs of a field, without brackets, those that could be none left out. */
export function messageIds(field: string | undefined): string[] {
  if (field === undefined) return []
  const ids = field.match(/<[^<>]+>/g)?.map((id) => id.slice(1, -1)) ?? field.split(/\s+/)
  return ids.map((id) => cleanLine(id.replace(/\s+/g, ''))).filter((id) => id !== '' && id.length <= limits.messageId)
}
