import { text as readAll } from 'node:stream/consumers'
import { Command } from 'commander'
import type { Client } from '#shared/contract/client.ts'
import {
  type Account,
  type Message,
  MessageId,
  OutboxId,
  type OutboxItem,
  type OutgoingContent,
  OutgoingKind,
  type Party,
  RemoteAct,
  Visibility,
} from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { findAccount, readNames } from '../names.ts'
import { answerItem, attachAll, ItemShape, itemShape, parties } from '../outbox-text.ts'
import { doer } from '../people.ts'
import { collected, idText, moment, oneOf } from '../values.ts'

interface Words {
  subject?: string
  warning?: string
  language?: string
  media?: string[]
  alt?: string[]
}
interface Way {
  at?: string
  later?: true
  by?: string
}
interface SendOptions extends Words, Way {
  account: string
  reply?: string
  quote?: string
  after?: string
  kind?: OutgoingKind
  to?: Party[]
  cc?: Party[]
  bcc?: Party[]
  visibility?: Visibility
  leave: OutboxItem['leaves']
}

const given = async (text: string): Promise<string> => (text === '-' ? (await readAll(process.stdin)).trimEnd() : text)

const words = (command: Command): Command =>
  command
    .option('--warning <text>', 'what a reader is warned of before the text is shown')
    .option('--language <tag>', 'language of the text, such as fr')
    .option('--media <file>', 'a file to send with it; can be repeated', collected)
    .option('--alt <text>', 'what the file shows, in the order of the files; can be repeated', collected)

const way = (command: Command): Command =>
  command
    .option('--at <time>', 'not before: 2026-02-01T14:30, or from now: 2h, 3d', (text: string) => moment(text, new Date()) ?? '')
    .option('--later', 'only put it into the outbox; it can be taken back for 10 seconds and more')
    .option('--by <name>', 'who sends it (default: the name you are signed in with)')

type Queue = Parameters<Client['outbox']['queue']>[0]

/** Puts an item into the outbox and, unless it is for later, sends what is due. */
async function put(client: Client, account: Account, { at, later, by }: Way, item: Partial<Queue>, content: OutgoingContent) {
  const { id: accountId, identityId } = account
  const names = await readNames(client)
  const now = at === undefined && later === undefined
  const queued = await client.outbox.queue({
    ...item,
    identityId,
    accountId,
    content,
    by: doer(by),
    at: now ? new Date().toISOString() : at || null,
  })
  if (now) await client.outbox.run({ accountId })
  return itemShape(await client.outbox.get({ id: queued.id, identityId }), names)
}

/** The kind that fits an account, and what is answered. */
function kindOf({ network }: Account, target: Message | null): OutgoingKind {
  if (network === 'mail') return 'mail'
  const plain = OutgoingKind.safeParse(network)
  if (plain.success) return plain.data
  if (target === null) return 'post'
  if (target.kind === 'direct') return 'direct'
  return target.kind === 'article' || target.kind === 'comment' ? 'comment' : 'reply'
}

/** Whom an answer goes to where nobody was named: who wrote, or for an own message whom it was for. */
function answered(kind: OutgoingKind, target: Message | null): Party[] {
  if (target === null || (kind !== 'mail' && kind !== 'sms')) return []
  return target.direction === 'inbound' ? [target.from] : target.to
}

export function send(cli: Cli): Command {
  const command = way(words(new Command('send')))
    .summary('Send a message')
    .description('Sends a mail, post, reply, comment, direct message or text message from an account.')
    .argument('<text>', 'what it says, or - to read it from standard input')
    .requiredOption('--account <id>', 'account to send it from, by id, label or address')
    .option('--reply <message>', 'id of the message that it answers', idText)
    .option('--quote <message>', 'id of the message that it quotes', idText)
    .option('--after <item>', 'item of the outbox that it continues: a thread', idText)
    .option('--kind <kind>', `${OutgoingKind.options.join(', ')} (default: what fits)`, oneOf(OutgoingKind.options))
    .option('--to <address>', 'whom it is for; can be repeated', parties)
    .option('--cc <address>', 'who gets a copy; can be repeated', parties)
    .option('--bcc <address>', 'who gets a copy without the others knowing; can be repeated', parties)
    .option('--subject <text>', 'subject of a mail')
    .option('--visibility <who>', `who may see it: ${Visibility.options.join(', ')}`, oneOf(Visibility.options))
    .option('--leave <state>', 'state of the conversation afterwards: waiting, done', oneOf(['waiting', 'done']), 'waiting')
    .action(async (text: string, options: SendOptions) => {
      const said = await given(text)
      const item = await cli.withOffice(async (client) => {
        const account = findAccount(await client.accounts.list(), options.account)
        const target = options.reply === undefined ? null : await client.messages.get({ id: MessageId.parse(options.reply) })
        const kind = options.kind ?? kindOf(account, target)
        const files = (options.media ?? []).map((path) => cli.path(path))
        const content: OutgoingContent = {
          do: 'publish',
          kind,
          text: said,
          subject: options.subject ?? (kind === 'mail' && target ? replySubject(target.subject) : ''),
          warning: options.warning ?? '',
          language: options.language ?? null,
          media: await attachAll(client, account.identityId, files, options.alt ?? []),
          to: options.to ?? answered(kind, target),
          cc: options.cc ?? [],
          bcc: options.bcc ?? [],
          visibility: options.visibility ?? null,
        }
        const about = {
          target: target?.id ?? null,
          quote: options.quote === undefined ? null : MessageId.parse(options.quote),
          after: options.after === undefined ? null : OutboxId.parse(options.after),
          leaves: options.leave,
        }
        return await put(client, account, options, about, content)
      })
      answerItem(cli, item)
    })
  return describe(command, {
    prints: ItemShape,
    examples: [
      'dispatch send "The ferry is back." --account press@example.org --to ada@example.org --subject Ferry',
      'dispatch send --account @House@social.example --media quay.png --alt "The quay at dusk" "It sails again."',
      'dispatch send - --account 2 --reply 812 --leave done < answer.txt',
    ],
    notes: [
      'What is to be sent is stored before anything is done. When the outcome of a try is not known, the network is asked before it is sent again; where it cannot be asked, the item waits for `dispatch queue settle`.',
    ],
  })
}

