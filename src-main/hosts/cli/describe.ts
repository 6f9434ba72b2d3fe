import type { Command } from 'commander'
import type { z } from 'zod'

/** What the reference says of a command beyond its options. */
export interface Described {
  /** What `--json` prints; null when it prints no JSON. */
  prints: z.ZodType | null
  /** Complete command lines, without `npm run -s`. */
  examples: string[]
  /** Further paragraphs. */
  notes?: string[]
}

const known = new WeakMap<Command, Described>()

/** Attaches to a command what the help and the reference say beyond its options. */
export function describe(command: Command, described: Described): Command {
  known.set(command, described)
  const { notes = [], examples } = described
  const text = [...notes, `Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`]
  return command.addHelpText('after', `\n${text.join('\n\n')}`)
}

export function described(command: Command): Described | undefined {
  return known.get(command)
}
