import { ensureBuilt } from '#hosts/launch/build.ts'
import { repo } from './places.ts'

/** The specs run what is built from the sources as they are. */
export default async function prepare(): Promise<void> {
  await ensureBuilt(repo, (line) => process.stderr.write(`${line}\n`))
}
