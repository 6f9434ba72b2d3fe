import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '#archive/base64.ts'
import { KeyLine, PackInfo, RecordLine } from '#archive/formats.ts'
import { nodeSha256 as sha } from '#archive/sha256-node.ts'
import { InclusionChecker, pathSteps } from '#archive/verify/inclusion.ts'
import { LineCutter } from '#archive/verify/io.ts'
import { RangeChecker } from '#archive/verify/range.ts'
import { readKeyLine, readPack, readRecordLine } from '#archive/verify/shapes.ts'
import { naiveLeaf, naivePath, naiveRoot } from './support/naive-tree.ts'

const hash = toBase64(new Uint8Array(32).fill(9))
const record = { entry: '{}', file: 'records/7/0/1.eml', manifest: '{}', proof: [hash], redactions: [], salt: hash, seq: 1 }
const at = '2026-01-31T09:30:00.000Z'
const ledger = { entries: true, first: 0, last: 1, identity: 'x', ledger: '7', records: 2, root: hash, size: 3, voice: 'mandate' }
const words = { id: 'e', madeAt: at, madeBy: 'm', office: 'o', program: 'p', query: 'q' }
const pack = { coverage: [], ledgers: [ledger], records: 2, redacted: 0, v: 1, ...words }
const junk = [
  undefined,
  null,
  true,
  -1,
  1.5,
  2 ** 60,
  '',
  'x',
  hash,
  [],
  [null],
  [1],
  ['x'],
  [hash],
  {},
  [{}],
  [{ by: 'a' }],
  '0',
  '1'.repeat(17),
]

/** Every way to put something else in the place of one member. */
const broken = (good: Record<string, unknown>) =>
  Object.keys(good).flatMap((name) => junk.map((value) => ({ ...good, [name]: value })))

describe('what the verifier reads without the schemas', () => {
  it('is what the schemas take, line by line of records', () => {
    for (const line of broken(record)) {
      const text = JSON.stringify(line)
      const parsed = RecordLine.safeParse(JSON.parse(text))
      // What the schema cannot say: a record is whole, or there is nothing of it.
      const { file, manifest, salt, redactions } = parsed.data ?? {}
      const kinds = new Set([file, manifest, salt].map((value) => value === null))
      const fits = kinds.size === 1 && kinds.has((redactions?.length ?? 0) > 0)
      expect(readRecordLine(text) !== null, text).toBe(parsed.success && fits)
    }
    const redacted = { ...record, file: null, manifest: null, salt: null, redactions: [{ by: 'a', reason: 'b' }] }
    expect(readRecordLine(JSON.stringify(redacted))).toEqual(redacted)
    expect(readRecordLine('{')).toBeNull()
  })

  it('is what the schemas take, line by line of keys', () => {
    for (const line of broken({ entry: '{}', proof: [hash], seq: 1 })) {
      const text = JSON.stringify(line)
      expect(readKeyLine(text) !== null, text).toBe(KeyLine.safeParse(JSON.parse(text)).success)
    }
  })

  it('takes every pack that the schema takes, and refuses what it would stumble over', () => {
    expect(PackInfo.safeParse(pack).success).toBe(true)
    expect(readPack(JSON.stringify(pack))).toEqual(pack)
    const many = [...broken(pack), ...broken(ledger).map((one) => ({ ...pack, ledgers: [one] }))]
    for (const one of many) {
      const text = JSON.stringify(one)
      if (PackInfo.safeParse(JSON.parse(text)).success) expect(readPack(text), text).not.toBeNull()
    }
    for (const one of broken({ records: 1, redacted: 1, ledgers: [], v: 1 })) {
      const text = JSON.stringify({ ...pack, ...one })
      expect(readPack(text) !== null, text).toBe(PackInfo.safeParse(JSON.parse(text)).success)
    }
  })
})

const leaves = Array.from({ length: 150 }, (_, index) => naiveLeaf(Buffer.from(String(index))))
const proofOf = (leaf: number, size: number) => naivePath(leaf, leaves.slice(0, size)).map(toBase64)
const chosen = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) => fc.tuple(fc.constant(size), fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1 })))

