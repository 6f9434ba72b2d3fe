import { Command } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import { Certificate, Disposal, DisposalItem } from '#shared/contract/index.ts'
import { type IdentityId, ProblemError } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { followJob, howFar, number } from '../jobs.ts'
import { findIdentity, readNames } from '../names.ts'
import { doer, reasonText } from '../people.ts'
import { idText } from '../values.ts'

const identityOption = ['--identity <id>', 'identity, by id or name'] as const
const byOption = ['--by <name>', 'who does it (default: the name you are signed in with)'] as const

async function identityOf(client: Client, wanted: string): Promise<IdentityId> {
  return findIdentity((await readNames(client)).identities, wanted).id
}

interface Proposal {
  identity: string
  handle?: string
  reason: string
  by?: string
}

/** Both ways to propose: what schedules say, and what a person asks for. */
async function propose(cli: Cli, { identity, handle, reason, by }: Proposal): Promise<void> {
  const made = await cli.withOffice(async (client) => {
    const common = { identityId: await identityOf(client, identity), reason, by: doer(by) }
    if (handle === undefined) return await client.retention.proposeDisposal(common)
    return await client.retention.proposeErasure({ ...common, handle })
  })
  cli.out.answer(made, () => {
    tell(cli, made)
    cli.out.line(`Now a second person approves it: dispatch disposal approve ${made.id} --identity ${made.identityId} --by NAME`)
  })
}

function tell(cli: Cli, one: Disposal): void {
  cli.out.line(`Disposal ${one.id} (${one.rule}): ${one.state}`)
  cli.out.line(`  goes      ${number(one.going)} messages${one.gone > 0 ? `, ${number(one.gone)} of them gone` : ''}`)
  cli.out.line(`  stays     ${number(one.kept)} messages`)
  for (const { hold, messages } of one.holds) cli.out.line(`            ${number(messages)} by hold ${hold}`)
  if (one.handle !== null) cli.out.line(`  person    ${one.handle}`)
  cli.out.line(`  reason    ${one.reason}`)
  cli.out.line(`  proposed  ${one.proposed.at} by ${one.proposed.by}`)
  cli.out.line(`  due       ${one.dueAt}`)
  if (one.approved) cli.out.line(`  approved  ${one.approved.at} by ${one.approved.by}`)
  if (one.withdrawn) cli.out.line(`  withdrawn ${one.withdrawn.at} by ${one.withdrawn.by}`)
  if (one.doneAt !== null) cli.out.line(`  done      ${one.doneAt}`)
}

export function disposalPropose(cli: Cli): Command {
  const command = new Command('propose')
    .summary('Propose to remove what was kept long enough')
    .description(
      'Proposes to dispose of every message whose time is up by the identity’s schedules. Nothing is removed before a second person approved it and 14 days have passed.',
    )
    .requiredOption(...identityOption)
    .requiredOption('--reason <text>', 'why now; stands in the certificate', reasonText)
    .option(...byOption)
    .action((options: Proposal) => propose(cli, options))
  return describe(command, {
    prints: Disposal,
    examples: ['dispatch disposal propose --identity 1 --reason "Yearly review" --by "Ada Berg"'],
  })
}

export function erase(cli: Cli): Command {
  const command = new Command('erase')
    .summary('Propose to forget a person')
    .description(
      'Proposes to dispose of every message that a person wrote to an identity. It is approved, withdrawn and carried out as any disposal; what a hold keeps is listed.',
    )
    .requiredOption(...identityOption)
    .requiredOption('--handle <address>', 'the person’s address')
    .requiredOption('--reason <text>', 'why; stands in the certificate, so name nobody in it', reasonText)
    .option(...byOption)
    .action((options: Proposal) => propose(cli, options))
  return describe(command, {
    prints: Disposal,
    examples: ['dispatch erase --identity 1 --handle ana@example.org --reason "Request 2026/14"'],
  })
}

export function disposalList(cli: Cli): Command {
  const command = new Command('list')
    .description('Lists the disposals of an identity, newest first.')
    .requiredOption(...identityOption)
    .action(async (options: { identity: string }) => {
      const all = await cli.withOffice(async (client) =>
        client.retention.disposals({ identityId: await identityOf(client, options.identity) }),
      )
      cli.out.answer(all, () =>
        cli.out.table(
          [
            { title: 'DISPOSAL', value: (one) => one.id },
            { title: 'STATE', value: (one) => one.state },
            { title: 'GOES', value: (one) => number(one.going) },
            { title: 'STAYS', value: (one) => number(one.kept) },
            { title: 'DUE', value: (one) => one.dueAt },
            { title: 'RULE', value: (one) => one.rule },
          ],
          all,
          'There is no disposal.',
        ),
      )
    })
  return describe(command, { prints: z.array(Disposal), examples: ['dispatch disposal list --identity 1'] })
}

/** The most messages that are named for people; `--json` names all. */
const mostShown = 100

