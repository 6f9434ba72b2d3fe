import { dirname } from 'node:path'
import { ensureBuilt } from '#hosts/launch/build.ts'
import { repo, SHARED_SAMPLE } from './places.ts'
import { makeSample } from './sample.ts'

/**
 * Before the first spec: builds the program from the sources as they are, and makes the office of the sample parliament that the
 * workers copy for each test. @returns what takes the office away after the last one.
 */
export default async function prepare(): Promise<() => Promise<void>> {
  await ensureBuilt(repo, (line) => process.stderr.write(`${line}\n`))
  const sample = await makeSample()
  process.env[SHARED_SAMPLE] = dirname(sample.office)
  return () => sample.remove()
}