describe('a text in pieces', () => {
  const cut = (text: string, pieces: number, longest?: number) => {
    const cutter = new LineCutter(longest)
    const bytes = Buffer.from(text)
    const lines: string[] = []
    for (let at = 0; at < bytes.length; at += pieces) lines.push(...cutter.cut(bytes.subarray(at, at + pieces)))
    return [...lines, ...cutter.end()]
  }

  it('has the same lines, however it is cut', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '€', '😀', '\n', '\r', '\u2028')).map((letters) => letters.join(''))
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (given, pieces) => {
        const lines = given.split('\n')
        expect(cut(given, pieces)).toEqual(lines.at(-1) === '' ? lines.slice(0, -1) : lines)
      }),
    )
  })

  it('does not grow without end: a line too long is an empty one', () => {
    expect(cut('ab\nabcdefghijkl\ncd\n', 3, 5)).toEqual(['ab', '', 'cd'])
    expect(cut('ab\nabcdefghijkl', 3, 5)).toEqual(['ab', ''])
    expect(cut('abcde\nabcd', 2, 5)).toEqual(['abcde', 'abcd'])
  })
})

describe('proofs that are checked one after the other', () => {
  it('hold as each of them does, in any order', () => {
    fc.assert(
      fc.property(chosen, fc.boolean(), ([size, seqs], ordered) => {
        if (ordered) seqs.sort((a, b) => a - b)
        const checker = new InclusionChecker(sha, size, naiveRoot(leaves.slice(0, size)))
        for (const seq of seqs) expect(checker.check(leaves[seq] as Uint8Array, seq, proofOf(seq, size))).toBe(true)
      }),
    )
  })

  it('do not hold because another one did', () => {
    fc.assert(
      fc.property(chosen, fc.nat(), fc.constantFrom('proof', 'leaf', 'shorter', 'longer'), ([size, seqs], which, how) => {
        seqs.sort((a, b) => a - b)
        const checker = new InclusionChecker(sha, size, naiveRoot(leaves.slice(0, size)))
        for (const [index, seq] of seqs.entries()) {
          const leaf = leaves[seq] as Uint8Array
          const proof = proofOf(seq, size)
          if (index === which % seqs.length) {
            const forged = [...proof]
            if (how === 'proof' && proof.length > 0) forged[which % proof.length] = hash
            else if (how === 'shorter' && proof.length > 0) forged.pop()
            else if (how === 'longer') forged.push(hash)
            const other = how === 'leaf' || forged.join() === proof.join() ? naiveLeaf(Buffer.from('other')) : leaf
            expect(checker.check(other, seq, forged)).toBe(false)
          }
          expect(checker.check(leaf, seq, proof)).toBe(true)
        }
        expect(checker.check(leaves[0] as Uint8Array, size, [])).toBe(false)
      }),
    )
  })

  it('walk the way that the RFC walks', () => {
    for (let size = 1; size <= 40; size++) {
      for (let leaf = 0; leaf < size; leaf++) expect(pathSteps(leaf, size)).toHaveLength(proofOf(leaf, size).length)
    }
  })
})

describe('leaves in a row', () => {
  const range = fc
    .integer({ min: 1, max: leaves.length })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 })))

  it('give the root with what stands around them, and not when one is another or missing', () => {
    fc.assert(
      fc.property(range, fc.nat(), ([size, a, b], which) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        const root = naiveRoot(leaves.slice(0, size))
        const gives = (row: readonly Uint8Array[]) => {
          const checker = new RangeChecker(sha, first, size, proofOf(first, size))
          for (const leaf of row) checker.add(leaf)
          return checker.gives(root, size, proofOf(last, size))
        }
        const row = leaves.slice(first, last + 1)
        expect(gives(row)).toBe(true)
        const place = which % row.length
        expect(gives(row.map((leaf, index) => (index === place ? naiveLeaf(Buffer.from('other')) : leaf)))).toBe(false)
        expect(gives(row.filter((_, index) => index !== place))).toBe(false)
      }),
    )
  })
})
