import { runInNode } from './node.ts'
import { startPage } from './page.ts'

/**
 * Entry of `verify.js`, one file for both: `node verify.js DIR`, and a script in a page. Node's modules are loaded only where
 * there is Node, so that neither kind of module is needed.
 */
if (typeof document === 'undefined') {
  Promise.all([import('node:fs'), import('node:crypto')])
    .then(([fs, crypto]) => runInNode(process, { fs, crypto }))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    })
} else startPage(document)
