import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromSource } from '../threads.ts'

/**
 * The stand-alone verifier, as it goes into every evidence pack: names at the top of the bag, and their bytes. Where the
 * program runs from its sources, it is built when it must be.
 * @param root The folder of the program.
 */
export async function verifierFiles(root: string): Promise<{ 'verify.js': Uint8Array; 'verify.html': Uint8Array }> {
  if (fromSource) {
    const { ensureVerifier } = await import('../launch/build.ts')
    await ensureVerifier(root)
  }
  const read = (name: string) => readFile(join(root, 'out', 'verifier', name))
  const [script, page] = await Promise.all([read('verify.js'), read('verify.html')])
  return { 'verify.js': script, 'verify.html': page }
}
