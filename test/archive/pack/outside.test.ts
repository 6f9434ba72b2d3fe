import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findProgram } from '../../support/needed.ts'
import { needs } from '../../support/needs.ts'
import { isRecord, SampleSource } from './sample.ts'
import { exported, redactions } from './support.ts'

interface Read {
  mbox: string[]
  index: Record<string, string>[]
  warc: [string, string | null, string, string][]
}

const reader = join(import.meta.dirname, 'outside.py')
function read(dir: string): Read {
  const python = findProgram('python3') ?? 'python3'
  const found = execFileSync(python, [reader, dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 })
  return JSON.parse(found) as Read
}

const hostile = '=cmd|"x",\n"y"\r\n'
const sample = () =>
  new SampleSource({
    ledgers: { '1': 200, '2': 60 },
    alter: (letter, name) => (name === '1/6' ? { ...letter, subject: hostile, from: hostile } : letter),
  })

needs('python3')('a pack, read by others', () => {
  it('is a valid bag; its mbox, CSV and WARC say what the records say', async () => {
    const source = sample()
    const { dir } = await exported(source, {
      redactions: redactions([{ record: '1023', by: 'Registrar', reason: 'privacy', whole: true }]),
    })
    const found = read(dir)
    const records = ['1', '2'].flatMap((ledger) =>
      Array.from({ length: ledger === '1' ? 200 : 60 }, (_, seq) => seq)
        .filter(isRecord)
        .map((seq) => source.record(ledger, seq)),
    )
    expect(found.index.map(({ ledger, seq }) => `${ledger}/${seq}`)).toEqual(records.map(({ ledger, seq }) => `${ledger}/${seq}`))
    const whole = records.filter(({ captured }) => captured.record !== '1023')
    const bytes = (record: (typeof records)[number]) => Buffer.from(record.bytes as Uint8Array)
    const mails = whole.filter(({ captured }) => captured.network === 'mail')
    const posts = whole.filter(({ captured }) => captured.network !== 'mail')
    expect([mails.length > 20, posts.length > 20]).toEqual([true, true])
    const asInMbox = mails.map((mail) => bytes(mail).toString('latin1').replaceAll('\r\n', '\n').replace(/\n+$/, ''))
    expect(found.mbox).toEqual(asInMbox.map((mail) => hash('sha256', Buffer.from(mail, 'latin1'), 'hex')))
    expect(found.warc.slice(1)).toEqual(
      posts.map((post) => ['resource', post.shown.link, post.captured.mediaType, hash('sha256', bytes(post), 'hex')]),
    )
    expect(found.warc[0]?.[0]).toBe('warcinfo')
    for (const [at, row] of found.index.entries()) {
      const { shown, captured } = records[at] as (typeof records)[number]
      const redacted = captured.record === '1023'
      const subject = shown.subject === hostile ? `'${hostile}` : redacted ? '████████' : shown.subject
      expect(row).toMatchObject({ subject, record: captured.record, sha256: redacted ? '' : captured.sha256, date: shown.at })
      if (!redacted)
        expect(readFileSync(join(dir, row['file'] ?? '')).equals(bytes(records[at] as (typeof records)[number]))).toBe(true)
    }
  })

  const spoilers: [string, (dir: string) => void][] = [
    ['a changed file', (dir) => appendFileSync(join(dir, 'data/pack.json'), ' ')],
    ['a missing file', (dir) => rmSync(join(dir, 'data/index.csv'))],
    ['a file too many', (dir) => writeFileSync(join(dir, 'data/more'), '')],
    ['a file of another name', (dir) => renameSync(join(dir, 'data/mail.mbox'), join(dir, 'data/post.mbox'))],
    ['a changed tag file', (dir) => appendFileSync(join(dir, 'bag-info.txt'), 'Contact-Name: x\n')],
  ]
  describe('that was spoiled is refused by them', () => {
    it.each(spoilers)('%s', async (_, spoil) => {
      const { dir } = await exported(new SampleSource({ ledgers: { '1': 20 } }))
      read(dir)
      spoil(dir)
      expect(() => read(dir)).toThrow()
    })
  })
})
