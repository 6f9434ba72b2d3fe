import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blueskyConnector } from '#connectors/bluesky/connector.ts'
import { facebookConnector } from '#connectors/facebook/connector.ts'
import { instagramConnector } from '#connectors/instagram/connector.ts'
import { linkedinConnector } from '#connectors/linkedin/connector.ts'
import { youtubeConnector } from '#connectors/youtube/connector.ts'
import { bring, emptyOffice, holdings, said } from './exports.ts'

/**
 * Damaged exports that were kept, a folder each (`test/fixtures/exports/<network>/<what is wrong>`): found by fuzzing, thought of, or met.
 * Whatever they are, an import ends, says the same each time, and keeps what it does not understand.
 */
const connectors = {
  bluesky: blueskyConnector,
  facebook: facebookConnector,
  instagram: instagramConnector,
  linkedin: linkedinConnector,
  youtube: youtubeConnector,
}
const root = join(import.meta.dirname, '../fixtures/exports')

describe.each(Object.entries(connectors))('damaged exports of %s', async (network, connector) => {
  for (const name of await readdir(join(root, network))) {
    it(`${name}: ends, is the same again, and every file is a record or in records`, async () => {
      const dir = join(root, network, name)
      const office = emptyOffice()
      const report = await bring(office, connector, dir)
      const first = holdings(office)
      expect(await bring(office, connector, dir)).toMatchObject({ new: 0, failed: report.failed })
      expect(holdings(office)).toEqual(first)
      const records = [...office.messages.values()].flatMap(({ versions }) => versions)
      for (const file of await readdir(dir, { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue
        const bytes = await readFile(join(file.parentPath, file.name))
        const whole = office.kept.has(createHash('sha256').update(bytes).digest('hex'))
        const parts = records.filter(({ raw }) => bytes.includes(Buffer.from(raw)))
        expect([file.name, whole || parts.length > 0]).toEqual([file.name, true])
      }
      for (const message of said(office)) {
        const shown = await connector.render(message.raw, message.mediaType)
        expect(shown.text).toBe(message.text)
      }
      expect(report.remarks.length).toBeGreaterThan(0)
    })
  }
})
