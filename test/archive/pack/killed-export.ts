import { exportPack } from '#archive/pack/export.ts'
import { Redactions } from '#archive/pack/redact/file.ts'
import { type SampleOptions, SampleSource } from './sample.ts'

/** An export in a process of its own, for somebody who kills it: `killed-export.ts DIR OPTIONS`. */
const [dir = '', options = ''] = process.argv.slice(2)
const source = new SampleSource(JSON.parse(options) as SampleOptions)
process.stdout.write('begins\n')
await exportPack({
  source,
  dir,
  redactions: new Redactions([]),
  verifier: { script: Buffer.from('// verifies\n'), page: Buffer.from('<!doctype html><title>verifies</title>\n') },
  filesThread: new URL('../../../src-main/archive/pack/small-files-thread.ts', import.meta.url),
})
