import { Command } from 'commander'
import { z } from 'zod'
import { DraftId } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { DraftShape, draftShape } from '../draft-shape.ts'
import { findIdentity } from '../names.ts'
import { localTime } from '../time.ts'
import { idText } from '../values.ts'

export function draftList(cli: Cli): Command {
  const command = new Command('list')
    .description('Shows the texts that were begun, the one saved last first.')
    .option('--identity <id>', 'only of this identity, by id or name')
    .action(async ({ identity }: { identity?: string }) => {
      const drafts = await cli.withOffice(async (client) => {
        const identityId = identity === undefined ? null : findIdentity(await client.identities.list(), identity).id
        return (await client.drafts.list({ identityId })).map(draftShape)
      })
      cli.out.answer(drafts, () =>
        cli.out.table(
          [
            { title: 'ID', value: (draft) => draft.id, right: true },
            { title: 'SAVED', value: (draft) => localTime(draft.savedAt) },
            { title: 'ACCOUNT', value: (draft) => draft.account, right: true },
            { title: 'KIND', value: (draft) => draft.kind },
            { title: 'TO', value: (draft) => draft.to },
            { title: 'TEXT', value: (draft) => draft.subject || draft.text, least: 16 },
          ],
          drafts,
          'There are no drafts.',
        ),
      )
    })
  return describe(command, { prints: z.array(DraftShape), examples: ['dispatch draft list --json'] })
}

export function draftShow(cli: Cli): Command {
  const command = new Command('show')
    .description('Shows a text that was begun.')
    .argument('<draft>', 'id of the draft', idText)
    .action(async (id: string) => {
      const draft = await cli.withOffice(async (client) => draftShape(await client.drafts.get({ id: DraftId.parse(id) })))
      cli.out.answer(draft, () => {
        if (draft.to !== '') cli.out.line(`To: ${draft.to}`)
        if (draft.subject !== '') cli.out.line(`Subject: ${draft.subject}`)
        cli.out.line(draft.text)
      })
    })
  return describe(command, { prints: DraftShape, examples: ['dispatch draft show 3'] })
}

export function draftDiscard(cli: Cli): Command {
  const command = new Command('discard')
    .description('Throws a text away that was begun. It is gone.')
    .argument('<draft>', 'id of the draft', idText)
    .requiredOption('--identity <id>', 'identity that it belongs to, by id or name')
    .action(async (id: string, { identity }: { identity: string }) => {
      const draft = await cli.withOffice(async (client) => {
        const identityId = findIdentity(await client.identities.list(), identity).id
        return draftShape(await client.drafts.discard({ id: DraftId.parse(id), identityId }))
      })
      cli.out.answer(draft, () => cli.out.line(`Draft ${draft.id} is thrown away.`))
    })
  return describe(command, { prints: DraftShape, examples: ['dispatch draft discard 3 --identity 1'] })
}
