import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '#connectors/connector.ts'
import { mailConnector } from '#connectors/mail/connector.ts'
import { limits } from '#connectors/mail/limits.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { MemoryOffice, newest } from '../../support/context.ts'
import { type Dovecot, type DovecotOptions, startDovecot } from '../../support/dovecot.ts'
import { needs } from '../../support/needs.ts'
import { mail, settingsFor } from './samples.ts'

const none = new AbortController().signal
const kinds: [string, DovecotOptions][] = [
  ['with CONDSTORE, QRESYNC and IDLE', {}],
  ['with CONDSTORE and no QRESYNC', { capabilities: 'IMAP4rev1 ENABLE IDLE CONDSTORE SPECIAL-USE' }],
  ['with IMAP4rev1 and nothing else', { bare: true }],
]

needs('dovecot')('keeping in step with a mailbox', () => {
  describe.each(kinds)('on a server %s', (_, options) => {
    let server: Dovecot
    let office: MemoryOffice<MailSettings>
    let client: Client
    beforeEach(async () => {
      server = await startDovecot(options)
      office = new MemoryOffice({
        settings: settingsFor(server, { folders: ['INBOX', 'Sent', 'Archive'] }),
        secret: server.password,
      })
      client = mailConnector.create(office.open())
    })
    afterEach(async () => {
      await client.close()
      await server.stop()
    })
    const places = async (subject: string) =>
      (await Promise.all(['INBOX', 'Sent', 'Archive'].map((stream) => office.open().known(stream))))
        .flat()
        .filter((one) => one.remoteId === newest(office.find(subject)).remoteId)
        .map((one) => one.place)
    const act = async (kind: 'set_read' | 'set_answered', subject: string, on: boolean) =>
      client.act({ kind, remoteId: newest(office.find(subject)).remoteId, places: await places(subject), on }, none)

    it('sees flags that changed elsewhere, and nothing else', async () => {
      await server.append('INBOX', [{ raw: mail('one'), flags: ['\\Seen'] }, { raw: mail('two') }, { raw: mail('three') }])
      await client.sync(none)
      expect(office.find('one')).toMatchObject({ read: true, answered: false })
      await server.command('SELECT INBOX', 'STORE 1 -FLAGS (\\Seen)', 'STORE 2 +FLAGS (\\Seen \\Answered)')
      await client.sync(none)
      expect(office.find('one')).toMatchObject({ read: false, answered: false })
      expect(office.find('two')).toMatchObject({ read: true, answered: true })
      expect(office.find('three')).toMatchObject({ read: false, answered: false })
      const saved = office.batches.length
      await client.sync(none)
      expect(office.batches).toHaveLength(saved)
    })

    it('sees mail that comes and goes in one pass', async () => {
      await server.append(
        'INBOX',
        ['one', 'two', 'three'].map((subject) => ({ raw: mail(subject) })),
      )
      await client.sync(none)
      await server.command('SELECT INBOX', 'STORE 2 +FLAGS (\\Deleted)', 'EXPUNGE')
      await server.append('INBOX', [{ raw: mail('four') }])
      await client.sync(none)
      expect(office.subjects).toEqual(['four', 'one', 'three', 'two'])
      expect(['one', 'two', 'three', 'four'].map((subject) => office.find(subject).deleted)).toEqual([false, true, false, false])
    })

    it('never takes a mail that was moved for deleted', async () => {
      await server.append('Archive', [{ raw: mail('old') }])
      await server.append('INBOX', [{ raw: mail('mover') }])
      await client.sync(none)
      await server.command('SELECT INBOX', 'COPY 1 Archive', 'STORE 1 +FLAGS (\\Deleted)', 'EXPUNGE')
      await client.sync(none)
      expect(office.find('mover').deleted).toBe(false)
      expect(await places('mover')).toHaveLength(1)
      expect(office.batches.every((batch) => batch.gone.length === 0 || batch.messages.length === 0)).toBe(true)
    })

    it('doubles nothing when every number changes, and notices what went meanwhile', async () => {
      await server.append(
        'INBOX',
        ['one', 'two', 'three'].map((subject) => ({ raw: mail(subject) })),
      )
      await client.sync(none)
      await client.close()
      client = mailConnector.create(office.open())
      await server.command('SELECT INBOX', 'STORE 1 +FLAGS (\\Deleted)', 'EXPUNGE')
      await server.changeValidity('INBOX')
      await client.sync(none)
      expect(office.subjects).toEqual(['one', 'three', 'two'])
      expect([...office.messages.values()].every((message) => message.versions.length === 1)).toBe(true)
      expect(['one', 'two', 'three'].map((subject) => office.find(subject).deleted)).toEqual([true, false, false])
      expect(office.batches.filter((batch) => batch.reset)).toHaveLength(1)
      expect(office.batches.filter((batch) => batch.settled)).toHaveLength(1)
      await client.sync(none)
      expect(office.batches.filter((batch) => batch.reset)).toHaveLength(1)
    })

    const folders = (...names: string[]) => {
      office.settings = { ...office.settings, folders: names }
    }
    const restart = async () => {
      await client.close()
      client = mailConnector.create(office.open())
    }

    it('a folder that was deleted takes its mails with it, and those that lie elsewhere too stay', async () => {
      folders('INBOX', 'Cases')
      await restart()
      await server.append('INBOX', [{ raw: mail('one') }])
      await server.append('Cases', [{ raw: mail('filed') }, { raw: mail('both') }])
      await client.sync(none)
      await server.command('SELECT Cases', 'COPY 2 INBOX', 'CLOSE', 'DELETE Cases')
      await client.sync(none)
      const gone = () => ['one', 'filed', 'both'].map((subject) => office.find(subject).deleted)
      expect(gone()).toEqual([false, true, false])
      expect(await office.open().known('Cases')).toEqual([])
      const saved = office.batches.length
      await restart()
      await client.sync(none)
      expect(office.batches).toHaveLength(saved)
      await server.append('Cases', [{ raw: mail('filed') }])
      await client.sync(none)
      expect(gone()).toEqual([false, false, false])
      expect(office.find('filed').versions).toHaveLength(1)
    })

    it('a folder that was renamed is gone, and its mails are where they now lie', async () => {
      folders('INBOX', 'Cases', 'Filed')
      await restart()
      await server.append('Cases', [{ raw: mail('filed') }, { raw: mail('other') }])
      await client.sync(none)
      await server.command('RENAME Cases Filed')
      await client.sync(none)
      expect(office.subjects).toEqual(['filed', 'other'])
      for (const subject of ['filed', 'other']) {
        expect(office.find(subject)).toMatchObject({ deleted: false })
        expect(office.find(subject).versions).toHaveLength(1)
      }
      expect(await office.open().known('Cases')).toEqual([])
      expect(await office.open().known('Filed')).toHaveLength(2)
      // Under a name that nobody chose, they are gone from what is looked at.
      await server.command('RENAME Filed Elsewhere')
      await client.sync(none)
      expect(office.find('filed').deleted).toBe(true)
    })

    it('a folder that is no longer chosen keeps its mails', async () => {
      folders('INBOX', 'Cases')
      await restart()
      await server.append('Cases', [{ raw: mail('filed') }])
      await client.sync(none)
      folders('INBOX')
      await restart()
      await client.sync(none)
      expect(office.find('filed').deleted).toBe(false)
      await server.command('DELETE Cases')
      await client.sync(none)
      expect(office.find('filed').deleted).toBe(true)
    })

    it.each(['before', 'after'] as const)('killed %s any commit while a folder went, judges it all the same', async (when) => {
      folders('INBOX', 'Cases')
      await restart()
      for (let commit = 1; commit < 5; commit++) {
        await server.append('Cases', [{ raw: mail(`filed ${commit}`) }])
        await client.sync(none)
        await server.command('DELETE Cases')
        office.killAt({ commit, when })
        await client.sync(none).catch(() => undefined)
        office.killAt(null)
        await restart()
        await client.sync(none)
        expect(office.find(`filed ${commit}`).deleted).toBe(true)
      }
    })

    it('carries read and answered to the server, twice without harm', async () => {
      await server.append('INBOX', [{ raw: mail('one') }, { raw: mail('two'), flags: ['\\Seen'] }])
      await client.sync(none)
      for (let time = 0; time < 2; time++) {
        await act('set_read', 'one', true)
        await act('set_answered', 'one', true)
        await act('set_read', 'two', false)
      }
      const flags = await server.command('SELECT INBOX', 'FETCH 1:* FLAGS')
      expect(flags).toMatch(/1 FETCH \(FLAGS \((?=[^)]*\\Seen)(?=[^)]*\\Answered)/)
      expect(flags).toMatch(/2 FETCH \(FLAGS \([^)]*\)/)
      expect(/2 FETCH \(FLAGS \(([^)]*)\)/.exec(flags)?.[1]).not.toContain('Seen')
      await client.sync(none)
      expect(office.find('one')).toMatchObject({ read: true, answered: true })
    })

    it('passes over acts on what is no longer there', async () => {
      await server.append('INBOX', [{ raw: mail('one') }])
      await client.sync(none)
      const old = await places('one')
      await server.changeValidity('INBOX')
      const gone = ['No such folder\u00001\u00001', 'not a place', ...old]
      await client.close()
      client = mailConnector.create(office.open())
      await client.act({ kind: 'set_read', remoteId: 'x', places: gone, on: true }, none)
      expect(await server.command('SELECT INBOX', 'FETCH 1 FLAGS')).toContain('1 FETCH (FLAGS ())')
    })

    it('wakes for new mail, and lets acts through while it waits', async () => {
      if (options.bare) return // polls once a minute; see the next test
      await server.append('INBOX', [{ raw: mail('one') }])
      await client.sync(none)
      const waiting = client.wait(none)
      await act('set_read', 'one', true)
      await server.append('INBOX', [{ raw: mail('two') }])
      await waiting
      await client.sync(none)
      expect(office.subjects).toEqual(['one', 'two'])
    })

    it('wakes at once for what came between the pass and the wait', async () => {
      await server.append('INBOX', [{ raw: mail('one') }])
      await client.sync(none)
      await server.append('INBOX', [{ raw: mail('two') }])
      await client.wait(none)
    })
  })

  describe('what a mail is', () => {
    let server: Dovecot
    let office: MemoryOffice<MailSettings>
    let client: Client
    const open = (change: Partial<MailSettings> = {}) => {
      office = new MemoryOffice({ settings: settingsFor(server, change), secret: server.password })
      client = mailConnector.create(office.open())
    }
    beforeEach(async () => {
      server = await startDovecot()
      open()
    })
    afterEach(async () => {
      await client.close()
      await server.stop()
    })

    it('syncs the folders with a use, never junk, trash or drafts', async () => {
      for (const folder of ['INBOX', 'Sent', 'Archive', 'Junk', 'Trash', 'Drafts', 'Other'])
        await server.append(folder, [{ raw: mail(`in ${folder}`) }])
      expect((await client.check(none)).streams).toEqual(['INBOX', 'Sent', 'Archive'])
      await client.sync(none)
      expect(office.subjects).toEqual(['in Archive', 'in INBOX', 'in Sent'])
    })

    it('syncs named folders and no others, whatever their names', async () => {
      await server.append('Other', [{ raw: mail('in Other') }])
      await server.append('Entw&APw-rfe', [{ raw: mail('umlaut') }])
      await server.append('INBOX', [{ raw: mail('in INBOX') }])
      await client.close()
      open({ folders: ['Other', 'Entwürfe', 'Missing'] })
      await client.sync(none)
      expect(office.subjects).toEqual(['in Other', 'umlaut'])
    })

    it('is a decision when none of the named folders is there', async () => {
      await client.close()
      open({ folders: ['Missing'] })
      await expect(client.sync(none)).rejects.toMatchObject({ kind: 'decision', code: 'not_found' })
    })

    it('is ours when we wrote it or it lies in the folder of sent mail', async () => {
      await server.append('Sent', [{ raw: mail('sent as an alias', { from: 'alias@elsewhere.example' }) }])
      await server.append('INBOX', [
        { raw: mail('own', { from: 'The Office <OFFICE@parliament.example>' }) },
        { raw: mail('theirs') },
      ])
      await client.sync(none)
      const direction = (subject: string) => newest(office.find(subject)).direction
      expect(['sent as an alias', 'own', 'theirs'].map(direction)).toEqual(['outbound', 'outbound', 'inbound'])
    })

    it('is of the time when the server took it in', async () => {
      await server.append('INBOX', [{ raw: mail('old'), date: '03-Feb-2019 04:05:06 +0100' }])
      await client.sync(none)
      expect(newest(office.find('old')).at).toBe('2019-02-03T03:05:06.000Z')
    })

    it('shares keys with what it answers', async () => {
      await server.append('INBOX', [
        { raw: mail('question') },
        { raw: mail('answer', { headers: 'In-Reply-To: <question@test.example>\r\nReferences: <question@test.example>' }) },
        { raw: 'Subject: alone\r\n\r\nno id\r\n' },
      ])
      await client.sync(none)
      const keys = (subject: string) => newest(office.find(subject)).threadKeys
      expect(keys('question')).toEqual(['question@test.example'])
      expect(keys('answer')).toEqual(['answer@test.example', 'question@test.example'])
      expect(keys('alone')).toEqual([newest(office.find('alone')).remoteId])
    })

    it('comes newest first, and tells how far it is', async () => {
      const count = limits.batchMessages + 20
      await server.append(
        'INBOX',
        Array.from({ length: count }, (_, index) => ({ raw: mail(`m${index}`) })),
      )
      await client.sync(none)
      const first = office.batches.find((batch) => batch.messages.length > 0)
      expect(first?.messages.map((message) => message.subject)).toContain(`m${count - 1}`)
      expect(first?.messages.map((message) => message.subject)).not.toContain('m0')
      expect(office.progress.at(-1)).toEqual({ done: count, total: count })
      const done = office.progress.map((one) => one.done)
      expect(done).toEqual([...done].sort((a, b) => a - b))
    })

    it('is whole at any size around the pieces in which it comes', async () => {
      const sizes = [limits.firstPiece - 1, limits.firstPiece, limits.firstPiece + 1, limits.firstPiece + limits.piece, 1]
      const raws = sizes.map((size, index) => {
        const head = mail(`size ${index}`)
        return head + 'y'.repeat(Math.max(0, size - head.length))
      })
      await server.append(
        'INBOX',
        raws.map((raw) => ({ raw })),
      )
      await client.sync(none)
      for (const [index, raw] of raws.entries())
        expect(Buffer.from(newest(office.find(`size ${index}`)).raw).equals(Buffer.from(raw))).toBe(true)
    })

    it('of 60 MB comes whole', async () => {
      const raw = mail('large', { body: 'z'.repeat(60 * 1024 * 1024) })
      await server.append('INBOX', [{ raw }, { raw: mail('small') }])
      await client.sync(none)
      expect(office.subjects).toEqual(['large', 'small'])
      const kept = newest(office.find('large'))
      expect(kept.raw.byteLength).toBe(raw.length)
      expect(kept.mediaType).toBe('message/rfc822')
    })

    it('over the limit is kept in its beginning, marked as damaged, and stops nobody', async () => {
      const raw = mail('endless', { body: 'z'.repeat(limits.mailBytes) })
      await server.append('INBOX', [{ raw }, { raw: mail('after') }])
      await client.sync(none)
      expect(office.subjects).toEqual(['after', 'endless'])
      const kept = newest(office.find('endless'))
      expect(kept.raw.byteLength).toBe(limits.firstPiece)
      expect(kept.from.handle).toBe('ada@citizen.example')
      expect(await mailConnector.render(kept.raw, kept.mediaType)).toMatchObject({ damaged: true })
      await client.sync(none)
      expect(office.find('endless').versions).toHaveLength(1)
    })

    it('however broken, stops nobody', async () => {
      const broken = ['\r\n', '\0\0\0', 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x', '\xff\xfe\xff', 'Subject']
      await server.append('INBOX', [...broken.map((raw) => ({ raw })), { raw: mail('after') }])
      await client.sync(none)
      expect(office.messages.size).toBe(broken.length + 1)
    })
  })
})
