import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '#archive/canonical.ts'
import { commit, Manifest, manifestText } from '#archive/commitment.ts'
import * as entries from '#archive/entries.ts'
import { newSalt } from '#archive/salt.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'
import { CoverageState } from '#shared/model/index.ts'

const digits = fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }).map(String)
const count = fc.nat()
const instant = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
/** Anything at all, half surrogate pairs too. */
const text = fc.string({ unit: 'binary' }).chain((plain) => fc.constantFrom(plain, `${plain}"\\\n\u2028`, `${plain}\ud800`))
const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const base64 = hash32.map((bytes) => Buffer.from(bytes).toString('base64'))
const hex = hash32.map((bytes) => Buffer.from(bytes).toString('hex'))
const origin = fc.constantFrom(...entries.Origin.options)
const name = fc.constantFrom('mail', 'mastodon', 'x "y"')
const captured = { account: digits, commitment: base64, message: digits, network: name, origin, record: digits }

/** Each kind: what writes it, and what that is given. */
const kinds: { kind: string; write: (fields: never) => string; fields: Record<string, fc.Arbitrary<unknown>> }[] = [
  { kind: 'key', write: entries.keyEntry, fields: { algorithm: fc.constant('Ed25519'), office: fc.uuid(), publicKey: base64 } },
  { kind: 'capture', write: entries.capturedEntry, fields: { ...captured, version: fc.constant(1) } },
  { kind: 'edit', write: entries.capturedEntry, fields: { ...captured, version: fc.integer({ min: 2 }) } },
  {
    kind: 'deletion',
    write: entries.deletionEntry,
    fields: { account: digits, lastSeen: fc.option(instant), message: digits, state: fc.constantFrom('gone', 'back') },
  },
  {
    kind: 'triage',
    write: entries.triageEntry,
    fields: {
      act: fc.constantFrom(...entries.TriageActKind.options),
      by: text,
      conversations: fc.array(digits),
      value: fc.option(text),
    },
  },
  { kind: 'policy', write: entries.policyEntry, fields: { by: text, commitment: base64, what: text } },
  {
    kind: 'coverage',
    write: entries.coverageEntry,
    fields: { account: digits, from: instant, state: fc.constantFrom(...CoverageState.options), to: instant },
  },
  {
    kind: 'send',
    write: entries.sendEntry,
    fields: {
      account: digits,
      action: fc.constantFrom('queued', 'sent', 'failed', 'cancelled'),
      by: text,
      commitment: base64,
      item: digits,
      message: fc.option(digits),
    },
  },
  {
    kind: 'hold',
    write: entries.holdEntry,
    fields: { action: fc.constantFrom('set', 'lifted'), by: text, commitment: base64, hold: digits },
  },
  { kind: 'export', write: entries.exportEntry, fields: { by: text, export: text, records: count, size: count } },
  {
    kind: 'disposal',
    write: entries.disposalEntry,
    fields: {
      approvedBy: text,
      certificate: hex,
      disposal: digits,
      entries: fc.array(count),
      proposedBy: text,
      rule: text,
    },
  },
]

/** The same value as UTF-8 has it: half a surrogate pair becomes U+FFFD. */
const asStored = (value: unknown): unknown =>
  JSON.parse(Buffer.from(canonical(JSON.parse(JSON.stringify(value)))).toString('utf8'))

describe('an entry', () => {
  it.each(kinds)('of kind $kind is canonical and says what it was given', ({ kind, write, fields }) => {
    fc.assert(
      fc.property(fc.record({ at: instant, seq: count, ...fields }), (given) => {
        const written = write(given as never)
        expect(canonical(JSON.parse(written))).toBe(written)
        expect(JSON.parse(written)).toEqual(asStored({ ...given, kind, v: 1 }))
        expect(entries.Entry.parse(JSON.parse(written))).toEqual(JSON.parse(written))
      }),
    )
  })

  it('may be of every kind that has a schema', () => {
    const known = entries.Entry.options.map(({ shape }) => shape.kind.value)
    expect(kinds.map(({ kind }) => kind).sort()).toEqual([...known].sort())
  })

  it('is refused when it is not what its kind says', () => {
    const [written] = fc.sample(fc.record({ at: instant, seq: count, account: digits, from: instant, to: instant }), 1)
    const entry = { ...written, kind: 'coverage', v: 1, state: 'watched' }
    expect(entries.Entry.safeParse(entry).success).toBe(true)
    for (const wrong of [{ state: 'asleep' }, { seq: -1 }, { seq: 1.5 }, { v: 2 }, { at: '2026-01-01' }, { account: 'x' }]) {
      expect(entries.Entry.safeParse({ ...entry, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
    }
  })
})

const manifest = fc.record({
  account: digits,
  capturedAt: instant,
  clockOffsetMs: fc.option(fc.integer()),
  endpoint: text,
  headers: fc.array(fc.tuple(text, text)),
  identity: digits,
  media: fc.array(fc.record({ mediaType: text, name: text, sha256: hex, size: count })),
  mediaType: text,
  message: digits,
  network: name,
  origin,
  record: digits,
  remoteId: text,
  sha256: hex,
  size: count,
  v: fc.constant(1 as const),
  version: fc.integer({ min: 1 }),
}) as fc.Arbitrary<Manifest>

describe('a commitment', () => {
  it('is to a manifest in canonical JSON', () => {
    fc.assert(
      fc.property(manifest, (given) => {
        const written = manifestText(given)
        expect(canonical(JSON.parse(written))).toBe(written)
        expect(JSON.parse(written)).toEqual(asStored(given))
        expect(Manifest.parse(JSON.parse(written))).toEqual(JSON.parse(written))
      }),
    )
  })

  it('is SHA-256 over salt and manifest, however long', () => {
    const length = fc.constantFrom(0, 1, 1354, 1355, 4063, 4064, 4065, 20_000)
    fc.assert(
      fc.property(hash32, fc.constantFrom('a', 'é', '€', '\ud83d\ude00'), length, (salt, letter, times) => {
        const written = letter.repeat(times)
        const expected = hash('sha256', Buffer.concat([salt, Buffer.from(written)]), 'base64')
        expect(commit(nodeSha256, salt, written)).toBe(expected)
      }),
    )
  })

  it('takes a salt of 32 bytes and no other', () => {
    expect(() => commit(nodeSha256, new Uint8Array(31), '')).toThrow(RangeError)
    expect(() => commit(nodeSha256, new Uint8Array(33), '')).toThrow(RangeError)
  })

  it('has a salt of its own each time', () => {
    const salts = Array.from({ length: 1000 }, () => Buffer.from(newSalt()).toString('hex'))
    expect(new Set(salts).size).toBe(1000)
    expect(salts.every((salt) => salt.length === 64 && !/^0+$/.test(salt))).toBe(true)
  })
})
