import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConnectorFault } from '#connectors/fault.ts'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import { xConnector } from '#connectors/x/connector.ts'
import { zip } from '../../support/zip.ts'
import { bring, emptyOffice } from '../exports.ts'
import { files as mastodonFiles } from '../mastodon/archive.ts'
import { files as xFiles } from './archive.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dispatch-fuzz-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Changes of a few bytes: where, and to what. */
const harm = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 6,
})

function harmed(content: string | Uint8Array, changes: [number, number][]): Buffer {
  const bytes = Buffer.from(content)
  for (const [where, value] of changes) bytes[Math.floor(where * (bytes.length - 1))] = value
  return bytes
}

const networks = [
  {
    connector: xConnector,
    files: xFiles(),
    targets: ['data/tweets.js', 'data/direct-messages.js', 'data/deleted-tweets.js', 'data/account.js'],
  },
  { connector: mastodonConnector, files: mastodonFiles(), targets: ['outbox.json', 'actor.json'] },
]

it.each(networks)(
  '$connector.network: bytes changed at random in a file lose nothing and are never taken for a bug',
  async ({ connector, files, targets }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), harm, async (target, changes) => {
        const bytes = harmed(files[target] ?? '', changes)
        const content = { ...files, [target]: bytes }
        const path = join(dir, 'harmed.zip')
        await writeFile(path, zip(Object.entries(content).map(([name, content]) => ({ name, content }))))
        const office = emptyOffice()
        try {
          const report = await bring(office, connector, path)
          // What could not be read to its end is kept as it is.
          const told = report.remarks.some(({ kind, path }) => kind === 'file_unreadable' && path === target)
          if (told) expect([...office.kept.values()].some((kept) => bytes.equals(kept))).toBe(true)
          for (const { versions } of office.messages.values())
            for (const { raw, mediaType } of versions) expect(await connector.render(raw, mediaType)).toHaveProperty('text')
        } catch (error) {
          expect(error).toBeInstanceOf(ConnectorFault)
        }
      }),
      { numRuns: 120 },
    )
  },
)

it.each(networks)('$connector.network: any bytes at all can be rendered', async ({ connector }) => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      async (raw) => {
        for (const mediaType of [
          'application/json; export=x-direct',
          'application/json; export=x-note',
          'application/json; export=x-tweet',
          'application/activity+json',
        ])
          expect(typeof (await connector.render(raw, mediaType)).text).toBe('string')
      },
    ),
    { numRuns: 200 },
  )
})

it.each(networks)(
  '$connector.network: a zip that is changed at random is read, or refused with a reason',
  async ({ connector, files }) => {
    const whole = zip(Object.entries(files).map(([name, content]) => ({ name, content })))
    await fc.assert(
      fc.asyncProperty(harm, async (changes) => {
        const path = join(dir, 'archive.zip')
        await writeFile(path, harmed(whole, changes))
        try {
          await bring(emptyOffice(), connector, path)
        } catch (error) {
          expect(error).toBeInstanceOf(ConnectorFault)
        }
      }),
      { numRuns: 120 },
    )
  },
)
