import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '#archive/verify/verdict.ts'
import { needs } from '../support/needs.ts'
import { startAuthority } from './support/authority.ts'
import { answers, judge } from './support/judge.ts'
import {
  describe as describePack,
  type MadePack,
  makePack,
  newKey,
  type PackOptions,
  prove,
  saveLines,
  sha256,
  signHead,
  sorted,
  writePack,
} from './support/pack.ts'

let root = ''
let made = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'pack-'))
})
afterAll(() => rmSync(root, { recursive: true }))
const write = (pack: MadePack) => writePack(pack, join(root, String(made++)))
/** A pack whose content was changed by someone who made its manifests anew. */
const judgeForged = (change: (pack: MadePack) => void, options?: PackOptions) => {
  const pack = makePack(options)
  change(pack)
  return judge(write(pack))
}
/** A good bag that was changed on the disk. */
const judgeDamaged = (change: (dir: string) => void) => {
  const dir = write(makePack())
  change(dir)
  return judge(dir)
}
const first = (pack: MadePack) => pack.ledgers[0] as MadePack['ledgers'][0]
const names = (problems: readonly Problem[]) => problems.map(({ code, path }) => `${code} ${path}`)

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

  it('can be left half way', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    await expect(judge(write(makePack()), { signal: stop.signal })).rejects.toThrow('enough')
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
    const empty = mkdtempSync(join(root, 'empty-'))
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

describe('a forger who makes the manifests anew', () => {
  const deny = async (change: (pack: MadePack) => void, options?: PackOptions) => {
    const verdict = await judgeForged(change, options)
    expect(verdict.valid).toBe(false)
    const weak = verdict.runs.filter((run) => answers(run).split('/').includes('no'))
    return { verdict, codes: new Set(verdict.problems.map(({ code }) => code)), weak: weak.map((run) => answers(run)) }
  }

  it('cannot change the words of a record', async () => {
    const { verdict } = await deny(({ files }) => files.set('data/records/7/0/1.eml', Buffer.from('Subject: other words')))
    expect(verdict.problems).toEqual([{ code: 'record', path: 'data/records/7/0/1.eml', ledger: '7', seq: 1, reason: 'bytes' }])
    expect(verdict.runs.map((run) => `${run.from} ${answers(run)}`)).toEqual([
      '1 yes/no/cannot_say/yes',
      '2 yes/yes/cannot_say/yes',
    ])
  })

  it('cannot change a picture', async () => {
    const { verdict } = await deny(({ files }) => {
      const [picture] = [...files.keys()].filter((path) => path.startsWith('data/media/'))
      files.set(picture ?? '', Buffer.from('another picture'))
    })
    expect(verdict.problems).toMatchObject([{ code: 'record', reason: 'media' }])
  })

  it('cannot change what the manifest says, nor the salt', async () => {
    const change = (name: 'manifest' | 'salt', value: (old: string) => string) => (pack: MadePack) => {
      const [line] = first(pack).lines
      if (line !== undefined) line[name] = value(String(line[name]))
      saveLines(pack, first(pack))
    }
    const told = await deny(change('manifest', (text) => text.replace('mail.example', 'evil.example')))
    expect(told.weak).toEqual(['no/no/cannot_say/yes'])
    const salted = await deny(change('salt', () => randomBytes(32).toString('base64')))
    expect(salted.verdict.problems).toMatchObject([{ code: 'record', path: 'data/records/7.jsonl', line: 1, reason: 'manifest' }])
  })

  it('cannot change an entry', async () => {
    const { verdict } = await deny((pack) => {
      const line = first(pack).lines[2]
      if (line !== undefined) line.entry = line.entry.replace('"at":"2026-01-31', '"at":"2025-01-31')
      saveLines(pack, first(pack))
    })
    expect(verdict.runs.map(answers)).toEqual(['yes/yes/cannot_say/yes', 'no/no/cannot_say/yes', 'yes/yes/cannot_say/yes'])
    expect(verdict.problems).toMatchObject([{ code: 'record', line: 3, reason: 'not_in_ledger' }])
  })

  it('cannot have one record stand in the place of another', async () => {
    const { weak } = await deny((pack) => {
      const [one, two] = first(pack).lines
      if (one !== undefined && two !== undefined) [one.seq, two.seq] = [two.seq, one.seq]
      first(pack).lines.sort((a, b) => a.seq - b.seq)
      saveLines(pack, first(pack))
    })
    expect(weak.length).toBeGreaterThan(0)
    const { codes } = await deny((pack) => {
      first(pack).lines.reverse()
      saveLines(pack, first(pack))
    })
    expect([...codes]).toContain('malformed')
  })

  it('cannot take one bit out of a proof', async () => {
    for (const step of [0, 2, 4]) {
      for (const index of [0, 5, 11]) {
        const { verdict } = await deny((pack) => {
          const line = first(pack).lines[index]
          if (line !== undefined) line.proof[step % line.proof.length] = sha256(String(step)).toString('base64')
          saveLines(pack, first(pack))
        })
        expect(verdict.problems.some(({ code, line }) => code === 'record' && line === index + 1)).toBe(true)
      }
    }
  })

  it('cannot leave out an entry, double one, or change one', async () => {
    const path = 'data/ledger/7/entries.jsonl'
    const edit = (change: (lines: string[]) => string[]) => (pack: MadePack) => {
      const lines = String(pack.files.get(path)).split('\n').slice(0, -1)
      pack.files.set(
        path,
        Buffer.from(
          change(lines)
            .map((line) => `${line}\n`)
            .join(''),
        ),
      )
    }
    const changes: [string, (lines: string[]) => string[]][] = [
      ['gap', (lines) => lines.filter((_, index) => index !== 4)],
      ['gap', (lines) => lines.flatMap((line, index) => (index === 4 ? [line, line] : [line]))],
      ['gap', (lines) => lines.slice(0, -1)],
      ['gap', (lines) => lines.slice(1)],
      ['gap', () => []],
      [
        'not_in_ledger',
        (lines) => lines.map((line, index) => (index === 4 ? line.replace('watched', 'offline').replace('2026', '2025') : line)),
      ],
    ]
    for (const [reason, change] of changes) {
      const { verdict } = await deny(edit(change))
      expect(verdict.whole.complete).toEqual({ answer: 'no', reason })
      expect(verdict.problems).toMatchObject([{ code: 'entries', path, reason }])
    }
    const { verdict } = await deny(({ files }) => files.delete(path))
    expect(verdict.whole.complete).toEqual({ answer: 'no', reason: 'gap' })
  })

  it('cannot sign the checkpoint with a key of their own', async () => {
    const swap = (pack: MadePack, withKey: boolean) => {
      const ledger = first(pack)
      const forged = signHead({ ...ledger, key: newKey() }, sha256('any root'))
      pack.files.set('data/ledger/7/checkpoint', Buffer.from(forged.note))
      if (withKey) pack.files.set('data/ledger/7/key', Buffer.from(forged.key))
    }
    const bare = await deny((pack) => swap(pack, false))
    expect([...bare.codes]).toEqual(['checkpoint', 'record'])
    expect(answers(bare.verdict.whole)).toBe('cannot_say/no/cannot_say/cannot_say')
    const keyed = await deny((pack) => swap(pack, true))
    expect([...keyed.codes]).toEqual(expect.arrayContaining(['disagrees', 'key', 'record']))
  })

  it('cannot put a new key under the same ledger: the ledger names its own', async () => {
    const { verdict } = await deny((pack) => {
      const ledger = first(pack)
      ledger.key = newKey()
      prove(pack, ledger)
    })
    expect(names(verdict.problems)).toEqual(['key data/ledger/7/keys.jsonl'])
    const without = await deny(({ files }) => files.delete('data/ledger/7/keys.jsonl'))
    expect(names(without.verdict.problems)).toEqual(['key data/ledger/7/keys.jsonl'])
  })

  it('cannot show the head of another ledger', async () => {
    const { verdict } = await deny(
      ({ files }) => {
        for (const name of ['checkpoint', 'key', 'keys.jsonl']) {
          files.set(`data/ledger/7/${name}`, files.get(`data/ledger/12/${name}`) ?? Buffer.of())
        }
      },
      { ledgers: ['7', '12'] },
    )
    expect(names(verdict.problems)).toContain('key data/ledger/7/key')
    expect(verdict.ledgers.map(answers)).toEqual(['cannot_say/no/cannot_say/cannot_say', 'yes/yes/cannot_say/yes'])
  })

  it('cannot have the pack say other numbers', async () => {
    for (const [from, to] of [
      ['"records":12', '"records":13'],
      ['"redacted":0', '"redacted":1'],
      ['"first":1', '"first":0'],
      ['"size":18', '"size":19'],
    ] as const) {
      const { codes } = await deny(({ files }) => {
        const text = String(files.get('data/pack.json'))
        files.set('data/pack.json', Buffer.from(text.replaceAll(from, to)))
      })
      expect([...codes], from).toContain('disagrees')
    }
    for (const text of ['', '[]', '{"v":2}', '{"v":1,"records":0,"redacted":0}']) {
      const { codes } = await deny(({ files }) => files.set('data/pack.json', Buffer.from(text)))
      expect([...codes]).toEqual(['malformed'])
    }
  })

  it('cannot slip in a record that only looks redacted', async () => {
    const { weak } = await deny(
      (pack) => {
        const line = first(pack).lines[3]
        if (line !== undefined) line.entry = sorted({ ...JSON.parse(line.entry), message: '1' })
        saveLines(pack, first(pack))
      },
      { redacted: [3] },
    )
    expect(weak).toEqual(['no/no/cannot_say/yes'])
    const half = await deny((pack) => {
      const [line] = first(pack).lines
      if (line !== undefined) line['salt'] = null
      saveLines(pack, first(pack))
    })
    expect([...half.codes]).toContain('malformed')
  })

  it('cannot pass a message of one voice for one of another', async () => {
    // The entry is real and so is the checkpoint: only the identity in the manifest is another one's.
    const { weak } = await deny((pack) => {
      const ledger = first(pack)
      const [line] = ledger.lines
      if (line === undefined) return
      const manifest = String(line['manifest']).replace('"identity":"7"', '"identity":"8"')
      const salted = Buffer.concat([Buffer.from(String(line['salt']), 'base64'), Buffer.from(manifest)])
      const entry = sorted({ ...JSON.parse(line.entry), commitment: sha256(salted).toString('base64') })
      Object.assign(line, { manifest, entry })
      ledger.entries[line.seq] = entry
      prove(pack, ledger)
      describePack(pack)
    })
    expect(weak).toEqual(['no/no/cannot_say/yes'])
  })
})

needs('openssl')('a pack with a timestamp', () => {
  it('is not later than the authority says, or the timestamp is denied', async () => {
    const authority = await startAuthority({ key: 'p256' })
    const { timestampRequest } = await import('#archive/timestamp/request.ts')
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
