import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentId } from '#connectors/mail/parse.ts'
import { newest } from '../../support/context.ts'
import { bring, emptyOffice, mail, scratch } from './office.ts'

let folder: Awaited<ReturnType<typeof scratch>>
beforeEach(async () => {
  folder = await scratch()
})
afterEach(() => folder.remove())

const put = async (name: string, text: string | Uint8Array) => {
  const path = join(folder.dir, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}

describe('a Maildir', () => {
  it('brings cur and new of every folder, with their flags', async () => {
    await put('md/cur/1700000001.a.host:2,S', mail('seen'))
    await put('md/cur/1700000002.a.host:2,RS', mail('answered'))
    await put('md/cur/1700000003.a.host:2,', mail('opened by nobody'))
    await put('md/cur/1700000004.a.host;2,ST', mail('marked as trash on another system'))
    await put('md/new/1700000005.a.host', mail('new'))
    await put('md/tmp/1700000006.a.host', mail('being delivered'))
    await put('md/cur/.hidden', 'not a mail')
    await put('md/dovecot-uidlist', 'not a mail')
    await put('md/.Sent/cur/1700000007.a.host:2,S', mail('sent', { from: 'Else <else@parliament.example>' }))
    await put('md/.Archive.2024/new/1700000008.a.host', mail('archived'))
    await mkdir(join(folder.dir, 'md/.Empty/cur'), { recursive: true })
    const office = emptyOffice()
    expect(await bring(office, 'maildir', join(folder.dir, 'md'))).toEqual({ new: 7, known: 0, failed: 0 })
    const flags = (subject: string) => {
      const { read, answered, direction } = newest(office.find(subject))
      return [read ? 'read' : 'unread', answered ? 'answered' : '', direction].filter((flag) => flag !== '').join(' ')
    }
    expect(office.subjects.map((subject) => `${subject}: ${flags(subject)}`)).toEqual([
      'answered: read answered inbound',
      'archived: unread inbound',
      'marked as trash on another system: read inbound',
      'new: unread inbound',
      'opened by nobody: unread inbound',
      'seen: read inbound',
      'sent: read outbound',
    ])
    expect(newest(office.find('seen')).endpoint).toBe('file:md')
    expect(newest(office.find('seen')).remoteId).toBe(contentId(Buffer.from(mail('seen').replaceAll('\n', '\r\n'))))
  })

  it('brings folders that lie in plain folders', async () => {
    await put('all/INBOX/cur/1.host:2,S', mail('one'))
    await put('all/work/Letters/new/2.host', mail('two'))
    const office = emptyOffice()
    expect(await bring(office, 'maildir', join(folder.dir, 'all'))).toMatchObject({ new: 2 })
  })

  it('does not bring a mail again because its flags changed its name', async () => {
    await put('md/new/1.host', mail('one'))
    const office = emptyOffice()
    await bring(office, 'maildir', join(folder.dir, 'md'))
    await put('md/cur/2.host:2,S', mail('two'))
    await put('md/cur/1.host:2,RS', mail('one'))
    expect(await bring(office, 'maildir', join(folder.dir, 'md'))).toEqual({ new: 1, known: 2, failed: 0 })
    expect(office.subjects).toEqual(['one', 'two'])
  })

  it('does not follow links out of it', async () => {
    const outside = await put('secret', mail('secret'))
    await put('md/cur/1.host:2,S', mail('one'))
    await symlink(outside, join(folder.dir, 'md/cur/2.host:2,S'))
    await symlink(folder.dir, join(folder.dir, 'md/.Loop'))
    const office = emptyOffice()
    await bring(office, 'maildir', join(folder.dir, 'md'))
    expect(office.subjects).toEqual(['one'])
  })
})

describe('.eml files', () => {
  it('brings one file', async () => {
    const path = await put('letter.eml', mail('letter').replaceAll('\n', '\r\n'))
    const office = emptyOffice()
    expect(await bring(office, 'eml', path)).toEqual({ new: 1, known: 0, failed: 0 })
    expect(newest(office.find('letter'))).toMatchObject({ read: true, endpoint: 'file:letter.eml' })
  })

  it('brings a folder of them and the folders in it, and counts the broken ones', async () => {
    await put('tree/a.eml', mail('a'))
    await put('tree/deep/er/b.EML', mail('b'))
    await put('tree/deep/copy of b.eml', mail('b'))
    await put('tree/note.txt', 'not a mail')
    await put('tree/empty.eml', '')
    await put(
      'tree/picture.eml',
      Uint8Array.from({ length: 500 }, (_, index) => (index * 7) % 256),
    )
    const office = emptyOffice()
    expect(await bring(office, 'eml', join(folder.dir, 'tree'))).toEqual({ new: 2, known: 1, failed: 2 })
    // The picture is kept, as a damaged mail.
    expect(office.subjects).toEqual(['', 'a', 'b'])
    expect(office.progress.at(-1)).toEqual({ done: 5, total: 5 })
  })
})

describe('what cannot be brought', () => {
  const problem = (format: 'mbox' | 'maildir' | 'eml', path: string) =>
    bring(emptyOffice(), format, path).then(
      () => null,
      (error: { kind: string; code: string; params: object }) => [error.kind, error.code, error.params],
    )

  it('a path with nothing there', async () => {
    const path = join(folder.dir, 'none')
    for (const format of ['mbox', 'maildir', 'eml'] as const) {
      expect(await problem(format, path)).toEqual(['decision', 'file_unreadable', { path, detail: 'it is not there' }])
    }
  })

  it('a link that leads to itself', async () => {
    const path = join(folder.dir, 'round')
    await symlink(path, path)
    expect(await problem('mbox', path)).toEqual(['decision', 'file_unreadable', { path, detail: 'ELOOP' }])
  })

  it('a pipe, which would be waited for without end', async () => {
    const path = join(folder.dir, 'pipe')
    execFileSync('mkfifo', [path])
    for (const format of ['mbox', 'eml', 'maildir'] as const) {
      expect(await problem(format, path)).toEqual(['decision', 'not_a_mailbox', { path }])
    }
  })

  it.each([
    ['mbox', 'dir', null],
    ['mbox', 'file', ''],
    ['mbox', 'file', 'hello, I am a text\n'],
    ['mbox', 'file', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['mbox', 'file', mail('a mail, not an mbox')],
    ['maildir', 'file', mail('x')],
    ['maildir', 'dir', null],
    ['eml', 'dir', null],
    ['eml', 'file', ''],
    ['eml', 'file', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ] as const)('as %s: a %s that is none (%j)', async (format, name, text) => {
    const path = join(folder.dir, name)
    if (text === null) await mkdir(path)
    else await put(name, text)
    expect(await problem(format, path)).toEqual(['decision', 'not_a_mailbox', { path }])
  })
})
