import { Command } from 'commander'
import { tellAccount } from '../account-text.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { findIdentity, readNames } from '../names.ts'
import { AccountShape, accountShape } from '../shapes.ts'
import { passwordFrom } from '../values.ts'

interface Options {
  identity: string
  site: string
  user: string
  passwordEnv: string
  label?: string
}

export function accountAddBlog(cli: Cli): Command {
  const command = new Command('blog')
    .summary('Add a blog')
    .description('Adds a WordPress site: its articles and the comments under them. Any page of the site will do.')
    .requiredOption('--identity <id>', 'identity that the blog belongs to, by id or name')
    .requiredOption('--site <url>', 'address of the site, or of any of its pages')
    .requiredOption('--user <user>', 'user name on the site')
    .requiredOption('--password-env <variable>', 'environment variable that holds an application password of that user')
    .option('--label <text>', "what to call it (default: the site's own title)")
    .action(async (options: Options) => {
      const { site, user, label = null } = options
      const password = passwordFrom(cli.env, options.passwordEnv)
      const account = await cli.withOffice(async (client) => {
        const names = await readNames(client)
        const identityId = findIdentity(names.identities, options.identity).id
        cli.out.progress(`Looking at ${site} …`)
        const login = { kind: 'blog' as const, site, user, password }
        return accountShape(await client.accounts.add({ identityId, label, login }), names)
      })
      tellAccount(cli, account, 'Added')
    })
  return describe(command, {
    prints: AccountShape,
    examples: [
      'dispatch account add blog --identity 1 --site https://blog.example.org --user press --password-env BLOG_PASSWORD',
    ],
    notes: [
      'An application password is made on the site, under Users, Profile. It goes to the place where the office keeps its secrets.',
    ],
  })
}
