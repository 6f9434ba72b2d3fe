import { Command } from 'commander'
import { ArchiveNetwork } from '#shared/model/index.ts'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { oneOf } from '../values.ts'

interface Options {
  identity: string
  network: ArchiveNetwork
  handle?: string
  server?: string
  label?: string
}

export function accountAddArchive(cli: Cli): Command {
  const command = new Command('archive')
    .summary('Add an account for exports of a network')
    .description('Adds an account for what is imported from the exports of a network. Nobody signs in.')
    .requiredOption('--identity <id>', 'identity that the account belongs to, by id or name')
    .requiredOption('--network <network>', `one of ${ArchiveNetwork.options.join(', ')}`, oneOf(ArchiveNetwork.options))
    .option('--handle <name>', 'whose account it is (default: the first export says it)')
    .option('--server <host>', 'server that the account is on, for networks of many')
    .option('--label <text>', 'what to call it (default: the handle, or the network)')
    .action(async ({ identity, network, handle, server, label }: Options) => {
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, identity).id
        const input = { identityId, network, label: label ?? null, handle: handle ?? null, server: server ?? null }
        return accountShape(await client.accounts.addArchive(input), names)
      })
      tellAccount(cli, account, 'Added')
      cli.out.note(`Bring an export in with: dispatch import ${account.network} FILE --account ${account.id}`)
    })
  return describe(command, {
    prints: AccountShape,
    examples: ['dispatch account add archive --identity "Press office" --network x --handle HouseOfExamplia'],
  })
}
