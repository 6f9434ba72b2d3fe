import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'
import { mailCorpus } from './corpus.ts'
import { generator } from './million.ts'

const owner = { accountId: '1100000000000000001', username: 'HouseOfExamplia', accountDisplayName: 'House of Examplia' }
/** Local header, list entry and end of a zip (APPNOTE 6.3.10): sizes follow the bytes. */
const sizesFollow = 0x808

/** Writes an archive of X with so many posts as X packs it, from a seed: about 1.5 KB each, 15 to 45 words as people use them. */
export async function writeArchive(path: string, posts: number): Promise<void> {
  const out = createWriteStream(path)
  const entries: { name: string; at: number; crc: number; packed: number; size: number }[] = []
  let at = 0
  const write = async (bytes: Uint8Array) => {
    at += bytes.byteLength
    if (!out.write(bytes)) await once(out, 'drain')
  }
  const add = async (name: string, content: Iterable<string>) => {
    const entry = { name, at, crc: 0, packed: 0, size: 0 }
    await write(Buffer.concat([Buffer.from('PK\x03\x04'), fields(0, 0, 0, name), Buffer.from(name)]))
    const start = at
    const counted = function* () {
      for (const text of content) {
        const bytes = Buffer.from(text)
        entry.crc = crc32(bytes, entry.crc)
        entry.size += bytes.length
        yield bytes
      }
    }
    await pipeline(counted, createDeflateRaw({ level: 1 }), async (packed: AsyncIterable<Uint8Array>) => {
      for await (const piece of packed) await write(piece)
    })
    entry.packed = at - start
    const after = Buffer.alloc(12)
    after.writeUInt32LE(entry.crc, 0)
    after.writeUInt32LE(entry.packed, 4)
    after.writeUInt32LE(entry.size, 8)
    await write(Buffer.concat([Buffer.from('PK\x07\x08'), after]))
    entries.push(entry)
  }
  await add('data/account.js', [`window.YTD.account.part0 = ${JSON.stringify([{ account: owner }])}`])
  await add('data/tweets.js', tweets(posts))
  const list = at
  for (const { name, at: start, crc, packed, size } of entries) {
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(start, 10)
    await write(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03'), fields(crc, packed, size, name), rest, Buffer.from(name)]))
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(at - list, 12)
  end.writeUInt32LE(list, 16)
  await write(end)
  out.end()
  await once(out, 'close')
}

function fields(crc: number, packed: number, size: number, name: string): Buffer {
  const bytes = Buffer.alloc(26)
  bytes.writeUInt16LE(20, 0)
  bytes.writeUInt16LE(sizesFollow, 2)
  bytes.writeUInt16LE(8, 4)
  bytes.writeUInt32LE(crc, 10)
  bytes.writeUInt32LE(packed, 14)
  bytes.writeUInt32LE(size, 18)
  bytes.writeUInt16LE(Buffer.byteLength(name), 22)
  return bytes
}

function* tweets(count: number): Generator<string> {
  const random = generator(7)
  const words = [...mailCorpus(1000, 3)].flatMap((mail) => mail.slice(mail.indexOf('\r\n\r\n')).match(/[\p{L}]+/gu) ?? [])
  const first = 1_200_000_000_000_000_000n
  yield 'window.YTD.tweets.part0 = [ '
  for (let n = 0; n < count; n++) {
    const id = String(first + BigInt(n) * 1_000_000_000_000n)
    const text = Array.from({ length: 15 + Math.floor(random() * 30) }, () => words[Math.floor(random() * words.length)]).join(
      ' ',
    )
    const tweet = {
      edit_info: {
        initial: { editTweetIds: [id], editableUntil: '2024-03-01T10:00:00.000Z', editsRemaining: '5', isEditEligible: true },
      },
      retweeted: false,
      source: '<a href="https://mobile.example.org" rel="nofollow">Web App</a>',
      entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
      display_text_range: ['0', String(text.length)],
      favorite_count: String(Math.floor(random() * 50)),
      id_str: id,
      truncated: false,
      retweet_count: String(Math.floor(random() * 9)),
      id,
      created_at: new Date(Date.UTC(2019, 11, 1) + n * 240_000).toUTCString().replace('GMT', '+0000'),
      favorited: false,
      full_text: text,
      lang: 'en',
      ...(n % 3 === 0 ? { in_reply_to_status_id_str: String(first + BigInt(n >> 2) * 1_000_000_000_000n) } : {}),
    }
    yield `${n === 0 ? '' : ',\n'}${JSON.stringify({ tweet }, null, 2)}`
  }
  yield ' ]'
}
