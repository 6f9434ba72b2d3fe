import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Client } from '#shared/contract/client.ts'
import {
  Calendar,
  CalendarPeriod,
  CalendarState,
  type CalendarWord,
  CheckList,
  CheckName,
  Freeze,
  type IdentityId,
  type Instant,
  ParliamentState,
} from '#shared/model/index.ts'
import { dayStart, nextDay } from '#shared/time/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { UsageError } from '../errors.ts'
import { number } from '../jobs.ts'
import { findIdentity, readNames } from '../names.ts'
import { doer, reasonText } from '../people.ts'
import { localTime } from '../time.ts'
import { idText, oneOf } from '../values.ts'

const identityOption = ['--identity <id>', 'identity, by id or name'] as const
const byOption = ['--by <name>', 'who does it (default: the name you are signed in with)'] as const

interface Who {
  identity: string
  by?: string
}

/** Runs something with the identity that is named. */
function withIdentity<Result>(
  cli: Cli,
  identity: string,
  work: (client: Client, identityId: IdentityId) => Promise<Result>,
): Promise<Result> {
  return cli.withOffice(async (client) => work(client, findIdentity((await readNames(client)).identities, identity).id))
}

/** A day as a person writes it, or a moment in UTC. */
function dayOrMoment(text: string): string {
  const moment = Date.parse(text)
  if (dayStart('UTC', text) !== null) return text
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(Z|[+-][0-9]{2}:[0-9]{2})$/.test(text) || Number.isNaN(moment))
    throw new InvalidArgumentError('It must be a day such as 2026-03-01, or a time such as 2026-03-01T09:00Z.')
  return new Date(moment).toISOString()
}

/** The moment of a day in a zone: its beginning, or its end. */
function momentOf(text: string, zone: string, edge: 'start' | 'end'): Instant {
  if (text.includes('T')) return text
  return dayStart(zone, edge === 'end' ? nextDay(text) : text) ?? text
}

const until = (instant: Instant | null): string => (instant === null ? 'until further notice' : `until ${localTime(instant)}`)

const ShowShape = z.object({ now: CalendarState, ...Calendar.shape })

export function calendarShow(cli: Cli): Command {
  const command = new Command('show')
    .description('Shows the state of an identity’s parliament now, what it freezes, what comes next, and all periods.')
    .requiredOption(...identityOption)
    .action(async ({ identity }: Who) => {
      const { now, ...calendar } = await withIdentity(cli, identity, async (client, identityId) => ({
        ...(await client.voices.calendar({ identityId })),
        now: await client.voices.state({ identityId }),
      }))
      cli.out.answer({ now, ...calendar }, () => {
        cli.out.line(`It is ${now.state} ${until(now.until)}. Frozen now: ${now.frozen.join(', ') || 'nothing'}.`)
        if (now.next) cli.out.line(`Next: ${now.next.state} from ${localTime(now.next.at)} (freezes: ${now.next.freezes}).`)
        cli.out.table(
          [
            { title: 'PERIOD', value: ({ id }) => id },
            { title: 'STATE', value: ({ state }) => state },
            { title: 'FROM', value: ({ from }) => localTime(from) },
            { title: 'UNTIL', value: (period) => (period.until === null ? 'open' : localTime(period.until)) },
            { title: 'TITLE', value: ({ title }) => title },
          ],
          calendar.periods,
          `There is no period: it is always ${calendar.outside}.`,
        )
      })
    })
  return describe(command, { prints: ShowShape, examples: ['dispatch calendar show --identity Member'] })
}

export function calendarAdd(cli: Cli): Command {
  const command = new Command('add')
    .summary('Enter a period')
    .description('Enters a period of the parliament by hand. Days begin and end in the time zone of the identity’s calendar.')
    .requiredOption(...identityOption)
    .requiredOption('--state <state>', `${ParliamentState.options.join(', ')}`, oneOf(ParliamentState.options))
    .requiredOption('--from <day>', 'first day, or a time in UTC', dayOrMoment)
    .option('--until <day>', 'last day, or the time at which it ends; left out, the end is not known', dayOrMoment)
    .option('--title <text>', 'what it is called', '')
    .option(...byOption)
    .action(async (options: Who & { state: ParliamentState; from: string; until?: string; title: string }) => {
      const made = await withIdentity(cli, options.identity, async (client, identityId) => {
        const { zone } = await client.voices.calendar({ identityId })
        return client.voices.addPeriod({
          identityId,
          by: doer(options.by),
          state: options.state,
          from: momentOf(options.from, zone, 'start'),
          until: options.until === undefined ? null : momentOf(options.until, zone, 'end'),
          title: options.title,
        })
      })
      cli.out.answer(made, () =>
        cli.out.line(`Period ${made.id}: ${made.state} from ${localTime(made.from)} ${until(made.until)}.`),
      )
    })
  return describe(command, {
    prints: CalendarPeriod,
    examples: [
      'dispatch calendar add --identity Member --state recess --from 2026-07-01 --until 2026-08-31',
      'dispatch calendar add --identity Member --state dissolved --from 2026-09-14',
    ],
    notes: [
      'Where periods overlap, dissolved counts before pre_election, that before new_term, and those before sitting and recess; of those alike, the one that began later.',
    ],
  })
}

