import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit, Manifest } from '#archive/commitment.ts'
import { PackInfo } from '#archive/formats.ts'
import { exportPack } from '#archive/pack/export.ts'
import type { PackProgress } from '#archive/pack/pace.ts'
import { nodeSha256 as sha } from '#archive/sha256-node.ts'
import { leafHash } from '#archive/tree/hash.ts'
import { verifyInclusion } from '#archive/tree/proof.ts'
import { isRecord, SampleSource } from './sample.ts'
import { exported, faultsOf, filesIn, linesOf, problemOf, request, tempDir, textOf } from './support.ts'

const bytesOf = (text: string | null) => Buffer.from(text ?? '', 'base64')
const photo = Buffer.from('a picture of the harbour')

describe('an evidence pack', () => {
  it('is a bag in which every record can be proved', async () => {
    const source = new SampleSource({ ledgers: { '4': 1500, '11': 37 } })
    const { dir, records } = await exported(source)
    expect(faultsOf(dir)).toEqual([])
    expect(records).toBe(1200 + 29)
    const info = PackInfo.parse(JSON.parse(textOf(dir, 'data/pack.json')))
    expect(info).toMatchObject({ id: 'export-1', query: 'harbour', records, redacted: 0 })
    expect(info.ledgers.map(({ ledger, first, last, entries }) => [ledger, first, last, entries])).toEqual([
      ['4', 1, 1499, true],
      ['11', 1, 36, true],
    ])
    for (const { ledger, root, size } of info.ledgers) {
      const lines = linesOf(dir, ledger)
      expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: size }, (_, seq) => seq).filter(isRecord))
      for (const { entry, proof, manifest, salt, file, seq } of lines) {
        expect(verifyInclusion(sha, leafHash(sha, entry), seq, size, proof.map(bytesOf), bytesOf(root))).toBe(true)
        expect(JSON.parse(entry).commitment).toBe(commit(sha, bytesOf(salt), manifest ?? ''))
        const { sha256, size: bytes } = Manifest.parse(JSON.parse(manifest ?? ''))
        const raw = readFileSync(join(dir, 'data', file ?? ''))
        expect([hash('sha256', raw, 'hex'), raw.length]).toEqual([sha256, bytes])
        expect(file).toMatch(new RegExp(`^records/${ledger}/${Math.floor(seq / 1000)}/${seq}\\.(eml|json|xml)$`))
      }
      expect(textOf(dir, `data/ledger/${ledger}/checkpoint`)).toBe(
        source.head.ledgers.find((one) => one.ledger === ledger)?.checkpoint,
      )
      const entries = textOf(dir, `data/ledger/${ledger}/entries.jsonl`).split('\n').slice(0, -1)
      expect(entries.map((entry) => JSON.parse(entry).seq)).toEqual(Array.from({ length: size - 1 }, (_, at) => at + 1))
    }
    expect(existsSync(`${dir}.partial`)).toBe(false)
  })

  it('leaves the entries between out where they would be most of a large ledger', async () => {
    const source = new SampleSource({ ledgers: { '1': 20_100 }, length: 8, without: (_, seq) => seq !== 1 && seq !== 20_099 })
    const { dir } = await exported(source)
    expect(JSON.parse(textOf(dir, 'data/pack.json')).ledgers).toMatchObject([
      { first: 1, last: 20_099, records: 2, entries: false },
    ])
    expect(filesIn(dir)).not.toContain('data/ledger/1/entries.jsonl')
  })

  it('can be of nothing', async () => {
    const { dir } = await exported(new SampleSource({ ledgers: { '1': 30 }, without: () => true }))
    expect(faultsOf(dir)).toEqual([])
    expect(JSON.parse(textOf(dir, 'data/pack.json')).ledgers).toMatchObject([
      { first: null, last: null, records: 0, entries: false },
    ])
    expect(linesOf(dir, '1')).toEqual([])
  })

  it('has media once, and large bytes in pieces', async () => {
    const large = Buffer.alloc(3_000_000, 'From the harbour\r\n')
    const source = new SampleSource({
      ledgers: { '1': 12 },
      alter: (letter, name) => {
        if (name === '1/3') return { ...letter, network: 'mail', raw: large, pieces: 70_001 }
        const media = ['1/6', '1/8'].includes(name) ? [{ name: 'photo.png', mediaType: 'image/png', bytes: photo }] : []
        return { ...letter, media }
      },
    })
    const { dir, damaged } = await exported(source)
    expect(faultsOf(dir)).toEqual([])
    expect(damaged).toEqual([])
    expect(readFileSync(join(dir, 'data/records/1/0/3.eml')).equals(large)).toBe(true)
    expect(filesIn(dir).filter((path) => path.startsWith('data/media/'))).toEqual([`data/media/${hash('sha256', photo, 'hex')}`])
    expect(textOf(dir, 'data/mail.mbox')).toContain('\n>From the harbour\n>From the harbour\n')
  })

  it('names a record whose bytes are not those that were captured, and has it as it is', async () => {
    const source = new SampleSource({
      ledgers: { '1': 12 },
      alter: (letter, name) => (name === '1/7' ? { ...letter, broken: Buffer.from('rotten') } : letter),
    })
    const { dir, damaged } = await exported(source)
    expect(damaged).toEqual([{ ledger: '1', seq: 7, record: '107' }])
    expect(faultsOf(dir)).toEqual([])
  })

  it('brings the verifier along and is told of by bag-info.txt', async () => {
    const { dir } = await exported(new SampleSource({ ledgers: { '1': 3 } }))
    expect(textOf(dir, 'verify.js')).toBe('// verifies\n')
    expect(textOf(dir, 'bag-info.txt')).toContain('External-Identifier: export-1\nBagging-Date: 2026-03-01\n')
  })

  it('tells how far it is', async () => {
    const seen: PackProgress[] = []
    await exported(new SampleSource({ ledgers: { '1': 1500 } }), { onProgress: (progress) => seen.push(progress) })
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['records', 'ledger', 'pages', 'closing'])
    expect(seen.at(-1)?.records).toBe(1200)
  })
})

