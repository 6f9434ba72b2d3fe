import { RichText } from '@atproto/api'
import { describe, expect, it } from 'vitest'
import { facetsOf } from '#connectors/bluesky/live/facets.ts'

/** The DID of a handle in these tests: itself. */
const resolve = (handle: string) => Promise.resolve(handle === 'nobody.example.org' ? null : `did:web:${handle}`)

async function found(text: string): Promise<[string, string][]> {
  const bytes = Buffer.from(text)
  return (await facetsOf(text, resolve)).map(({ index, features: [feature] }) => {
    const where = bytes.toString('utf8', index.byteStart, index.byteEnd)
    const { did, uri, tag } = feature as { did?: string; uri?: string; tag?: string }
    return [where, did ?? uri ?? tag ?? '']
  })
}

/** The same by the network's own program. */
function expected(text: string): [string, string][] {
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const bytes = Buffer.from(text)
  return (rich.facets ?? []).map(({ index, features: [feature] }) => {
    const where = bytes.toString('utf8', index.byteStart, index.byteEnd)
    const { did, uri, tag } = feature as { did?: string; uri?: string; tag?: string }
    return [where, did === undefined ? (uri ?? tag ?? '') : `did:web:${did}`]
  })
}

const texts = [
  'nothing at all',
  'Read https://example.org/a?b=1&c=2#d.',
  'bare example.org and example.org/path, not file.txt',
  '(see https://example.org/wiki/Title_(law))',
  '(https://example.org)',
  'mail@example.org is no mention',
  '@alice.example.org asks @bob.test, (@carol.example.org) too',
  '@alice.example.org: yes!',
  '#budget #2026 #budget2026 #élections #選挙 #a-b!',
  'keycap #️⃣ and ＃全角',
  '👩‍👩‍👧 #family @alice.test https://example.org/👍 end',
  'line\nbreak #tag\n@alice.test\nhttps://example.org',
  'العربية #وسم والرابط https://example.org/ع؟',
  `#${'x'.repeat(64)} #${'x'.repeat(65)}`,
  'https:// and http://x and ftp://example.org',
  '"quoted" https://example.org"',
]

describe('links, mentions and tags of a text', () => {
  it.each(texts)('are those that the network’s own program finds: %s', async (text) => {
    expect(await found(text)).toEqual(expected(text))
  })

  it('are counted in bytes, whatever stands before them', async () => {
    for (const before of ['a', 'é', '€', '🏛️', '👩‍👩‍👧', '\u0301']) {
      const [facet] = await facetsOf(`${before} #tag`, resolve)
      expect(facet?.index).toEqual({ byteStart: Buffer.byteLength(before) + 1, byteEnd: Buffer.byteLength(before) + 5 })
    }
  })

  it('a handle that nobody has stays text', async () => {
    expect(await found('@nobody.example.org and @alice.test')).toEqual([['@alice.test', 'did:web:alice.test']])
  })
})
