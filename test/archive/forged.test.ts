import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answers, names, packFolder } from './support/judge.ts'
import {
  describe as describePack,
  type MadePack,
  newKey,
  type PackOptions,
  prove,
  saveLines,
  sha256,
  signHead,
  sorted,
} from './support/pack.ts'

const { judgeForged } = packFolder()
const first = (pack: MadePack) => pack.ledgers[0] as MadePack['ledgers'][0]

describe('noise with good manifests', () => {
  const place = fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 7 }), fc.constantFrom('flip', 'cut', 'double', 'empty'))
  /** Files whose every byte is proved. */
  const proved = /^data\/(records\/7\/|media\/|ledger\/7\/(checkpoint|entries|keys))/

  it('never breaks the verifier, and never passes for what is proved', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ([which, where, bit, how]) => {
        let changed = ''
        const verdict = await judgeForged(({ files }) => {
          const paths = [...files.keys()].filter((path) => path.startsWith('data/'))
          changed = paths[which % paths.length] ?? ''
          const bytes = Buffer.from(files.get(changed) ?? [])
          const at = where % bytes.length
          if (how === 'flip') bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
          const made = { flip: bytes, cut: bytes.subarray(0, at), double: Buffer.concat([bytes, bytes]), empty: Buffer.of() }
          files.set(changed, made[how])
        })
        expect(typeof verdict.valid).toBe('boolean')
        if (proved.test(changed)) expect(verdict.valid, `${how} ${changed}`).toBe(false)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
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

  it('cannot have an entry tell another number than its place', async () => {
    const { weak } = await deny((pack) => {
      const ledger = first(pack)
      const line = ledger.lines[2]
      if (line === undefined) return
      line.entry = line.entry.replace(`"seq":${line.seq}`, '"seq":99')
      ledger.entries[line.seq] = line.entry
      prove(pack, ledger)
      describePack(pack)
    })
    expect(weak).toEqual(['no/no/cannot_say/yes'])
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
