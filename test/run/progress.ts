import type { Reporter, TestModule } from 'vitest/node'

/** Vitest reporter: a dot for each file that passed, an F for each that did not. The rest is in the JSON report. */
export default class Progress implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    process.stdout.write(module.ok() ? '.' : 'F')
  }
}
