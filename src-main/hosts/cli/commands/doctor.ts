import { Command } from 'commander'
import { z } from 'zod'
import type { Cli } from '../cli.ts'
import { describe } from '../describe.ts'
import { FindingShape } from '../shapes.ts'

export function doctor(cli: Cli): Command {
  const command = new Command('doctor')
    .summary('Check the office')
    .description(
      'Checks the office from end to end: database, search, counts, record files, key, lock, disk, accounts. Changes nothing.',
    )
    .action(async () => {
      const findings = await cli.withOffice(async (client) => {
        cli.out.progress('Checking …')
        return await client.office.doctor()
      })
      cli.out.answer(findings, () => {
        cli.out.table(
          [
            { title: 'CHECK', value: (row) => row.check.replace('_', ' ') },
            { title: 'RESULT', value: (row) => (row.ok ? 'in order' : 'PROBLEM') },
            { title: 'DETAIL', value: (row) => row.detail },
          ],
          findings,
          'Nothing was checked.',
        )
      })
      const wrong = findings.filter((finding) => !finding.ok)
      if (wrong.length === 0) return
      const damaged = wrong.some((finding) => finding.check === 'integrity')
      const detail = `Not in order: ${wrong.map(({ check, detail }) => `${check.replace('_', ' ')} (${detail})`).join('; ')}.`
      cli.fail({ code: damaged ? 'office_corrupt' : 'conflict', message: detail })
    })
  return describe(command, {
    prints: z.array(FindingShape),
    examples: ['dispatch doctor'],
    notes: ['The exit code is 1 when something is not in order.'],
  })
}
