import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { repo } from './exec.ts'

/** Vitest reporter: one line when a file begins and one when it ends. What was found is in the JSON report. */
export default class Progress implements Reporter {
  onTestModuleStart(module: TestModule): void {
    tell('begin', module)
  }
  onTestModuleEnd(module: TestModule): void {
    tell(module.ok() ? 'pass' : 'fail', module)
  }
}

function tell(event: Event, module: TestModule): void {
  process.stdout.write(`${event} ${relative(repo, module.moduleId)}\n`)
}

type Event = 'begin' | 'pass' | 'fail'

/** Reads what the reporter tells: shows a dot or an F for each file, and knows which are under way. */
export class Follower {
  readonly underWay = new Set<string>()
  private rest = ''
  private readonly show: (mark: string) => void

  constructor(show: (mark: string) => void) {
    this.show = show
  }

  take(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, event, file = ''] = /^(begin|pass|fail) (test\/\S+)$/.exec(line) ?? []
      if (event === undefined) continue
      if (event === 'begin') this.underWay.add(file)
      else {
        this.underWay.delete(file)
        this.show(event === 'pass' ? '.' : 'F')
      }
    }
  }
}
