import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

/** Builds the stand-alone verifier: `verify.js`, one file that needs nothing, and `verify.html`, which holds the same script. */

const banner = `/*
 * Verifier of evidence packs. Needs Node 18 or later, or a browser, and nothing else:
 *   node verify.js FOLDER [--json] [--key KEY]
 * Licence: EUPL-1.2.
 */`

const sourceHash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

/** The page around the script: everything in one file, allowed by its hash and nothing else. */
const page: Plugin = {
  name: 'verifier-page',
  generateBundle(_, bundle) {
    const script = bundle['verify.js']
    if (script?.type !== 'chunk') throw new Error('There is no verify.js to put into the page.')
    const template = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8')
    // What would end the script early.
    const code = script.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
    const style = /<style>([\s\S]*?)<\/style>/.exec(template)?.[1] ?? ''
    const values: Record<string, string> = {
      '%script-hash%': sourceHash(code),
      '%style-hash%': sourceHash(style),
      '<script src="verify.js"></script>': `<script>${code}</script>`,
    }
    const source = template.replace(
      /%script-hash%|%style-hash%|<script src="verify\.js"><\/script>/g,
      (found) => values[found] ?? '',
    )
    this.emitFile({ type: 'asset', fileName: 'verify.html', source })
  },
}

export default defineConfig({
  logLevel: 'warn',
  plugins: [page],
  publicDir: false,
  build: {
    // Node 18, and browsers of its age.
    target: ['node18', 'chrome108', 'firefox108', 'safari16'],
    // Whoever doubts it can read it.
    minify: false,
    emptyOutDir: true,
    reportCompressedSize: false,
    lib: {
      entry: join(import.meta.dirname, '../standalone.ts'),
      formats: ['iife'],
      name: 'verifier',
      fileName: () => 'verify.js',
    },
    rolldownOptions: { external: [/^node:/], output: { banner } },
  },
})
