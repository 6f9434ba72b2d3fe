import { randomBytes } from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { timestampRequest } from '#archive/timestamp/request.ts'
import { Pace } from '#archive/verify/pace.ts'
import { needs } from '../support/needs.ts'
import { startAuthority } from './support/authority.ts'
import { answers, judge, names, packFolder } from './support/judge.ts'
import { makePack, sha256 } from './support/pack.ts'

const { emptyFolder, write, judgeForged, judgeDamaged } = packFolder()

describe('a good pack', () => {
  it('is valid, record by record', async () => {
    const verdict = await judge(write(makePack()))
    expect(verdict.problems).toEqual([])
    expect(verdict.valid).toBe(true)
    expect(answers(verdict.whole)).toBe('yes/yes/cannot_say/yes')
    expect(verdict.whole.notLater.reason).toBe('no_timestamp')
    expect(verdict).toMatchObject({ records: 12, redacted: 0, pack: { office: 'made-by-hand', query: 'bridge' } })
    expect(verdict.runs).toMatchObject([{ ledger: '7', from: 1, count: 12 }])
    expect(verdict.ledgers).toMatchObject([{ ledger: '7', identity: 'Voice 7', checkpoint: true, records: 12, size: 18 }])
  })

  it.each([1, 2, 3, 7, 8, 40])('is valid with %i records', async (records) => {
    const verdict = await judge(write(makePack({ records })))
    expect(verdict.problems).toEqual([])
    expect([verdict.valid, verdict.records]).toEqual([true, records])
    expect(verdict.whole.complete.answer).toBe('yes')
  })

  it('may have several ledgers', async () => {
    const verdict = await judge(write(makePack({ ledgers: ['7', '12'] })))
    expect(verdict.problems).toEqual([])
    expect(verdict).toMatchObject({ valid: true, records: 24 })
    expect(verdict.ledgers.map(({ ledger }) => ledger)).toEqual(['7', '12'])
  })

  it('says no more than it can of what was redacted or imported', async () => {
    const verdict = await judge(write(makePack({ redacted: [4], imported: [6] })))
    expect(verdict.problems).toEqual([])
    expect(verdict).toMatchObject({ valid: true, redacted: 1 })
    expect(verdict.runs.map((run) => `${run.count} ${answers(run)} ${run.received.reason}`)).toEqual([
      '4 yes/yes/cannot_say/yes committed',
      '1 cannot_say/cannot_say/cannot_say/yes redacted',
      '1 yes/yes/cannot_say/yes committed',
      '1 cannot_say/yes/cannot_say/yes imported',
      '5 yes/yes/cannot_say/yes committed',
    ])
    expect(answers(verdict.whole)).toBe('cannot_say/cannot_say/cannot_say/yes')
  })

  it('may leave the entries out, and then nobody can say whether something is missing', async () => {
    const verdict = await judge(write(makePack({ entries: false })))
    expect(verdict.problems).toEqual([])
    expect(verdict).toMatchObject({ valid: true, whole: { complete: { answer: 'cannot_say', reason: 'entries_left_out' } } })
  })

  it('may be without any record', async () => {
    const verdict = await judge(write(makePack({ records: 0 })))
    expect(verdict.problems).toEqual([])
    expect(verdict).toMatchObject({
      valid: true,
      records: 0,
      whole: { received: { answer: 'cannot_say', reason: 'no_records' } },
    })
  })

  it('holds after the key was replaced by a new one, which the ledger names', async () => {
    const verdict = await judge(write(makePack({ newKeyHalfWay: true })))
    expect(verdict.problems).toEqual([])
    expect(verdict.valid).toBe(true)
  })

  it('is of the key that the reader was told of, or is not taken', async () => {
    const dir = write(makePack())
    const { ledgers } = await judge(dir)
    const key = ledgers[0]?.key ?? ''
    expect(await judge(dir, { keys: ['another', key] })).toMatchObject({ valid: true })
    expect(names((await judge(dir, { keys: ['another'] })).problems)).toEqual(['other_key data/ledger/7/key'])
  })

  it('can be left half way, and others run meanwhile', async () => {
    const dir = write(makePack({ records: 40 }))
    const stop = new AbortController()
    const onProgress = () => stop.abort(new Error('enough'))
    await expect(judge(dir, { signal: stop.signal, onProgress })).rejects.toThrow('enough')
    const pace = new Pace({})
    let ran = false
    setImmediate(() => {
      ran = true
    })
    while (!ran) await pace.rest()
    expect(ran).toBe(true)
  })
})

describe('one flipped bit', () => {
  it('is found in every file, and the file is named', async () => {
    const dir = write(makePack({ redacted: [4], records: 6 }))
    const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(dir, path)).isFile())
    expect(paths.length).toBeGreaterThan(15)
    for (const path of paths) {
      const place = join(dir, path)
      const bytes = readFileSync(place)
      const bits = bytes.length * 8
      // Many of the file that no other one vouches for; a sample of the others, the first and the last bit among them.
      const step = path === 'tagmanifest-sha256.txt' ? 5 : Math.max(1, Math.floor(bits / 13))
      const places = [...Array.from({ length: Math.ceil(bits / step) }, (_, index) => index * step), bits - 1]
      for (const bit of places) {
        const flipped = Buffer.from(bytes)
        const at = bit >> 3
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7))
        writeFileSync(place, flipped)
        const { valid, problems } = await judge(dir)
        expect(valid, `${path}, bit ${bit}`).toBe(false)
        const named = problems.flatMap((problem) => [problem.path, problem.listedIn])
        expect(named, `${path}, bit ${bit}`).toContain(path)
      }
      writeFileSync(place, bytes)
    }
    expect((await judge(dir)).valid).toBe(true)
  }, 120_000)
})

