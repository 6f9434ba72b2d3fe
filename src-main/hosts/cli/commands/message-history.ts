import { Command } from 'commander'
import type { MessageHistory, RecordVersion } from '#shared/contract/index.ts'
import { MessageId } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { number } from '../jobs.ts'
import type { Output } from '../output.ts'
import { HistoryShape } from '../shapes.ts'
import { oneLine } from '../text.ts'
import { localTime } from '../time.ts'
import { idText } from '../values.ts'

const answers = { yes: 'yes', no: 'NO', cannot_say: 'cannot say' } as const

export function messageHistory(cli: Cli): Command {
  const command = new Command('history')
    .summary('Show where a message came from, and its versions')
    .description(
      'Shows every captured version of a message: where it came from, when, its fingerprint, and what can be said of it by the newest signed head of the ledger. Signs nothing.',
    )
    .argument('<id>', 'id of a message', idText)
    .action(async (id: string) => {
      const told = await cli.withOffice((client) => client.archive.history({ messageId: MessageId.parse(id) }))
      cli.out.answer(shapeOf(told), () => tell(cli.out, told))
    })
  return describe(command, {
    prints: HistoryShape,
    examples: ['dispatch message history 1853070350746222 --json'],
    notes: ['dispatch ledger prove prints what others need to check it.'],
  })
}

function shapeOf({ messageId, identityId, versions, ...rest }: MessageHistory) {
  return {
    message: messageId,
    identity: identityId,
    ...rest,
    versions: versions.map(({ accountId, ...version }) => ({ account: accountId, ...version })),
  }
}

function tell(out: Output, { versions, older, deletion, complete, checkpoint }: MessageHistory): void {
  if (older > 0) out.line(`${number(older)} older versions are not shown.`)
  for (const version of versions) tellVersion(out, version)
  const { answer, reason } = complete
  out.line(`Nothing missing between: ${answers[answer]} (${reason})`)
  out.line(
    checkpoint === null
      ? 'The ledger was not signed yet.'
      : `Last signed: ${number(checkpoint.size)} entries, ${localTime(checkpoint.madeAt)}`,
  )
  if (deletion === null) return
  const since =
    deletion.lastSeen === null ? 'it is not known when it was last there' : `last there ${localTime(deletion.lastSeen)}`
  out.line(`Deleted at its source: found gone ${localTime(deletion.foundAt)}, ${since}`)
}

function tellVersion(out: Output, version: RecordVersion): void {
  const { capturedAt, endpoint, origin, mediaType, size, sha256, seq, received, unchanged, notLater } = version
  out.line(`Version ${version.version}, entry ${number(seq)}`)
  out.line(`  captured  ${localTime(capturedAt)}, ${origin === 'file' ? 'out of a file' : 'over a connection'}`)
  out.line(`  from      ${oneLine(endpoint)}`)
  out.line(`  original  ${number(size)} bytes, ${oneLine(mediaType)}`)
  out.line(`  SHA-256   ${sha256}`)
  for (const [name, { answer, reason }] of [
    ['received from there', received],
    ['unchanged since', unchanged],
    ['not later than the timestamp', notLater],
  ] as const)
    out.line(`  ${name}: ${answers[answer]} (${reason})`)
}
