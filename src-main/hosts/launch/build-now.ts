import { join } from 'node:path'
import { build } from './build.ts'

/** `npm run build`. */
build(join(import.meta.dirname, '..', '..', '..')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
