import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64 } from '#archive/base64.ts'
import { checkpointText, ledgerOrigin, openCheckpoint, parseCheckpoint, signCheckpoint } from '#archive/checkpoint.ts'
import { newSeed, nodeEd25519, signer } from '#archive/ed25519-node.ts'
import { formatKey, type Note, parseKey, parseNote, signNote, verifyNote } from '#archive/note.ts'
import { portableEd25519, portableSha256 } from '#archive/portable.ts'
import { nodeSha256 } from '#archive/sha256-node.ts'

/** The example of golang.org/x/mod/sumdb/note. */
const published = {
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  secret: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
}
const whole = `${published.text}\n${published.signature}`

/** The same work by Node's cryptography and by what a browser is given. */
const makers = [
  { name: 'Node', sha: nodeSha256, ed25519: nodeEd25519 },
  { name: 'a browser', sha: portableSha256, ed25519: portableEd25519 },
]

describe.each(makers)('a signed note, checked as $name does', ({ sha, ed25519 }) => {
  const parse = (text: string) => parseNote(text) as Note

  it('is the published one', () => {
    const key = parseKey(sha, published.key)
    if (key === null) throw new Error('The key was not read.')
    expect(key.name).toBe('PeterNeumann')
    expect(formatKey(sha, key)).toBe(published.key)
    expect(parse(whole).text).toBe(published.text)
    expect(verifyNote(sha, ed25519, parse(whole), key)).toBe(true)
    const { sign, publicKey } = signer(Buffer.from(published.secret, 'base64').subarray(1))
    expect(toBase64(publicKey)).toBe(toBase64(key.publicKey))
    expect(signNote(sha, published.text, key, sign)).toBe(whole)
  })

  it('holds whatever the text, and not when one bit of it is another', () => {
    const line = fc.string({ unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text))
    const lines = fc.array(line).map((list) => `${list.join('\n')}\n`)
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat({ max: 7 }), (text, place, bit) => {
        const { sign, publicKey } = signer(newSeed())
        const key = { name: 'dispatch-box/o/1', publicKey }
        const note = signNote(sha, text, key, sign)
        expect(parse(note).text).toBe(text)
        expect(verifyNote(sha, ed25519, parse(note), key)).toBe(true)
        const bytes = Buffer.from(note)
        const at = place % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        const forged = parseNote(bytes.toString('utf8'))
        // A flip in what fills up the base64 would be another way to write the same; the strict reader refuses it.
        expect(forged !== null && verifyNote(sha, ed25519, forged, key)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('is not held by a signature of another key, name or length', () => {
    const own = signer(newSeed())
    const other = signer(newSeed())
    const key = { name: 'a', publicKey: own.publicKey }
    const note = parse(signNote(sha, 'x\n', key, own.sign))
    expect(verifyNote(sha, ed25519, note, { name: 'a', publicKey: other.publicKey })).toBe(false)
    expect(verifyNote(sha, ed25519, note, { name: 'b', publicKey: own.publicKey })).toBe(false)
    expect(verifyNote(sha, ed25519, parse(signNote(sha, 'x\n', key, other.sign)), key)).toBe(false)
    const short = { ...note, signatures: note.signatures.map((one) => ({ ...one, signature: one.signature.slice(1) })) }
    expect(verifyNote(sha, ed25519, short, key)).toBe(false)
  })

  it('may be signed by others too, but not once well and once badly by the same key', () => {
    const own = signer(newSeed())
    const key = { name: 'a', publicKey: own.publicKey }
    const good = parse(signNote(sha, 'x\n', key, own.sign))
    const stranger = signer(newSeed())
    const foreign = parse(signNote(sha, 'x\n', { name: 'b', publicKey: stranger.publicKey }, stranger.sign))
    const bad = parse(signNote(sha, 'x\n', key, stranger.sign))
    const both = (second: Note) => ({ ...good, signatures: [...second.signatures, ...good.signatures] })
    expect(verifyNote(sha, ed25519, both(foreign), key)).toBe(true)
    expect(verifyNote(sha, ed25519, foreign, key)).toBe(false)
    expect(verifyNote(sha, ed25519, both(bad), key)).toBe(false)
  })

  it('never holds for a key that is none', () => {
    expect(ed25519.verify(new Uint8Array(32).fill(255), new Uint8Array(1), new Uint8Array(64))).toBe(false)
    expect(ed25519.verify(new Uint8Array(31), new Uint8Array(1), new Uint8Array(64))).toBe(false)
  })

  it.each([
    published.key.replace('c74f20a3', 'c74f20a4'),
    published.key.replace('PeterNeumann', 'PeterNewmann'),
    published.key.replace('+ARpc', '+AhpC'),
    published.key.slice(0, -4),
    'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    `${published.key}\n`,
    '+c74f20a3+ARpc',
    '',
  ])('takes no key from %j', (text) => expect(parseKey(sha, text)).toBeNull())
})

describe('what is not a note', () => {
  it.each([
    ['nothing', ''],
    ['no signature', published.text],
    ['no signature after the empty line', `${published.text}\n`],
    ['no line feed at the end', whole.slice(0, -1)],
    ['no empty line', `${published.text}${published.signature}`],
    ['a signature that is too short', `${published.text}\n— PeterNeumann x08goA==\n`],
    ['a hyphen for a dash', whole.replace('—', '-')],
    ['a control character', whole.replace('think', 'th\u0007ink')],
    ['loose base64', whole.replace('JnAM=', 'JnAN=')],
    ['more signatures than anyone needs', `${published.text}\n${published.signature.repeat(101)}`],
  ])('has %s', (_, text) => expect(parseNote(text)).toBeNull())

  it('cannot be signed', () => {
    const { publicKey, sign } = signer(newSeed())
    expect(() => signNote(nodeSha256, 'x', { name: 'a', publicKey }, sign)).toThrow(RangeError)
    expect(() => signNote(nodeSha256, 'x\r\n', { name: 'a', publicKey }, sign)).toThrow(RangeError)
    expect(() => signNote(nodeSha256, 'x\n', { name: 'a b', publicKey }, sign)).toThrow(RangeError)
    expect(() => signer(new Uint8Array(31))).toThrow(RangeError)
  })
})

describe('a checkpoint', () => {
  const seed = signer(newSeed())
  const key = { name: ledgerOrigin('office', '7'), publicKey: seed.publicKey }
  const checkpoint = { origin: key.name, size: 12, root: new Uint8Array(32).fill(7) }
  const open = (note: string) => openCheckpoint(nodeSha256, nodeEd25519, note, key)

  it('is three lines that its key signed', () => {
    const note = signCheckpoint(nodeSha256, checkpoint, key, seed.sign)
    expect(
      note.startsWith('dispatch-box/office/7\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n— dispatch-box/office/7 '),
    ).toBe(true)
    const opened = open(note)
    expect(opened).toMatchObject({ origin: key.name, size: 12 })
    expect(toBase64(opened?.root ?? new Uint8Array())).toBe(toBase64(checkpoint.root))
    expect(open(note.replace('\n12\n', '\n13\n'))).toBeNull()
    expect(open('')).toBeNull()
  })

  it('of another ledger is not taken, although the key is right', () => {
    const other = { ...checkpoint, origin: ledgerOrigin('office', '8') }
    expect(open(signCheckpoint(nodeSha256, other, key, seed.sign))).toBeNull()
  })

  it.each([
    checkpointText(checkpoint).replace('12', '012'),
    checkpointText(checkpoint).replace('12', '-1'),
    checkpointText(checkpoint).replace('12', '99999999999999999'),
    checkpointText(checkpoint).replace('12', '9999999999999999'),
    checkpointText(checkpoint).replace('Bwc=', 'Bw=='),
    checkpointText(checkpoint).slice(0, -1),
    '\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n',
    'a\n12\n',
  ])('is not %j', (text) => expect(parseCheckpoint(text)).toBeNull())
})

describe('base64', () => {
  it('is read and written by the same rule', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(toBase64(bytes)).toBe(text)
        expect(Buffer.from(fromBase64(text) ?? []).equals(bytes)).toBe(true)
      }),
    )
  })

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA==\n', 'A A=', 'AA-_', '=AAA'])('refuses %j', (text) => {
    expect(fromBase64(text)).toBeNull()
  })
})
