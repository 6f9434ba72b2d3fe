import { crc32, deflateSync } from 'node:zlib'
import { Random } from './random.ts'

/** A PNG (RFC 2083) of `width` x `height`, each pixel from `color(x, y)` as red, green and blue from 0 to 255. */
function png(width: number, height: number, color: (x: number, y: number) => readonly [number, number, number]): Uint8Array {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(color(x, y), y * (1 + width * 3) + 1 + x * 3)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a channel, colours, and the only kinds of compression, filter and order that there are.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8 + body.length)
  frame.writeUInt32BE(data.length, 0)
  frame.set(body, 4)
  frame.writeUInt32BE(crc32(body), 4 + body.length)
  return frame
}

const mix = (from: readonly number[], to: readonly number[], share: number) =>
  [0, 1, 2].map((at) => Math.round((from[at] ?? 0) + ((to[at] ?? 0) - (from[at] ?? 0)) * share)) as [number, number, number]

/** Pictures take a while to draw and people send the same ones, so each is drawn once. */
const drawn = new Map<string, Uint8Array>()
function once(key: string, draw: () => Uint8Array): Uint8Array {
  const picture = drawn.get(key) ?? draw()
  drawn.set(key, picture)
  return picture
}

/** A photograph, more or less: an evening over the strait, with a harbour wall. `shot`: which of them. */
export function seaside(shot: number, width = 360, height = 240): Uint8Array {
  return once(`seaside ${shot} ${width} ${height}`, () => drawSeaside(new Random(`seaside ${shot}`), width, height))
}

function drawSeaside(random: Random, width: number, height: number): Uint8Array {
  const horizon = Math.round(height * (0.45 + random.next() * 0.15))
  const sun = { x: random.int(width * 0.2, width * 0.8), y: horizon - random.int(30, 90), radius: random.int(14, 26) }
  const [sky, glow, sea] = random.pick([
    [
      [92, 124, 168],
      [250, 214, 165],
      [38, 70, 96],
    ],
    [
      [120, 160, 190],
      [240, 232, 210],
      [52, 96, 110],
    ],
    [
      [96, 88, 132],
      [244, 170, 140],
      [44, 52, 84],
    ],
  ] as const)
  const wall = random.int(height * 0.72, height * 0.82)
  return png(width, height, (x, y) => {
    if (y > wall + 6 * Math.sin(x / 57)) return mix([70, 66, 62], [104, 98, 90], ((x * 7 + y * 13) % 29) / 29)
    if (Math.hypot(x - sun.x, y - sun.y) < sun.radius) return [255, 240, 214]
    if (y < horizon) return mix(sky, glow, y / horizon)
    const ripple = 0.5 + 0.5 * Math.sin(y * 1.7 + Math.sin(x / 19) * 3)
    const shine = Math.max(0, 1 - Math.abs(x - sun.x) / (18 + (y - horizon) * 0.6))
    return mix(mix(sea, glow, 0.12 * ripple), glow, shine * 0.55 * ripple)
  })
}

/** A damp wall with a dark patch in the corner of a room. `shot`: which of them. */
export function dampWall(shot: number, width = 320, height = 240): Uint8Array {
  return once(`damp ${shot} ${width} ${height}`, () => drawDampWall(new Random(`damp ${shot}`), width, height))
}

function drawDampWall(random: Random, width: number, height: number): Uint8Array {
  const centre = { x: random.int(60, width - 60), y: random.int(20, 90) }
  return png(width, height, (x, y) => {
    const grain = ((x * 31 + y * 17) % 23) / 23
    const reach = Math.hypot((x - centre.x) / 1.4, y - centre.y) + 14 * Math.sin(x / 17) + 9 * Math.sin(y / 11)
    const base = mix([226, 220, 206], [214, 206, 190], grain)
    return mix(base, [58, 62, 48], Math.max(0, Math.min(0.85, (120 - reach) / 110)))
  })
}

/** A letterhead picture: a plain field with the lamp of a lighthouse, in the sender's colour. */
export function banner(base: readonly [number, number, number], width = 600, height = 90): Uint8Array {
  return once(`banner ${base.join(' ')} ${width} ${height}`, () => drawBanner(base, width, height))
}

function drawBanner(base: readonly [number, number, number], width: number, height: number): Uint8Array {
  return png(width, height, (x, y) => {
    const lamp = Math.hypot(x - 46, y - 45)
    if (lamp < 12) return [255, 250, 235]
    const beam = x > 46 && Math.abs(y - 45) < (x - 46) * 0.12
    return mix(base, [255, 255, 255], beam ? Math.max(0.06, 0.5 - x / (width * 1.4)) : 0.02 * (y % 3))
  })
}

/** A one-page PDF 1.4 in Helvetica. Characters outside Latin-1 become `?`. `lines`: the first is the heading. */
export function pdf(lines: readonly string[]): Uint8Array {
  const escaped = (line: string) => line.replace(/[^\x20-\xff]/g, '?').replace(/[\\()]/g, '\\$&')
  const [heading = '', ...rest] = lines
  const text = [
    `BT /F1 15 Tf 60 780 Td (${escaped(heading)}) Tj ET`,
    ...rest.map((line, at) => `BT /F1 10.5 Tf 60 ${748 - at * 17} Td (${escaped(line)}) Tj ET`),
  ].join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${Buffer.byteLength(text, 'latin1')} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = ['0000000000 65535 f ', ...offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n `)]
  const start = file.length
  file += `xref\n0 ${table.length}\n${table.join('\n')}\ntrailer\n<< /Size ${table.length} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}
