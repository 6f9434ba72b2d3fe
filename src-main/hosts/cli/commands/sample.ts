import { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { followJob, howFar, number } from '../jobs.ts'
import { ImportShape } from '../shapes.ts'

export function sample(cli: Cli): Command {
  const command = new Command('sample')
    .summary('Fill an empty office with the sample')
    .description(
      'Fills an office that has no account with the sample parliament, to try things out. Makes the office when there is none.',
    )
    .action(async () => {
      const result = await cli.withOffice(
        async (client) => {
          const job = await followJob(cli, client, () => client.office.sample(), {
            progress: ({ progress }) => `Sample: ${howFar(progress)}`,
            cancelled: 'Cancelled. What was brought in is kept. For a complete sample, begin with an empty folder.',
          })
          return job.result ?? { new: 0, known: 0, failed: 0, remarks: [] }
        },
        { create: true, endsItself: true },
      )
      cli.out.answer(result, () => cli.out.line(`The sample is in the office: ${number(result.new)} messages.`))
    })
  return describe(command, { prints: ImportShape, examples: ['dispatch sample --office /tmp/sample'] })
}
