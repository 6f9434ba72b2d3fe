import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { ProcessCli } from '#hosts/cli/cli.ts'
import { described } from '#hosts/cli/describe.ts'
import { Output } from '#hosts/cli/output.ts'
import { createProgram } from '#hosts/cli/program.ts'
import { reference } from '#hosts/cli/reference.ts'

const nowhere = { write: () => true }
const out = new Output(nowhere, nowhere, {})
const program = createProgram(new ProcessCli({ out, env: {}, cwd: '/', signal: new AbortController().signal }))

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap((inner) => leaves(inner))

describe('the reference', () => {
  it('in docs/cli.md says what the program knows (npx vitest run test/cli/reference.test.ts -u writes it)', async () => {
    await expect(reference(program)).toMatchFileSnapshot('../../docs/cli.md')
  })

  it('says of every command and option what it is for', () => {
    for (const command of leaves(program)) {
      expect(command.description(), command.name()).toMatch(/\.$/)
      expect(described(command)?.examples.length, command.name()).toBeGreaterThan(0)
      for (const option of command.options) expect(option.description, option.flags).not.toBe('')
      for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe('')
    }
  })
})
