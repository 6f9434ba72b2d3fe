import { expect } from '@playwright/test'
import { connectControl } from '#hosts/control.ts'
import { startServer } from './hosts.ts'
import { makePlaces, type Places } from './places.ts'

/** An office filled with the sample parliament, closed. Made by the program itself, on the server host. */
export async function makeSample(): Promise<Places> {
  const places = await makePlaces()
  const server = await startServer(places, { sample: true })
  const control = await connectControl(places.office)
  if (!control) throw new Error('The server does not answer at its control socket.')
  await expect
    .poll(async () => (await control.client.jobs.list()).find((job) => job.kind === 'sample')?.phase, { timeout: 150_000 })
    .toBe('done')
  // As on any day but the first. Else each program that opens a copy signs at some moment after its start, in the middle of a test.
  for (const { id } of await control.client.identities.list()) await control.client.archive.checkpoint({ identityId: id })
  control.close()
  await server.stop()
  return places
}
