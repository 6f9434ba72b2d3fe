import { mkdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { dataDir } from '../ports/paths.ts'
import { fromSource, programRoot } from '../threads.ts'

/**
 * Entry of `dispatch`: `node src-main/hosts/launch/boot.cjs src-main/hosts/cli/main.ts COMMAND ...`. The sources run as they
 * are; where the program was built from just these sources, that one runs instead, which starts in half the time.
 */

// Before anything else is loaded: later starts need not compile again.
keepCompiled()
if (fromSource && (await isBuilt())) await import(pathToFileURL(join(programRoot, 'out', 'main', 'cli.js')).href)
else {
  const { runProcess } = await import('./process.ts')
  await runProcess()
}

async function isBuilt(): Promise<boolean> {
  const { isFresh } = await import('../launch/build.ts')
  return await isFresh(programRoot)
}

/**
 * Keeps compiled code in a folder of this person's own: whoever can write there decides what runs, so not in the system's
 * folder for temporary files. The store's threads find it by the variable.
 */
function keepCompiled(): void {
  if (process.env['NODE_COMPILE_CACHE'] || !nodeModule.enableCompileCache) return
  const folder = join(dataDir(), 'cache')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    // A home that cannot be written to: it only starts more slowly. Commands that must write say so themselves.
    return
  }
  nodeModule.enableCompileCache(folder)
  process.env['NODE_COMPILE_CACHE'] = folder
}
