import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { z } from 'zod'
import { Checkpoint, type LedgerFault, type LedgerStep } from '#shared/contract/index.ts'
import { MessageId, ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { Cancelled, unreadable } from '../errors.ts'
import { howFar, number } from '../jobs.ts'
import { findIdentity, readNames } from '../names.ts'
import { LedgerProofShape, LedgerShape, LedgerVerdictShape } from '../shapes.ts'
import { count, idText } from '../values.ts'

const faults: Record<LedgerFault['code'], string> = {
  bundle_missing: 'a part of the entries is missing or cannot be read',
  entry_missing: 'entries are missing',
  entry_changed: 'the entry was changed',
  record_missing: 'its record is missing, and no disposal says why',
  commitment_differs: 'its record was changed',
  content_differs: 'the bytes of its record were changed or are missing',
  checkpoint_differs: 'the entries are not those that were signed',
  signature_wrong: 'the checkpoint of this size has no valid signature',
  hashes_differ: 'hashes were changed',
  records_differ: 'there are more or fewer records than captures',
  coverage_differs: 'what is told of when an account was watched is not what was entered',
}

export function ledgerList(cli: Cli): Command {
  const command = new Command('list').description('Lists the ledgers, one for each identity.').action(async () => {
    const { ledgers, names } = await cli.withOffice(async (client) => ({
      ledgers: await client.archive.ledgers(),
      names: await readNames(client),
    }))
    const rows = ledgers.map(({ identityId, size, root, checkpoint }) => {
      const name = names.identities.find((identity) => identity.id === identityId)?.name ?? ''
      return { identity: identityId, identityName: name, size, root, checkpoint }
    })
    cli.out.answer(rows, () =>
      cli.out.table(
        [
          { title: 'IDENTITY', value: (row) => row.identity },
          { title: 'NAME', value: (row) => row.identityName },
          { title: 'ENTRIES', value: (row) => number(row.size) },
          { title: 'SIGNED', value: (row) => (row.checkpoint ? number(row.checkpoint.size) : 'never') },
          { title: 'AT', value: (row) => row.checkpoint?.madeAt ?? '' },
        ],
        rows,
        'There is no identity yet.',
      ),
    )
  })
  return describe(command, { prints: z.array(LedgerShape), examples: ['dispatch ledger list'] })
}

export function ledgerCheckpoint(cli: Cli): Command {
  const command = new Command('checkpoint')
    .summary('Sign the head of a ledger')
    .description('Signs the head of an identity’s ledger as it is now, and prints the signed note.')
    .requiredOption('--identity <id>', 'identity, by id or name')
    .action(async (options: { identity: string }) => {
      const made = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, options.identity)
        return await client.archive.checkpoint({ identityId: id })
      })
      cli.out.answer(made, () => {
        cli.out.line(made.note.trimEnd())
        cli.out.line('')
        cli.out.line(`Key: ${made.key}`)
      })
    })
  return describe(command, {
    prints: Checkpoint,
    examples: ['dispatch ledger checkpoint --identity 1'],
    notes: [
      'The program signs by itself once a day. Give a note to somebody outside, and the office can no longer change what came before it unnoticed.',
    ],
  })
}

export function ledgerVerify(cli: Cli): Command {
  const command = new Command('verify')
    .summary('Check the ledgers')
    .description(
      'Builds each ledger anew and compares: entries, hashes, checkpoints and signatures, and that every record is what was captured. Changes nothing.',
    )
    .option('--identity <id>', 'only this identity, by id or name')
    .option('--no-content', 'leave out the bytes of the records, which takes most of the time')
    .action(async (options: { identity?: string; content: boolean }) => {
      const verdicts = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const only = options.identity === undefined ? null : findIdentity(names.identities, options.identity).id
        const result = []
        for (const { id, name } of names.identities) {
          if (only !== null && id !== only) continue
          const found: LedgerFault[] = []
          let step: LedgerStep | null = null
          while (!step?.done) {
            if (cli.signal.aborted) throw new Cancelled('Stopped. Nothing was changed.')
            step = await client.archive.verify({ identityId: id, carry: step?.carry ?? null, payloads: options.content })
            found.push(...step.faults)
            cli.out.progress(`${name}: ${howFar({ done: step.carry.next, total: step.carry.size })}`)
          }
          const { size, captures, disposed, bytes } = step.carry
          result.push({
            identity: id,
            identityName: name,
            ok: found.length === 0,
            entries: size,
            records: captures,
            disposed,
            bytes,
            faults: found,
          })
        }
        return result
      })
      cli.out.answer(verdicts, () => {
        for (const { identityName, ok, entries, records, disposed, faults: found } of verdicts) {
          cli.out.line(
            `${identityName}: ${ok ? 'in order' : 'NOT IN ORDER'}; ${number(entries)} entries, ${number(records)} records${disposed > 0 ? `, ${number(disposed)} of them disposed of` : ''}.`,
          )
          for (const { code, seq } of found.slice(0, 20)) cli.out.line(`  entry ${seq}: ${faults[code]}`)
          if (found.length > 20) cli.out.line(`  and ${number(found.length - 20)} more`)
        }
      })
      const wrong = verdicts.filter((verdict) => !verdict.ok)
      if (wrong.length > 0)
        cli.fail({
          code: 'office_corrupt',
          message: `Not in order: ${wrong.map(({ identityName, faults: found }) => `${identityName} (${number(found.length)})`).join(', ')}.`,
        })
    })
  return describe(command, {
    prints: z.array(LedgerVerdictShape),
    examples: ['dispatch ledger verify', 'dispatch ledger verify --identity 1 --no-content --json'],
    notes: ['The exit code is 1 when something is not in order.'],
  })
}