const replySubject = (subject: string): string => (/^re:/i.test(subject) ? subject : `Re: ${subject}`)

/** The own account and the message that something is done to. */
async function find(client: Client, id: string): Promise<{ account: Account; target: Message }> {
  const target = await client.messages.get({ id: MessageId.parse(id) })
  return { account: findAccount(await client.accounts.list(), target.accountId), target }
}

export function edit(cli: Cli): Command {
  const command = way(words(new Command('edit')))
    .summary('Change an own message on its network')
    .description(
      'Puts another text (and other files) in the place of those of an own message on its network. The versions before are kept here.',
    )
    .argument('<message>', 'id of the message', idText)
    .argument('<text>', 'what it says now, or - to read it from standard input')
    .option('--subject <text>', 'subject, where the network has one')
    .action(async (id: string, text: string, options: Words & Way) => {
      const said = await given(text)
      const item = await cli.withOffice(async (client) => {
        const { account, target } = await find(client, id)
        const files = (options.media ?? []).map((path) => cli.path(path))
        const content: OutgoingContent = {
          do: 'edit',
          text: said,
          subject: options.subject ?? '',
          warning: options.warning ?? '',
          language: options.language ?? null,
          media: await attachAll(client, account.identityId, files, options.alt ?? []),
        }
        return await put(client, account, options, { target: target.id }, content)
      })
      answerItem(cli, item)
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch edit 812 "The ferry is back from Monday."'] })
}

export function deleteMessage(cli: Cli): Command {
  const command = way(new Command('delete'))
    .summary('Take an own message off its network')
    .description('Takes an own message off its network. The copy here stays.')
    .argument('<message>', 'id of the message', idText)
    .action(async (id: string, options: Way) => {
      const item = await cli.withOffice(async (client) => {
        const { account, target } = await find(client, id)
        return await put(client, account, options, { target: target.id }, { do: 'delete' })
      })
      answerItem(cli, item)
    })
  return describe(command, { prints: ItemShape, examples: ['dispatch delete 812'] })
}

interface ActOptions extends Way {
  account?: string
  handle?: string
  off?: true
  comment?: string
}

export function act(cli: Cli): Command {
  const command = way(new Command('act'))
    .summary('Like, boost, follow, mute, block, report')
    .description('Does something to a message or a person on their network, without writing.')
    .argument('<act>', RemoteAct.options.join(', '), oneOf(RemoteAct.options))
    .argument('[message]', 'id of the message that it is done to', idText)
    .option('--handle <handle>', 'whom it is done to, with --account')
    .option('--account <id>', 'account to do it from, by id, label or address')
    .option('--off', 'take it back')
    .option('--comment <text>', "for a report: what the network's moderators are told")
    .action(async (name: RemoteAct, id: string | undefined, options: ActOptions) => {
      if ((id === undefined) === (options.handle === undefined))
        throw new UsageError('Name a message, or a person with --handle.')
      if (id === undefined && options.account === undefined) throw new UsageError('Say with --account who does it.')
      const item = await cli.withOffice(async (client) => {
        const found = id === undefined ? null : await find(client, id)
        const account = found?.account ?? findAccount(await client.accounts.list(), options.account ?? '')
        const content: OutgoingContent = {
          do: 'act',
          act: name,
          on: options.off === undefined,
          handle: options.handle ?? null,
          comment: options.comment ?? '',
        }
        return await put(client, account, options, { target: found?.target.id ?? null }, content)
      })
      answerItem(cli, item)
    })
  return describe(command, {
    prints: ItemShape,
    examples: ['dispatch act like 812', 'dispatch act follow --handle @ada@social.example --account 3'],
  })
}
