import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { facebookConnector } from '#connectors/facebook/connector.ts'
import { mend, mendText } from '#connectors/kit/meta/mend.ts'
import { shapes, understand } from '#connectors/kit/meta/read.ts'
import { entryType, renderEntry } from '#connectors/kit/meta/render.ts'
import { bring, emptyOffice, folder, remarks, said } from '../exports.ts'
import { brokenJson, comments, nested, posts, reactions, thread } from './export.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of made.splice(0)) await remove()
})

async function bringFiles(files: Record<string, string | Uint8Array>) {
  const { dir, remove } = await folder(files)
  made.push(remove)
  const office = emptyOffice()
  return { office, report: await bring(office, facebookConnector, dir) }
}

const POSTS = 'your_facebook_activity/posts/your_posts_1.json'

describe('texts whose bytes were written as characters', () => {
  it('are mended, keys included, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(mend(JSON.parse(brokenJson({ [text]: [text] })))).toEqual(Object.fromEntries([[text, [text]]]))
      }),
    )
  })

  it('are left alone where they are right, or no part of a sequence', () => {
    for (const text of [
      '',
      'plain',
      'Ŧ Ã©',
      'caf\xe9',
      '\xc3',
      'a\xa0b',
      '\xe2\x80',
      '\xed\xa0\x80',
      '\xf5\x80\x80\x80',
      '\xc0\xaf',
    ]) {
      expect(mendText(text)).toBe(text)
    }
    expect(mendText('caf\xe9 \xc3\xa9')).toBe('caf\xe9 é')
  })

  it('with keys that mean something to the language are keys like any other', () => {
    const value = mend(JSON.parse('{"__proto__":{"a":1},"constructor":2}')) as object
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('in values nested without end are left, and nothing breaks', () => {
    const broken = '\u00c3\u00a9'
    let value = mend(JSON.parse(`${'['.repeat(20_000)}"${broken}"${']'.repeat(20_000)}`))
    while (Array.isArray(value)) value = value[0]
    expect(value).toBe(broken)
  })
})

describe('files of an export that are not as they should be', () => {
  it('keep what comes before the damage, and the file as far as it goes', async () => {
    const whole = brokenJson(posts)
    const { office, report } = await bringFiles({ ...nested, [POSTS]: whole.slice(0, whole.indexOf('Before there')) })
    expect(remarks(report)).toEqual([`file_unreadable ${POSTS} cut 1`])
    expect(said(office).filter(({ kind }) => kind === 'post')).toHaveLength(4)
    expect(report.remarks).toContainEqual({ kind: 'file_kept', path: POSTS, name: '', count: 1 })
  })

  it('keep an entry that has no time, no form that is known, or too many levels', async () => {
    const deep = `{"timestamp": 1, "title": ${'['.repeat(300)}${']'.repeat(300)}}`
    const odd = [
      '{"timestamp": 1700000000, "title": "a post"}',
      '{"timestamp": "soon", "title": "x"}',
      '{"what": "is this"}',
      '17',
      'null',
      deep,
    ]
    const { office, report } = await bringFiles({ ...nested, [POSTS]: `[${odd.join(',')}]` })
    expect(report).toMatchObject({ new: 9, failed: 5 })
    const kept = [...office.messages.values()]
      .flatMap(({ versions }) => versions)
      .filter(({ mediaType }) => mediaType.includes('export=item'))
    expect(kept.map(({ raw }) => Buffer.from(raw).toString()).sort()).toEqual(odd.slice(1).sort())
  })

  it('with times that no calendar has keep the entry', async () => {
    const times = [9e15, -9e15, 1e300].map((timestamp) => ({ timestamp, data: [{ post: 'when' }] }))
    const { report } = await bringFiles({ ...nested, [POSTS]: brokenJson([posts[1], ...times]) })
    expect(report.failed).toBe(3)
    expect(remarks(report)).toEqual([`value_unknown ${POSTS} timestamp 3`, `item_kept ${POSTS}  3`])
  })

  it('in another encoding are kept as they are', async () => {
    const { office, report } = await bringFiles({ ...nested, [POSTS]: Buffer.from(`\ufeff${brokenJson(posts)}`, 'utf16le') })
    expect(report.remarks).toContainEqual({ kind: 'file_kept', path: POSTS, name: '', count: 1 })
    expect(said(office)).toHaveLength(8)
  })

  it('with fields and attachments that are not known say so, once, and keep them in the bytes', async () => {
    const odd = [1, 2].map((timestamp) => ({
      timestamp,
      data: [{ post: `odd ${timestamp}` }],
      attachments: [{ data: [{ fundraiser: { goal: 'x' } }] }],
      mood: 'é',
    }))
    const { office, report } = await bringFiles({ ...nested, [POSTS]: brokenJson(odd) })
    expect(remarks(report)).toEqual([`field_unknown ${POSTS} mood 2`, `field_unknown ${POSTS} attachments.fundraiser 2`])
    expect(said(office).filter(({ raw }) => Buffer.from(raw).includes('fundraiser'))).toHaveLength(2)
  })

  it('name files outside of the export: they are missing, not read', async () => {
    const outside = [{ timestamp: 1700000000, data: [], attachments: [{ data: [{ media: { uri: '../../../../etc/passwd' } }] }] }]
    const { office, report } = await bringFiles({ ...nested, [POSTS]: brokenJson(outside) })
    expect(remarks(report)).toEqual(['media_missing ../../../../etc/passwd  1'])
    expect(office.messages.size).toBeGreaterThan(0)
  })
})

describe('an entry, whatever its bytes', () => {
  const entries = [...posts, ...comments.comments_v2, ...reactions.reactions_v2, ...thread.messages].map((entry) =>
    Buffer.from(brokenJson(entry)),
  )

  it('is read or not, and shown in every case', () => {
    const changed = fc
      .tuple(fc.constantFrom(...entries), fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 4 }))
      .map(([raw, changes]) => {
        const bytes = Uint8Array.from(raw)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      })
    const anything = fc.json({ maxDepth: 4 }).map((text) => new Uint8Array(Buffer.from(text)))
    fc.assert(
      fc.property(fc.oneof(changed, anything, fc.uint8Array({ maxLength: 100 })), fc.constantFrom(...shapes), (raw, shape) => {
        understand(raw, shapes)
        const shown = renderEntry(raw, entryType(shape))
        if (!shown.damaged) expect(shown.text).not.toMatch(/[\0\ue000\ue001]/)
      }),
      { numRuns: 1000 },
    )
  })

  it('makes no mark-up of its texts, and links of the web only', () => {
    const entry = {
      timestamp: 1,
      data: [{ post: '<script>x</script>' }],
      attachments: [{ data: [{ external_context: { url: 'https://a.example/"><b>' } }] }],
      title: '',
    }
    const html = renderEntry(Buffer.from(JSON.stringify(entry)), entryType('post')).html
    expect(html).toBe(
      '<p>&lt;script&gt;x&lt;/script&gt;</p><ul><li><a href="https://a.example/&quot;&gt;&lt;b&gt;">https://a.example/&quot;&gt;&lt;b&gt;</a></li></ul>',
    )
    const bad = { timestamp: 1, media: [], label_values: [{ label: 'URL', href: 'javascript:alert(1)', value: '' }] }
    expect(renderEntry(Buffer.from(JSON.stringify(bad)), entryType('labelled')).html).toBeNull()
  })
})
