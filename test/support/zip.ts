import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip as it is to be written, with ways to write it wrongly. */
export interface ZipFile {
  name: string | Uint8Array
  content: Uint8Array | string
  stored?: boolean
  /** Sizes of 64 bits, as for files above 4 GB. */
  zip64?: boolean
  encrypted?: boolean
  /** What the list of files claims instead of the truth. */
  claims?: { size?: number; crc?: number; method?: number }
}

/** A zip (APPNOTE 6.3.10), written by hand so that every byte of it can be wrong. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const file of files) {
    const { local, central } = entry(file, at)
    parts.push(local)
    list.push(central)
    at += local.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}

function entry(
  { name, content, stored, zip64, encrypted, claims = {} }: ZipFile,
  at: number,
): { local: Buffer; central: Buffer } {
  const bytes = Buffer.from(content)
  const packed = stored ? bytes : deflateRawSync(bytes)
  const title = Buffer.from(name)
  const size = claims.size ?? bytes.length
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(zip64 ? 45 : 20, 0)
  fields.writeUInt16LE((encrypted ? 1 : 0) | (typeof name === 'string' ? 0x800 : 0), 2)
  fields.writeUInt16LE(claims.method ?? (stored ? 0 : 8), 4)
  fields.writeUInt16LE(0x6000, 6)
  fields.writeUInt16LE(0x5c75, 8)
  fields.writeUInt32LE(claims.crc ?? crc32(bytes), 10)
  fields.writeUInt32LE(zip64 ? 0xffffffff : packed.length, 14)
  fields.writeUInt32LE(zip64 ? 0xffffffff : size, 18)
  fields.writeUInt16LE(title.length, 22)
  const extra = zip64 ? wide(size, packed.length) : Buffer.alloc(0)
  fields.writeUInt16LE(extra.length, 24)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(at, 10)
  return {
    local: Buffer.concat([Buffer.from('PK\x03\x04'), fields, title, extra, packed]),
    central: Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), fields, rest, title, extra]),
  }
}

function wide(size: number, packed: number): Buffer {
  const extra = Buffer.alloc(20)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(16, 2)
  extra.writeBigUInt64LE(BigInt(size), 4)
  extra.writeBigUInt64LE(BigInt(packed), 12)
  return extra
}