export function calendarRemove(cli: Cli): Command {
  const command = new Command('remove')
    .description('Removes a period. That it was there, and who removed it, stays in the ledger.')
    .argument('<id>', 'number of the period', idText)
    .requiredOption(...identityOption)
    .option(...byOption)
    .action(async (id: string, { identity, by }: Who) => {
      await withIdentity(cli, identity, (client, identityId) => client.voices.removePeriod({ identityId, id, by: doer(by) }))
      cli.out.answer({ id }, () => cli.out.line(`Period ${id} is removed.`))
    })
  return describe(command, { prints: z.object({ id: z.string() }), examples: ['dispatch calendar remove 3 --identity Member'] })
}

const ImportShape = z.object({ added: z.number(), removed: z.number(), ignored: z.number() })

export function calendarImport(cli: Cli): Command {
  const command = new Command('import')
    .summary('Read an iCalendar file')
    .description(
      'Reads an iCalendar file (RFC 5545) from a path or an address. Its periods take the place of those that came from there before; where anything is wrong with it, nothing is changed.',
    )
    .argument('<from>', 'path of an .ics file, or its address (https, http, webcal)')
    .requiredOption(...identityOption)
    .option(...byOption)
    .action(async (from: string, { identity, by }: Who) => {
      const where = /^(https?|webcal):\/\//i.test(from) ? from : cli.path(from)
      const done = await withIdentity(cli, identity, (client, identityId) =>
        client.voices.importCalendar({ identityId, by: doer(by), from: where }),
      )
      cli.out.answer(done, () => {
        cli.out.line(`${number(done.added)} periods came in, ${number(done.removed)} of before went.`)
        cli.out.line(`${number(done.ignored)} events mean nothing by the words of the identity.`)
      })
    })
  return describe(command, {
    prints: ImportShape,
    examples: [
      'dispatch calendar import sittings.ics --identity Member',
      'dispatch calendar import https://parliament.example/calendar.ics --identity Member',
    ],
  })
}

interface PolicyOptions extends Who {
  state?: ParliamentState
  freeze?: Freeze
  outside?: ParliamentState
  zone?: string
  word?: CalendarWord[]
  defaultWords?: true
}

/** `TEXT=STATE`, or `TEXT=nothing`. */
function wordOf(text: string, before: CalendarWord[] | undefined): CalendarWord[] {
  const cut = text.lastIndexOf('=')
  const meaning = text
    .slice(cut + 1)
    .trim()
    .toLowerCase()
    .replaceAll('-', '_')
  const state = meaning === 'nothing' ? null : ParliamentState.safeParse(meaning).data
  if (cut < 1 || state === undefined)
    throw new InvalidArgumentError(
      `It must be a word and what it means: Recess=recess, with ${ParliamentState.options.join(', ')} or nothing.`,
    )
  return [...(before ?? []), { word: text.slice(0, cut).trim(), state }]
}

