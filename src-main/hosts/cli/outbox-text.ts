import { extname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import {
  Instant,
  type OutboxItem,
  OutboxState,
  OutgoingContent,
  type OutgoingMedia,
  type Party,
  ProblemCode,
} from '#shared/model/index.ts'
import type { Cli } from './cli.ts'
import type { Names } from './names.ts'
import { problemShape } from './shapes.ts'
import { oneLine } from './text.ts'
import { localTime } from './time.ts'

const id = z.string().regex(/^[0-9]+$/)

/** What commands print of an item of the outbox with `--json`. */
export const ItemShape = z.object({
  id,
  identity: id,
  identityName: z.string(),
  account: id,
  accountLabel: z.string(),
  state: OutboxState,
  content: OutgoingContent,
  target: id.nullable(),
  conversation: id.nullable(),
  quote: id.nullable(),
  after: id.nullable(),
  by: z.string(),
  queuedAt: Instant,
  notBefore: Instant,
  toConfirm: z.boolean(),
  tries: z.number().int(),
  nextTryAt: Instant.nullable(),
  problem: z.object({ code: ProblemCode, message: z.string() }).nullable(),
  endedAt: Instant.nullable(),
  message: id.nullable(),
})
export type ItemShape = z.infer<typeof ItemShape>

export function itemShape(item: OutboxItem, names: Names): ItemShape {
  const { identityId, accountId, targetConversation, reason, leaves: _leaves, ...rest } = item
  return {
    ...rest,
    identity: identityId,
    identityName: names.identity(identityId),
    account: accountId,
    accountLabel: names.account(accountId),
    conversation: targetConversation,
    problem: problemShape(reason),
  }
}

/** What an item is, in a few words. */
export function whatItIs({ content }: Pick<OutboxItem, 'content'>): string {
  if (content.do === 'act') return `${content.on ? '' : 'not '}${content.act}`
  return content.do === 'publish' ? content.kind : content.do
}

/** Where an item is, in a sentence. */
export function whereItIs({ state, toConfirm, notBefore, problem }: ItemShape): string {
  if (state === 'sent') return 'Sent.'
  if (state === 'cancelled') return 'Cancelled; nothing was sent.'
  if (state === 'failed') return `Not sent. ${problem?.message ?? ''}`
  if (state === 'queued' && !toConfirm && problem === null) return `Waits; not sent before ${localTime(notBefore)}.`
  return problem?.message ?? 'Is being sent.'
}

/** Prints an item, and ends with the code of a problem where it failed. */
export function answerItem(cli: Cli, item: ItemShape): void {
  cli.out.answer(item, () => cli.out.line(`Item ${item.id}: ${oneLine(whereItIs(item))}`))
  if (item.state === 'failed' && item.problem) cli.fail(item.problem)
}

/** Somebody as written: an address, or `Name <address>`. */
export function party(text: string): Party {
  const plain = text.trim()
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(plain)
  const handle = (named?.[2] ?? plain).trim()
  if (handle === '' || handle.length > 320 || /\s/.test(handle))
    throw new InvalidArgumentError('It must be an address, or a name and an address in <>.')
  return { name: (named?.[1] ?? '').replace(/^"(.*)"$/, '$1'), handle }
}

export function parties(text: string, before: Party[] | undefined): Party[] {
  return [...(before ?? []), party(text)]
}

/** Media types by the ending of a file's name: what networks take, and what offices attach. */
const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  ics: 'text/calendar',
  odt: 'application/vnd.oasis.opendocument.text',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
}

function typeOf(path: string): string {
  return types[extname(path).slice(1).toLowerCase()] ?? 'application/octet-stream'
}

/** Puts files into the office; the descriptions are theirs in the same order. @throws `file_unreadable` */
export async function attachAll(
  client: Client,
  identityId: OutboxItem['identityId'],
  paths: readonly string[],
  alts: readonly string[],
): Promise<OutgoingMedia[]> {
  const media: OutgoingMedia[] = []
  for (const [index, path] of paths.entries())
    media.push({
      ...(await client.outbox.attachPath({ identityId, path, mediaType: typeOf(path) })),
      alt: alts[index] ?? '',
    })
  return media
}
