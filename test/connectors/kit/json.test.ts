import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseValue, readJson } from '#connectors/kit/json.ts'
import { JsonWalk } from '#connectors/kit/json-walk.ts'
import type { Source } from '#connectors/kit/source/source.ts'

/** A source of one file, in pieces of a size. */
function source(bytes: Uint8Array, piece: number): Source {
  return {
    async *entries() {
      yield { path: 'f', size: bytes.length, modified: null }
    },
    find: () => ({ path: 'f', size: bytes.length, modified: null }),
    async *open() {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    },
    fingerprint: '',
    remarks: [],
    close: () => Promise.resolve(),
  }
}

async function all(text: string | Uint8Array, depth: number, piece = 7) {
  const found: { path: (string | number)[]; text: string }[] = []
  let fault: string | null = null
  try {
    for await (const { path, bytes } of readJson(source(Buffer.from(text), piece), 'f', (at) => at.length < depth))
      found.push({ path, text: Buffer.from(bytes).toString() })
  } catch (error) {
    fault = (error as { detail: string }).detail
  }
  return { found, fault }
}

describe('JSON of any size', () => {
  it('gives each member with its very bytes', async () => {
    const { found, fault } = await all('window.YTD.tweets.part0 = [ {"a" : "é\\"]"} , 12e3,"x" ,[ ] ]\n;', 1)
    expect(found).toEqual([
      { path: [0], text: '{"a" : "é\\"]"}' },
      { path: [1], text: '12e3' },
      { path: [2], text: '"x"' },
      { path: [3], text: '[ ]' },
    ])
    expect(fault).toBeNull()
  })

  it('goes into what it is told to, and leaves nothing out beside it', async () => {
    const text = '{"who":"me","list":[{"deep":[1,2]},3],"rest":{"k":null}}'
    const enter = (path: readonly (string | number)[]) => path.length === 0 || path[0] === 'list'
    const found: [(string | number)[], string][] = []
    for await (const { path, bytes } of readJson(source(Buffer.from(text), 1), 'f', enter))
      found.push([path, Buffer.from(bytes).toString()])
    expect(found).toEqual([
      [['who'], '"me"'],
      [['list', 0, 'deep', 0], '1'],
      [['list', 0, 'deep', 1], '2'],
      [['list', 1], '3'],
      [['rest'], '{"k":null}'],
    ])
  })

  it('agrees with JSON.parse for any value, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (list, piece, wide) => {
          const text = JSON.stringify(list, null, wide ? 2 : 0)
          const { found, fault } = await all(text, 1, piece)
          expect(fault).toBeNull()
          expect(found.map((one) => JSON.parse(one.text))).toEqual(JSON.parse(text))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never throws anything but what it says, and never hangs, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('[', '{', '[{"a":', ''),
        fc.integer({ min: 1, max: 9 }),
        async (bytes, start, piece) => {
          const { fault } = await all(Buffer.concat([Buffer.from(start), bytes]), 2, piece)
          expect([null, 'cut', 'syntax', 'encoding', 'value']).toContain(fault)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('that is cut off gives all that is whole before', async () => {
    const text = '[{"n":1},{"n":2},{"n":3}]'
    for (let length = 1; length < text.length; length++) {
      const { found, fault } = await all(text.slice(0, length), 1, 3)
      expect(fault).toBe('cut')
      expect(found.length).toBe([8, 16, 24].filter((end) => end <= length).length)
    }
  })

  it.each(['[1,]', '[1 2]', '{"a" 1}', '{a:1}', '[}', '{]', '[1]2', '[,1]', '{"a":}'])(
    'tells that %s is no JSON',
    async (text) => {
      expect((await all(text, 1)).fault).toBe('syntax')
    },
  )

  it('steps over a value that is too large, whole strings of quotes and backslashes in it, and gives the next', () => {
    for (const large of [`"${'\\\\\\"'.repeat(100)}"`, `[${'"\\\\",'.repeat(60)}1]`, '1'.repeat(200)]) {
      const text = Buffer.from(`[${large},"after"]`)
      for (const piece of [1, 2, 3, 50]) {
        const walk = new JsonWalk((path) => path.length === 0, 64, 10)
        const found: string[] = []
        for (let at = 0; at < text.length; at += piece) {
          walk.feed(text.subarray(at, at + piece))
          for (let value = walk.next(); value; value = walk.next()) found.push(Buffer.from(value.bytes).toString())
        }
        walk.end()
        expect([walk.next(), walk.fault, walk.skipped, found]).toEqual([null, null, 1, ['"after"']])
      }
    }
  })

  it('takes a value at the limit and not one above it', () => {
    const give = (length: number) => {
      const walk = new JsonWalk(() => false, 64, 10)
      walk.feed(Buffer.from(`["${'x'.repeat(length - 4)}"]`))
      return walk.next()?.bytes.length
    }
    expect([give(64), give(65)]).toEqual([64, undefined])
  })

  it('does not parse what is nested too deeply', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    for await (const value of readJson(source(Buffer.from(`[${nested}]`), 4096), 'f', (at) => at.length === 0)) {
      expect(value.deep).toBe(true)
      expect(parseValue(value)).toBeUndefined()
    }
  })
})

it('whole numbers beyond 2^53 keep their digits, and texts that look like them are left alone', () => {
  const parse = (text: string) => parseValue({ bytes: Buffer.from(text), deep: false })
  expect(parse('{"id":9223372036854775807,"list":[ -12345678901234567,1],"text":"a 12345678901234567890 \\" b"}')).toEqual({
    id: '9223372036854775807',
    list: ['-12345678901234567', 1],
    text: 'a 12345678901234567890 " b',
  })
  expect(parse('[1234567890123456.5, 1e30]')).toEqual([1234567890123456.5, 1e30])
})
