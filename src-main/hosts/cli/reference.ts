import type { Argument, Command, Option } from 'commander'
import { z } from 'zod'
import { described } from './describe.ts'

/** The reference of every command as Markdown (`docs/cli.md`), from the program itself. A test keeps the file in step. */
export function reference(program: Command): string {
  const commands = leaves(program, [program.name()])
  const contents = commands.map(({ path }) => `- [\`${path.join(' ')}\`](#${anchor(path)})`)
  const sections = commands.map(({ path, command }) => section(path, command))
  return `${[INTRODUCTION, ...optionTable('Options of every command', program.options), '## Commands', contents.join('\n'), ...sections].join('\n\n')}\n`
}

const INTRODUCTION = `# The command line

\`dispatch\` does at the command line what the window does: it adds identities and accounts, brings messages in, lists, reads,
triages, searches, imports, backs up and checks. After \`npm ci\`, in the folder of the program:

\`\`\`
npm run -s dispatch -- COMMAND [--office DIR] [--json]
\`\`\`

Below, \`dispatch\` stands for \`npm run -s dispatch --\`. Relative paths start from the folder in which you type.

While a window or another command has the office open, commands talk to it and show up there at once; otherwise they open the
office themselves. At the command line accounts are synced by \`dispatch sync\` only.

## Output

People get text, fitted to the terminal. With \`--json\`, scripts get exactly one JSON value on stdout: ids are strings, times are
ISO 8601 in UTC. Fields may be added by later versions, never renamed. When something goes wrong, stderr has one line
\`{"error":{"code","message"}}\`; the codes are explained in [errors.md](errors.md).

| exit code | meaning |
|---|---|
| 0 | it is done |
| 1 | a problem: the message says what happened, what was kept and what to do |
| 2 | the command was not understood; nothing was done |
| 130 | ended by Ctrl+C; what had been saved is kept |

## Environment

| variable | meaning |
|---|---|
| \`DISPATCH_PASSPHRASE\` | seals the key and the passwords of an office by a passphrase, and opens them again |
| \`DISPATCH_SECRETS=file\` | never asks the keychain; key and passwords are kept in a file that only you can read |
| \`DISPATCH_DATA\` | folder for logs, secrets and the default office |
| \`DISPATCH_LOG=debug\` | writes more to the log |
| \`NO_COLOR\` | no bold and dim text |`

interface Leaf {
  path: string[]
  command: Command
}

function leaves(command: Command, path: string[]): Leaf[] {
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((inner) => leaves(inner, [...path, inner.name()]))
}

const anchor = (path: readonly string[]) => path.join('-')

function section(path: readonly string[], command: Command): string {
  const about = described(command)
  const parts = [`### ${path.join(' ')}`, command.description(), `\`\`\`\n${usage(path, command)}\n\`\`\``]
  if (command.registeredArguments.length > 0) parts.push(argumentTable(command.registeredArguments))
  parts.push(...optionTable(null, command.options))
  parts.push(...(about?.notes ?? []))
  if (about?.prints) parts.push(`JSON: ${shape(about.prints)}.`)
  if (about) parts.push(`\`\`\`\n${about.examples.join('\n')}\n\`\`\``)
  return parts.join('\n\n')
}

function usage(path: readonly string[], command: Command): string {
  const args = command.registeredArguments.map((argument) => `${argument.name().toUpperCase()}${argument.variadic ? ' ...' : ''}`)
  const needed = command.options.filter((option) => option.mandatory).map((option) => option.flags)
  const optional = command.options.filter((option) => !option.mandatory).map((option) => `[${option.flags}]`)
  return [...path, ...args, ...needed, ...optional].join(' ')
}

const cell = (text: string) => text.replaceAll('|', '\\|')

function argumentTable(args: readonly Argument[]): string {
  const rows = args.map((argument) => `| ${argument.name().toUpperCase()} | ${cell(argument.description)} |`)
  return ['| argument | |', '|---|---|', ...rows].join('\n')
}

function optionTable(title: string | null, options: readonly Option[]): string[] {
  if (options.length === 0) return []
  const rows = options.map((option) => {
    const first: unknown = option.defaultValue
    const preset = first === undefined ? '' : ` (default: ${String(first)})`
    return `| \`${option.flags}\`${option.mandatory ? ', required' : ''} | ${cell(option.description + preset)} |`
  })
  const table = ['| option | |', '|---|---|', ...rows].join('\n')
  return title === null ? [table] : [`## ${title}`, table]
}

/** A JSON shape in words: the fields of an object, or of the objects in a list. */
function shape(type: z.ZodType): string {
  if (type instanceof z.ZodArray) return `a list of ${fields(type.element)}`
  return fields(type)
}

function fields(type: unknown): string {
  if (type instanceof z.ZodObject) return `\`{ ${Object.keys(type.shape).join(', ')} }\``
  return 'a value'
}