export function ledgerProve(cli: Cli): Command {
  const command = new Command('prove')
    .summary('Prove one message')
    .description(
      'Prints what proves each captured version of a message: entry, commitment, inclusion proof and signed checkpoint.',
    )
    .argument('<id>', 'id of a message', idText)
    .action(async (id: string) => {
      const proofs = await cli.withOffice((client) => client.archive.prove({ messageId: MessageId.parse(id) }))
      const shown = proofs.map(({ identityId, ...proof }) => ({ identity: identityId, ...proof }))
      cli.out.answer(shown, () => {
        for (const { version, seq, entry, manifest, salt, proof, checkpoint } of proofs) {
          cli.out.line(`Version ${version}, entry ${seq} of ${number(checkpoint.size)}`)
          cli.out.line(`  entry       ${entry}`)
          cli.out.line(`  manifest    ${manifest}`)
          cli.out.line(`  salt        ${salt}`)
          for (const [n, hash] of proof.entries()) cli.out.line(`  ${n === 0 ? 'proof ' : '      '}      ${hash}`)
        }
        cli.out.line('')
        cli.out.line(proofs[0]?.checkpoint.note.trimEnd() ?? '')
        cli.out.line(`Key: ${proofs[0]?.checkpoint.key ?? ''}`)
      })
    })
  return describe(command, {
    prints: z.array(LedgerProofShape),
    examples: ['dispatch ledger prove 1853070350746222 --json'],
    notes: ['docs/formats.md says how somebody else checks it.'],
  })
}

export function ledgerConsistency(cli: Cli): Command {
  const command = new Command('consistency')
    .summary('Prove that a ledger only grew')
    .description('Prints the proof that a ledger begins with what it was at an earlier size.')
    .requiredOption('--identity <id>', 'identity, by id or name')
    .requiredOption('--from <size>', 'earlier size, as on a checkpoint', count)
    .option('--to <size>', 'later size (default: now)', count)
    .action(async (options: { identity: string; from: number; to?: number }) => {
      const proof = await cli.withOffice(async (client) => {
        const { id } = findIdentity((await readNames(client)).identities, options.identity)
        return await client.archive.consistency({ identityId: id, oldSize: options.from, newSize: options.to ?? null })
      })
      cli.out.answer(proof, () => {
        cli.out.line(`${number(proof.oldSize)} entries: ${proof.oldRoot}`)
        cli.out.line(`${number(proof.newSize)} entries: ${proof.newRoot}`)
        for (const hash of proof.proof) cli.out.line(`  ${hash}`)
      })
    })
  return describe(command, {
    prints: z.object({
      oldSize: z.number(),
      newSize: z.number(),
      oldRoot: z.string(),
      newRoot: z.string(),
      proof: z.array(z.string()),
    }),
    examples: ['dispatch ledger consistency --identity 1 --from 1200'],
  })
}

interface AuthorityOptions {
  url?: string
  certificates?: string
  none?: true
}

export function ledgerAuthority(cli: Cli): Command {
  const command = new Command('authority')
    .summary('Choose who says the time from outside')
    .description(
      'Chooses an authority that stamps every checkpoint with its time (RFC 3161), or says which one is chosen. Without one, a ledger proves order but no time.',
    )
    .option('--url <url>', 'where the authority is asked')
    .option('--certificates <file>', 'its certificates, in PEM: what is trusted')
    .option('--none', 'choose no authority')
    .action(async ({ url, certificates, none }: AuthorityOptions) => {
      if ((url === undefined) !== (certificates === undefined) || (none && url !== undefined))
        throw new ProblemError('bad_request', { detail: 'give --url together with --certificates, or --none, or nothing' })
      const pem = certificates === undefined ? null : await textOf(cli.path(certificates))
      const chosen = await cli.withOffice((client) => {
        if (none) return client.archive.setAuthority({ authority: null })
        if (url !== undefined && pem !== null) return client.archive.setAuthority({ authority: { url, certificates: pem } })
        return client.archive.authority()
      })
      cli.out.answer(chosen, () => cli.out.line(chosen.url ?? 'No authority is chosen.'))
    })
  return describe(command, {
    prints: z.object({ url: z.string().nullable() }),
    examples: ['dispatch ledger authority --url https://time.example.org/tsa --certificates ~/time.pem'],
    notes: ['The authority learns a hash of each checkpoint and nothing else.'],
  })
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error)
  })
}