describe('the folder of an export', () => {
  it('may be there when it is empty, and is refused with anything in it', async () => {
    const source = new SampleSource({ ledgers: { '1': 5 } })
    const dir = tempDir()
    await exported(source, { dir })
    expect(faultsOf(dir)).toEqual([])
    const before = filesIn(dir)
    expect(await problemOf(exported(source, { dir }))).toBe('export_folder_used')
    expect(filesIn(dir)).toEqual(before)
  })

  it('is refused when something else lies where the work would be', async () => {
    const wanted = request(new SampleSource({ ledgers: { '1': 5 } }))
    mkdirSync(`${wanted.dir}.partial`)
    writeFileSync(`${wanted.dir}.partial/letter.txt`, 'mine')
    expect(await problemOf(exportPack(wanted))).toBe('export_folder_used')
    expect(textOf(`${wanted.dir}.partial`, 'letter.txt')).toBe('mine')
  })

  it('is written to by one export at a time', async () => {
    const wanted = request(new SampleSource({ ledgers: { '1': 50 } }))
    const first = exportPack(wanted)
    expect(await problemOf(exportPack(wanted))).toBe('conflict')
    await first
    expect(faultsOf(wanted.dir)).toEqual([])
  })

  it('where nothing may be written: says which', async () => {
    const file = join(tempDir(), 'file')
    writeFileSync(file, '')
    expect(await problemOf(exported(new SampleSource({ ledgers: { '1': 5 } }), { dir: join(file, 'bag') }))).toBe(
      'file_unwritable',
    )
  })
})

describe('a source that does not keep its word', () => {
  it('is not followed out of order', async () => {
    const source = new SampleSource({ ledgers: { '1': 20 } })
    const record = source.record('1', 3)
    source.records = async function* () {
      yield record
      yield record
    }
    await expect(exported(source)).rejects.toThrow('1/3 came out of order')
  })

  it('names no ledgers that would be paths', async () => {
    const source = new SampleSource({ ledgers: { '1': 5 } })
    const [ledger] = source.head.ledgers
    source.begin = async () => ({ ...source.head, ledgers: ledger === undefined ? [] : [{ ...ledger, ledger: '../1' }] })
    await expect(exported(source)).rejects.toThrow('ids of digits')
  })
})