export function disposalShow(cli: Cli): Command {
  const command = new Command('show')
    .description('Shows a disposal: what goes, and what stays because of which hold.')
    .argument('<id>', 'number of the disposal', idText)
    .requiredOption(...identityOption)
    .action(async (id: string, options: { identity: string }) => {
      const { items, ...one } = await cli.withOffice(async (client) => {
        const identityId = await identityOf(client, options.identity)
        const found = await client.retention.disposal({ id, identityId })
        const all: DisposalItem[] = []
        for (;;) {
          const after = all.at(-1)?.messageId ?? null
          const some = await client.retention.disposalItems({ id, identityId, after, limit: 1000 })
          all.push(...some)
          if (some.length < 1000) return { ...found, items: all }
        }
      })
      cli.out.answer({ ...one, items }, () => {
        tell(cli, one)
        for (const { messageId, hold, gone } of items.slice(0, mostShown))
          cli.out.line(`  message ${messageId}: ${hold === null ? (gone ? 'gone' : 'goes') : `stays by hold ${hold}`}`)
        if (items.length > mostShown) cli.out.line(`  and ${number(items.length - mostShown)} more`)
      })
    })
  return describe(command, {
    prints: Disposal.extend({ items: z.array(DisposalItem) }),
    examples: ['dispatch disposal show 4 --identity 1 --json'],
  })
}

export function disposalApprove(cli: Cli): Command {
  const command = new Command('approve')
    .summary('Approve a disposal, as the second person')
    .description('Approves a disposal. It takes somebody else than the one who proposed it.')
    .argument('<id>', 'number of the disposal', idText)
    .requiredOption(...identityOption)
    .option(...byOption)
    .action(async (id: string, options: { identity: string; by?: string }) => {
      const one = await cli.withOffice(async (client) =>
        client.retention.approveDisposal({
          id,
          identityId: await identityOf(client, options.identity),
          by: doer(options.by),
        }),
      )
      cli.out.answer(one, () => tell(cli, one))
    })
  return describe(command, {
    prints: Disposal,
    examples: ['dispatch disposal approve 4 --identity 1 --by "Bea Lund"'],
  })
}

export function disposalWithdraw(cli: Cli): Command {
  const command = new Command('withdraw')
    .description('Withdraws a disposal, which is possible until it is being carried out.')
    .argument('<id>', 'number of the disposal', idText)
    .requiredOption(...identityOption)
    .option(...byOption)
    .action(async (id: string, options: { identity: string; by?: string }) => {
      const one = await cli.withOffice(async (client) =>
        client.retention.withdrawDisposal({
          id,
          identityId: await identityOf(client, options.identity),
          by: doer(options.by),
        }),
      )
      cli.out.answer(one, () => tell(cli, one))
    })
  return describe(command, { prints: Disposal, examples: ['dispatch disposal withdraw 4 --identity 1'] })
}

export function disposalRun(cli: Cli): Command {
  const command = new Command('run')
    .summary('Carry out a disposal')
    .description(
      'Removes what an approved disposal names, once it is due, and signs the certificate. A program with the office open does this by itself.',
    )
    .argument('<id>', 'number of the disposal', idText)
    .requiredOption(...identityOption)
    .action(async (id: string, options: { identity: string }) => {
      const one = await cli.withOffice(
        async (client) => {
          const identityId = await identityOf(client, options.identity)
          await followJob(cli, client, () => client.retention.runDisposal({ id, identityId }), {
            progress: ({ progress }) => `Removing: ${howFar(progress)}`,
            cancelled: 'Stopped. What was removed is gone; the same command goes on with the rest.',
          })
          return await client.retention.disposal({ id, identityId })
        },
        { endsItself: true },
      )
      cli.out.answer(one, () => tell(cli, one))
    })
  return describe(command, {
    prints: Disposal,
    examples: ['dispatch disposal run 4 --identity 1'],
    notes: ['Ctrl+C stops it; the same command goes on where it was.'],
  })
}

export function disposalCertificate(cli: Cli): Command {
  const command = new Command('certificate')
    .summary('Print the certificate of a disposal')
    .description('Prints the signed note that says what was removed, by whom and by which rule, and which backups still have it.')
    .argument('<id>', 'number of the disposal', idText)
    .requiredOption(...identityOption)
    .action(async (id: string, options: { identity: string }) => {
      const found = await cli.withOffice(async (client) =>
        client.retention.certificate({ id, identityId: await identityOf(client, options.identity) }),
      )
      if (found === null) throw new ProblemError('not_found', { what: 'certificate', id })
      cli.out.answer(found, () => {
        cli.out.line(found.certificate.trimEnd())
        cli.out.line('')
        cli.out.line(`Key: ${found.key}`)
      })
    })
  return describe(command, {
    prints: Certificate,
    examples: ['dispatch disposal certificate 4 --identity 1'],
    notes: ['docs/formats.md says how somebody else checks it.'],
  })
}