describe('a bag', () => {
  it('with a file too many, too few or changed names it', async () => {
    const { problems, valid } = await judgeDamaged((dir) => {
      writeFileSync(join(dir, 'data/records/7/0/99.eml'), 'Subject: smuggled')
      writeFileSync(join(dir, 'note.txt'), 'x')
      rmSync(join(dir, 'data/records/7/0/1.eml'))
      rmSync(join(dir, 'verify.js'))
      appendFileSync(join(dir, 'data/index.csv'), 'x')
    })
    expect(valid).toBe(false)
    expect(names(problems).sort()).toEqual([
      'changed data/index.csv',
      'extra data/records/7/0/99.eml',
      'extra note.txt',
      'missing data/records/7/0/1.eml',
      'missing verify.js',
      'record data/records/7/0/1.eml',
    ])
  })

  it('that tells another number of bytes is not taken', async () => {
    const { problems } = await judgeDamaged((dir) => {
      const info = join(dir, 'bag-info.txt')
      const tags = join(dir, 'tagmanifest-sha256.txt')
      const before = readFileSync(info)
      writeFileSync(info, String(before).replace('Payload-Oxum: ', 'Payload-Oxum: 1'))
      const [old, now] = [sha256(before), sha256(readFileSync(info))].map((hash) => hash.toString('hex'))
      writeFileSync(tags, String(readFileSync(tags)).replace(old ?? '', now ?? ''))
    })
    expect(names(problems)).toEqual(['oxum bag-info.txt'])
  })

  it('with a file that moved names both places', async () => {
    const { problems } = await judgeDamaged((dir) => renameSync(join(dir, 'data/index.csv'), join(dir, 'data/Index.csv')))
    expect(names(problems).sort()).toEqual(['extra data/Index.csv', 'missing data/index.csv'])
  })

  it('with a link in the place of a file is not taken', async () => {
    const { problems } = await judgeDamaged((dir) => {
      renameSync(join(dir, 'data/index.csv'), join(dir, '../outside.csv'))
      symlinkSync(join(dir, '../outside.csv'), join(dir, 'data/index.csv'))
    })
    expect(names(problems)).toContain('unreadable data/index.csv')
  })

  it.each(['bagit.txt', 'manifest-sha256.txt', 'tagmanifest-sha256.txt', 'bag-info.txt'])('without %s is none', async (path) => {
    const { valid, problems } = await judgeDamaged((dir) => rmSync(join(dir, path)))
    expect(valid).toBe(false)
    expect(problems.map((problem) => problem.path)).toContain(path)
  })

  it.each([
    ['leads out of it', `${'0'.repeat(64)}  data/../../x`, 'manifest_malformed'],
    ['is of the other manifest', `${'0'.repeat(64)}  bagit.txt`, 'manifest_malformed'],
    ['has a backslash', `${'0'.repeat(64)}  data\\x`, 'manifest_malformed'],
    ['has another hash for the same file', `${'0'.repeat(64)}  data/index.csv`, 'named_twice'],
    ['is none', 'data/index.csv', 'manifest_malformed'],
  ])('whose manifest has a line that %s is not taken', async (_, line, code) => {
    const { problems } = await judgeDamaged((dir) => appendFileSync(join(dir, 'manifest-sha256.txt'), `${line}\n`))
    expect(problems.map((problem) => problem.code)).toContain(code)
  })

  it('that is an empty folder, or none, is told as such', async () => {
    const empty = emptyFolder()
    const verdict = await judge(empty)
    expect(verdict).toMatchObject({ valid: false, pack: null, records: 0 })
    expect(names(verdict.problems)).toContain('not_a_bag bagit.txt')
  })

  it('may not bring what nothing vouches for, although its manifest has it', async () => {
    const { problems, valid } = await judgeForged(({ files }) => {
      files.set('data/records/7/0/99.eml', Buffer.from('Subject: smuggled'))
      files.set(`data/media/${'0'.repeat(64)}`, Buffer.from('smuggled'))
      files.set('data/derived/7/0/99.txt', Buffer.from('smuggled'))
      files.set('data/extra.txt', Buffer.from('smuggled'))
      files.set('data/records/9.jsonl', Buffer.from(''))
    })
    expect(valid).toBe(false)
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['unexpected']))
    expect(problems).toHaveLength(5)
  })
})

needs('openssl')('a pack with a timestamp', () => {
  it('is not later than the authority says, or the timestamp is denied', async () => {
    const authority = await startAuthority({ key: 'p256' })
    const pack = makePack()
    const note = pack.files.get('data/ledger/7/checkpoint') ?? Buffer.of()
    const reply = await authority.post(timestampRequest(sha256(note), randomBytes(8)))
    pack.files.set('data/ledger/7/timestamp.tsr', Buffer.from(reply))
    pack.files.set('data/ledger/7/authority.pem', Buffer.from(authority.root))
    const good = await judge(write(pack))
    expect(good.problems).toEqual([])
    expect(answers(good.whole)).toBe('yes/yes/yes/yes')
    expect(good.ledgers).toMatchObject([{ stampedBy: 'Made up, Stamp of time', stampedAt: expect.stringMatching(/^20/) }])
    const other = await authority.post(timestampRequest(sha256('something else'), randomBytes(8)))
    await authority.close()
    pack.files.set('data/ledger/7/timestamp.tsr', Buffer.from(other))
    const bad = await judge(write(pack))
    expect(answers(bad.whole)).toBe('yes/yes/no/yes')
    expect(names(bad.problems)).toEqual(['timestamp data/ledger/7/timestamp.tsr'])
    pack.files.delete('data/ledger/7/authority.pem')
    expect((await judge(write(pack))).whole.notLater).toEqual({ answer: 'no', reason: 'bad_timestamp' })
  })
})
