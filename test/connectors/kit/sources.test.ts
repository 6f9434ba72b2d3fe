import { execFileSync } from 'node:child_process'
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '#connectors/kit/limits.ts'
import { openSource } from '#connectors/kit/source/open.ts'
import type { Source } from '#connectors/kit/source/source.ts'
import { tar, tarFile } from '../../support/tar.ts'
import { type ZipFile, zip } from '../../support/zip.ts'
import { folder } from '../exports.ts'

const leftovers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of leftovers.splice(0).reverse()) await remove()
})

const signal = new AbortController().signal

async function open(bytes: Uint8Array): Promise<Source> {
  const { dir, remove } = await folder({ archive: bytes })
  leftovers.push(remove)
  return adopt(await openSource([join(dir, 'archive')], signal))
}

function adopt(source: Source): Source {
  leftovers.push(() => source.close())
  return source
}

async function paths(source: Source): Promise<string[]> {
  const all: string[] = []
  for await (const { path } of source.entries()) all.push(path)
  return all
}

async function read(source: Source, path: string): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of source.open(path)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

describe('a zip', () => {
  it('gives its files in any order, stored or packed, with sizes of 32 and 64 bits', async () => {
    const files: ZipFile[] = [
      { name: 'a.txt', content: 'first' },
      { name: 'folder/é.txt', content: 'second', stored: true },
      { name: Buffer.from('old-é.txt'), content: 'third', zip64: true },
      { name: 'folder/', content: '', stored: true },
    ]
    const source = await open(zip(files))
    expect(await paths(source)).toEqual(['a.txt', 'folder/é.txt', 'old-é.txt'])
    expect(await read(source, 'old-é.txt')).toBe('third')
    expect(await read(source, 'folder/é.txt')).toBe('second')
    expect(await read(source, 'a.txt')).toBe('first')
    expect(source.find('missing')).toBeNull()
  })

  it('made by another program is read alike', async () => {
    const { dir, remove } = await folder({ 'in/a.txt': 'x'.repeat(100_000), 'in/b/c.txt': 'deep' })
    leftovers.push(remove)
    execFileSync('python3', ['-m', 'zipfile', '-c', join(dir, 'other.zip'), join(dir, 'in')])
    const source = adopt(await openSource([join(dir, 'other.zip')], signal))
    expect(await read(source, 'in/a.txt')).toHaveLength(100_000)
    expect(await read(source, 'in/b/c.txt')).toBe('deep')
  })

  it('whose names lead out of it, or stand there twice, stays inside and says so', async () => {
    const names = [
      '../../etc/passwd',
      '/etc/shadow',
      'C:\\evil.txt',
      'a\\b.txt',
      'ok.txt',
      'ok.txt',
      'x/./y.txt',
      'new\nline.txt',
    ]
    const source = await open(zip(names.map((name, n) => ({ name, content: `file ${n}` }))))
    expect(await paths(source)).toEqual([
      'outside/__/__/etc/passwd',
      'outside/etc/shadow',
      'outside/C:/evil.txt',
      'a/b.txt',
      'ok.txt',
      'ok.txt~2',
      'x/y.txt',
      'new_line.txt',
    ])
    expect(source.remarks).toHaveLength(7)
    expect(await read(source, 'ok.txt~2')).toBe('file 5')
  })

  it.each([
    ['a checksum that does not fit', { claims: { crc: 1 } }, 'checksum'],
    ['more bytes than it says', { claims: { size: 3 } }, 'size'],
    ['fewer bytes than it says', { claims: { size: 30 } }, 'size'],
    ['a method that nobody knows', { claims: { method: 97 } }, 'method'],
  ])('with %s in one file still gives the others', async (_, wrong, detail) => {
    const source = await open(
      zip([
        { name: 'bad', content: 'contents', ...wrong },
        { name: 'good', content: 'fine' },
      ]),
    )
    await expect(read(source, 'bad')).rejects.toMatchObject({ name: 'UnreadableFile', detail })
    expect(await read(source, 'good')).toBe('fine')
  })

  it('that is cut off anywhere is refused with the reason, or gives what is whole', async () => {
    const whole = zip([
      { name: 'a', content: 'first' },
      { name: 'b', content: 'second' },
    ])
    for (let length = 4; length < whole.length; length += 3)
      await expect(open(whole.subarray(0, length))).rejects.toMatchObject({ code: 'export_damaged', kind: 'decision' })
  })

  it('under a password is refused', async () => {
    await expect(open(zip([{ name: 'a', content: 'first', encrypted: true }]))).rejects.toMatchObject({ code: 'export_locked' })
  })

  it('that would unpack to a bomb is refused before anything is unpacked; just below that it is not', async () => {
    const claims = (size: number) => open(zip([{ name: 'a', content: 'x', claims: { size } }]))
    await expect(claims(limits.ratioFrom + 1)).rejects.toMatchObject({ code: 'export_too_large' })
    expect(await paths(await claims(limits.ratioFrom))).toEqual(['a'])
  })

  it('whose files lie over each other to unpack to more is refused', async () => {
    const one = zip([{ name: 'a', content: Buffer.alloc(1024 * 1024) }])
    const end = one.length - 22
    const list = one.subarray(one.indexOf('PK\x01\x02'), end)
    const footer = Buffer.from(one.subarray(end))
    footer.writeUInt16LE(600, 8)
    footer.writeUInt16LE(600, 10)
    footer.writeUInt32LE(list.length * 600, 12)
    const bomb = Buffer.concat([one.subarray(0, end - list.length), ...Array.from({ length: 600 }, () => list), footer])
    await expect(open(bomb)).rejects.toMatchObject({ code: 'export_too_large' })
  })
})

