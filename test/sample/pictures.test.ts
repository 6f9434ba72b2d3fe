import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { banner, dampWall, pdf, seaside } from '#hosts/sample/pictures.ts'

/** Walks the chunks of a PNG, checking each checksum. @returns size and decoded bytes. */
function readPng(bytes: Uint8Array): { width: number; height: number; data: Buffer } {
  const file = Buffer.from(bytes)
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < file.length; ) {
    const size = file.readUInt32BE(at)
    const body = file.subarray(at + 4, at + 8 + size)
    expect(file.readUInt32BE(at + 8 + size)).toBe(crc32(body))
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4))
    at += 12 + size
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND'])
  const header = chunks.get('IHDR') ?? Buffer.alloc(8)
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    data: inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0)),
  }
}

describe('pictures', () => {
  it.each([
    ['seaside', seaside(1, 60, 40), 60, 40],
    ['damp wall', dampWall(2, 50, 30), 50, 30],
    ['banner', banner([34, 62, 104], 80, 20), 80, 20],
  ])('draw a %s as a PNG with every row complete', (_, bytes, width, height) => {
    const picture = readPng(bytes)
    expect(picture).toMatchObject({ width, height })
    expect(picture.data).toHaveLength(height * (1 + width * 3))
    expect(new Set(picture.data).size).toBeGreaterThan(5)
  })

  it('are the same for the same shot', () => {
    expect(Buffer.from(seaside(3, 30, 20)).equals(Buffer.from(seaside(3, 30, 20)))).toBe(true)
    expect(Buffer.from(seaside(3, 30, 20)).equals(Buffer.from(seaside(4, 30, 20)))).toBe(false)
  })
})

describe('a PDF', () => {
  const file = Buffer.from(pdf(['File (1)', 'back\\slash', 'Éloïse – note'])).toString('latin1')

  it('names the place of each of its objects', () => {
    const start = Number(/startxref\n(\d+)/.exec(file)?.[1])
    expect(file.slice(start, start + 4)).toBe('xref')
    const offsets = [...file.slice(start).matchAll(/^(\d{10}) 00000 n/gm)].map((match) => Number(match[1]))
    expect(offsets).toHaveLength(5)
    for (const [index, offset] of offsets.entries()) expect(file.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`))
    const stream = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(file)
    expect(stream?.[2]).toHaveLength(Number(stream?.[1]))
  })

  it('keeps its text from being taken for syntax', () => {
    expect(file).toContain('(File \\(1\\)) Tj')
    expect(file).toContain('(back\\\\slash) Tj')
    expect(file).toContain('(Éloïse ? note) Tj')
  })
})