export function calendarPolicy(cli: Cli): Command {
  const command = new Command('policy')
    .summary('Show or set what a state freezes')
    .description(
      'Shows what each state freezes for an identity, the state outside all periods, the time zone and the table of words; with options, sets what they name.',
    )
    .requiredOption(...identityOption)
    .option('--state <state>', 'the state that --freeze is about', oneOf(ParliamentState.options))
    .option('--freeze <what>', `what that state freezes: ${Freeze.options.join(', ')}`, oneOf(Freeze.options))
    .option('--outside <state>', 'the state outside all periods', oneOf(ParliamentState.options))
    .option('--zone <name>', 'time zone in which days begin, such as Europe/Paris')
    .option('--word <text=state>', 'add a word of calendars and what it means (or nothing); can be repeated', wordOf)
    .option('--default-words', 'take the table of words that comes with the program')
    .option(...byOption)
    .action(async (options: PolicyOptions) => {
      const { state, freeze, outside, zone, word } = options
      if ((state === undefined) !== (freeze === undefined)) throw new UsageError('--state and --freeze go together.')
      const calendar = await withIdentity(cli, options.identity, async (client, identityId) => {
        const now = await client.voices.calendar({ identityId })
        const added = word?.map((one) => one.word) ?? []
        const words = options.defaultWords ? null : word && [...now.words.filter((one) => !added.includes(one.word)), ...word]
        if (freeze === undefined && outside === undefined && zone === undefined && words === undefined) return now
        const freezes = state && freeze ? { [state]: freeze } : undefined
        return client.voices.setCalendar({ identityId, by: doer(options.by), outside, zone, words, freezes })
      })
      cli.out.answer(calendar, () => {
        cli.out.line(`Outside all periods it is ${calendar.outside}. Days begin in ${calendar.zone}.`)
        const rows = ParliamentState.options.map((name) => ({
          name,
          freezes: calendar.freezes[name],
          words: calendar.words.filter((one) => one.state === name).map((one) => one.word),
        }))
        cli.out.table(
          [
            { title: 'STATE', value: ({ name }) => name },
            { title: 'FREEZES', value: ({ freezes }) => freezes },
            { title: 'WORDS', value: ({ words }) => words.join(', ') },
          ],
          rows,
          '',
        )
      })
    })
  return describe(command, {
    prints: Calendar,
    examples: [
      'dispatch calendar policy --identity Member',
      'dispatch calendar policy --identity Member --state pre_election --freeze answers',
      'dispatch calendar policy --identity Member --word "Grande vacance=recess" --zone Europe/Paris',
    ],
    notes: [
      '`all` freezes posts, answers, direct messages, edits and acts such as likes; `answers` lets answers and direct messages through; `notes` freezes nothing and says so in the window. Mail and SMS are never frozen, nor is what takes something back. A personal identity is never frozen.',
    ],
  })
}

interface CheckOptions extends Who {
  state?: ParliamentState
  done?: CheckName
  signOff?: CheckName
  undo?: CheckName
  reason: string
}

export function calendarCheck(cli: Cli): Command {
  const name = oneOf(CheckName.options)
  const command = new Command('check')
    .summary('Show or sign the check-list of a change')
    .description(
      'Shows what the change that led to the state now, and the next one, ask an office to look at; with options, says of an item that it was done or is left as it is, or takes that back.',
    )
    .requiredOption(...identityOption)
    .option(
      '--state <state>',
      'the state whose check-list it is (default: the first with that item)',
      oneOf(ParliamentState.options),
    )
    .option('--done <item>', 'it was done', name)
    .option('--sign-off <item>', 'it is left as it is, and you sign for that', name)
    .option('--undo <item>', 'takes back what was said of it', name)
    .option('--reason <text>', 'one line, kept with it', reasonText, '')
    .option(...byOption)
    .action(async (options: CheckOptions) => {
      const lists = await withIdentity(cli, options.identity, async (client, identityId) => {
        const now = await client.voices.checkLists({ identityId })
        return sign(client, now, { ...options, identityId })
      })
      cli.out.answer(lists, () =>
        cli.out.table(
          [
            { title: 'STATE', value: ({ list }) => list.state },
            { title: 'FROM', value: ({ list }) => localTime(list.at) },
            { title: 'ITEM', value: ({ item }) => item.name },
            { title: 'ABOUT', value: ({ item }) => (item.count === null ? '' : `${number(item.count)} in the outbox`) },
            { title: 'IS', value: ({ item }) => item.check?.outcome ?? 'open' },
            { title: 'BY', value: ({ item }) => item.check?.by ?? '' },
          ],
          lists.flatMap((list) => list.items.map((item) => ({ list, item }))),
          'No change asks for anything.',
        ),
      )
    })
  return describe(command, {
    prints: z.array(CheckList),
    examples: [
      'dispatch calendar check --identity Member',
      'dispatch calendar check --identity Member --done bios',
      'dispatch calendar check --identity Member --sign-off names --reason "The name says nothing of a mandate"',
    ],
  })
}

async function sign(
  client: Client,
  lists: CheckList[],
  options: CheckOptions & { identityId: IdentityId },
): Promise<CheckList[]> {
  const { identityId, done, signOff, undo, reason } = options
  const wanted = [done, signOff, undo].filter((one) => one !== undefined)
  const [name, ...more] = wanted
  if (more.length > 0) throw new UsageError('Give one of --done, --sign-off and --undo.')
  if (name === undefined) return lists
  const list = lists.find(({ state, items }) => (options.state ?? state) === state && items.some((item) => item.name === name))
  if (!list) throw new UsageError(`No check-list of now has ${name}.`)
  const item = { identityId, by: doer(options.by), state: list.state, at: list.at, name }
  if (undo !== undefined) return client.voices.uncheck(item)
  return client.voices.check({ ...item, outcome: done === undefined ? 'signed_off' : 'done', reason })
}
