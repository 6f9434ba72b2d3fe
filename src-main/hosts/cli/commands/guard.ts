import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import type { Guard } from '#shared/guard/guard.ts'
import {
  GuardFinding,
  GuardKind,
  GuardRange,
  GuardSeverity,
  GuardState,
  type GuardVariant,
  plainContext,
  plainVariant,
} from '#shared/guard/model.ts'
import { Network, ProblemError, Voice } from '#shared/model/index.ts'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { exit } from '../errors.ts'
import { oneLine } from '../text.ts'
import { collected, oneOf } from '../values.ts'

interface Options {
  voice: Voice
  language?: string
  accountLanguage?: string[]
  network?: Network
  kind: GuardKind
  state?: GuardState
  partisan?: string[]
  own?: string[]
  packs?: string
  in: string
}

const FindingShape = GuardFinding.omit({ variant: true, why: true, todo: true }).extend({
  ranges: z.array(GuardRange.extend({ words: z.string() })),
  why: z.string(),
  todo: z.string(),
})
export const GuardShape = z.object({
  worst: GuardSeverity.nullable(),
  findings: z.array(FindingShape),
  refused: z.array(z.object({ source: z.string(), place: z.string(), detail: z.string() })),
})

function languageTag(text: string): string {
  if (!/^[a-z]{2,3}$/.test(text)) throw new InvalidArgumentError('It must be a language such as en.')
  return text
}

function languageTags(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), languageTag(text)]
}

const marks: Record<GuardSeverity, string> = { stop: 'STOP', reason: 'REASON', note: 'NOTE' }

export function guardCheck(cli: Cli): Command {
  const command = new Command('check')
    .summary('Check a text before it leaves')
    .description('Tells what in a text should not leave, or not without a reason: which words, why, and what to do.')
    .argument('<text>', 'the text, or - to read it from standard input')
    .option('--voice <voice>', `who speaks: ${Voice.options.join(', ')}`, oneOf(Voice.options), 'institutional' as const)
    .option('--kind <kind>', `what it is: ${GuardKind.options.join(', ')}`, oneOf(GuardKind.options), 'post' as const)
    .option('--language <language>', 'language of the text (default: told by its words)', languageTag)
    .option('--account-language <language>', 'a language that the account writes in; can be repeated', languageTags)
    .option('--network <network>', `network of the account: ${Network.options.join(', ')}`, oneOf(Network.options))
    .option('--state <state>', `where parliament stands: ${GuardState.options.join(', ')}`, oneOf(GuardState.options))
    .option('--partisan <name>', 'a name or handle of one side; can be repeated', collected)
    .option('--own <contact>', 'a number, address or domain of the office itself; can be repeated', collected)
    .option('--packs <dir>', "folder of further packs (default: guard in the office's folder)")
    .option('--in <language>', 'language of the answer', languageTag, 'en')
    .action(async (given: string, options: Options) => {
      const text = given === '-' ? await readAll(process.stdin) : given
      // Loaded when it is needed: the packs take as long as the rest of the program.
      const { loadGuard } = await import('#voices/guard/packs.ts')
      const { guard, refused } = await loadGuard(
        options.packs === undefined ? join(cli.office, 'guard') : cli.path(options.packs),
      )
      const report = guard.check({
        voice: options.voice,
        variants: [variantOf(text, options)],
        context: {
          ...plainContext(new Date().toISOString()),
          partisan: options.partisan ?? [],
          ownContacts: options.own ?? [],
          state: options.state ?? null,
        },
        packs: null,
      })
      for (const { source, place, detail } of refused)
        cli.out.note(
          new ProblemError('pack_invalid', { path: source, detail: place === '' ? detail : `${place}: ${detail}` }).message,
        )
      const findings = report.findings.map((finding) => shape(guard, text, finding, options.in))
      cli.out.answer({ worst: report.worst, findings, refused }, () => {
        if (findings.length === 0) cli.out.line('Nothing was found.')
        for (const { severity, pack, rule, why, todo } of findings) {
          cli.out.line(`${cli.out.bold(marks[severity])}  ${oneLine(why)}  ${cli.out.dim(`${pack}/${rule}`)}`)
          cli.out.line(`  ${oneLine(todo)}`)
        }
      })
      if (report.worst === 'stop' || report.worst === 'reason') cli.ended(exit.problem)
    })
  return describe(command, {
    prints: GuardShape,
    examples: [
      'dispatch guard check "Vote for change on Thursday."',
      'dispatch guard check --voice mandate --kind reply --language fr - < answer.txt',
    ],
    notes: [
      'Needs no office and asks no server. Ends with 1 when something must not leave, or not without a reason; with 0 when there are only notes. docs/guard.md says what it can and cannot do, and how to write a pack.',
    ],
  })
}

function variantOf(text: string, { kind, language, accountLanguage, network }: Options): GuardVariant {
  return plainVariant(text, { kind, language: language ?? null, languages: accountLanguage ?? [], network: network ?? null })
}

function shape(guard: Guard, text: string, finding: GuardFinding, language: string): z.infer<typeof FindingShape> {
  const { rule, pack, severity, ranges, why, todo } = finding
  return {
    rule,
    pack,
    severity,
    ranges: ranges.map((range) => ({ ...range, words: text.slice(range.from, range.to) })),
    why: guard.sentenceOf(why, language),
    todo: guard.sentenceOf(todo, language),
  }
}