describe('a tar', () => {
  it('gives long names and its files; links are told and not followed', async () => {
    const long = `${'deep/'.repeat(40)}ü.txt`
    const source = await open(tar({ 'a.txt': 'first', [long]: 'second', '../out': 'third' }, tarFile('link', '', '2')))
    expect(await paths(source)).toEqual(['a.txt', long, 'outside/__/out'])
    expect(await read(source, long)).toBe('second')
    expect(source.remarks).toContainEqual({ kind: 'file_unreadable', path: 'link', name: 'link' })
  })

  it('that is cut off is refused', async () => {
    const whole = tar({ 'a.txt': 'first'.repeat(1000) })
    await expect(open(whole.subarray(0, 2048))).rejects.toMatchObject({ code: 'export_damaged' })
  })
})

describe('a folder', () => {
  it('gives its files, follows no link and opens no pipe', async () => {
    const { dir, remove } = await folder({ 'in/b.txt': 'second', 'in/a.txt': 'first', 'secret.txt': 'outside' })
    leftovers.push(remove)
    await symlink(join(dir, 'secret.txt'), join(dir, 'in/link.txt'))
    await symlink(dir, join(dir, 'in/loop'))
    execFileSync('mkfifo', [join(dir, 'in/pipe')])
    const source = adopt(await openSource([join(dir, 'in')], signal))
    expect(await paths(source)).toEqual(['a.txt', 'b.txt'])
    await truncate(join(dir, 'in/a.txt'), 2)
    await expect(read(source, 'a.txt')).rejects.toMatchObject({ detail: 'cut' })
  })

  it('of zips only is one export in parts; the same file in two of them is one', async () => {
    const { dir, remove } = await folder({})
    leftovers.push(remove)
    await mkdir(join(dir, 'parts'))
    await writeFile(
      join(dir, 'parts/1.zip'),
      zip([
        { name: 'shared', content: 'same' },
        { name: 'x', content: 'one' },
      ]),
    )
    await writeFile(
      join(dir, 'parts/2.zip'),
      zip([
        { name: 'shared', content: 'same' },
        { name: 'x', content: 'other' },
      ]),
    )
    for (const given of [[join(dir, 'parts')], [join(dir, 'parts/1.zip'), join(dir, 'parts/2.zip')]]) {
      const source = adopt(await openSource(given, signal))
      expect(await paths(source)).toEqual(['shared', 'x', 'x~2'])
      expect(await read(source, 'x~2')).toBe('other')
    }
  })

  it('that is not there, or is a device, is refused with the reason', async () => {
    await expect(openSource(['/nowhere/at/all'], signal)).rejects.toMatchObject({ code: 'file_unreadable' })
    await expect(openSource(['/dev/null'], signal)).rejects.toMatchObject({ code: 'file_unreadable' })
  })
})

it('an export is told apart from another of the same name', async () => {
  const one = await open(zip([{ name: 'a', content: 'first' }]))
  const same = await open(zip([{ name: 'a', content: 'first' }]))
  const other = await open(zip([{ name: 'a', content: 'other' }]))
  expect(same.fingerprint).toBe(one.fingerprint)
  expect(other.fingerprint).not.toBe(one.fingerprint)
})
