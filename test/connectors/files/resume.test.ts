import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limits } from '#connectors/mail/limits.ts'
import { MAIL } from '#connectors/mail/message.ts'
import { Killed, newest } from '../../support/context.ts'
import { bring, emptyOffice, mail, mbox, scratch } from './office.ts'

let folder: Awaited<ReturnType<typeof scratch>>
let file: string
beforeEach(async () => {
  folder = await scratch()
  file = join(folder.dir, 'big.mbox')
})
afterEach(() => folder.remove())

const MANY = limits.batchMessages * 2 + 100
const subjects = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `mail ${String(from + at).padStart(4, '0')}`)
const box = (from: number, to: number) => mbox(subjects(from, to).map((subject) => mail(subject)))

describe('an import', () => {
  it.each(['before', 'after'] as const)('goes on after its process ended %s any batch was saved', async (when) => {
    await writeFile(file, box(0, MANY))
    for (let commit = 1; commit <= 3; commit++) {
      const office = emptyOffice()
      office.killAt({ commit, when })
      await expect(bring(office, 'mbox', file)).rejects.toBeInstanceOf(Killed)
      office.killAt(null)
      expect(await bring(office, 'mbox', file)).toEqual(
        when === 'after' && commit === 3 ? { new: 0, known: MANY, failed: 0 } : { new: MANY, known: 0, failed: 0 },
      )
      expect(office.subjects).toEqual(subjects(0, MANY))
    }
  })

  it('does not read again what an interrupted run had saved', async () => {
    await writeFile(file, box(0, MANY))
    const office = emptyOffice()
    office.killAt({ commit: 2, when: 'after' })
    await expect(bring(office, 'mbox', file)).rejects.toThrow()
    office.killAt(null)
    office.progress.length = 0
    await bring(office, 'mbox', file)
    expect(office.batches).toHaveLength(3)
    expect(office.batches.map((batch) => batch.messages.length)).toEqual([limits.batchMessages, limits.batchMessages, 100])
  })

  it('a second time adds nothing, and then only what was added to the file', async () => {
    await writeFile(file, box(0, 30))
    const office = emptyOffice()
    expect(await bring(office, 'mbox', file)).toEqual({ new: 30, known: 0, failed: 0 })
    expect(await bring(office, 'mbox', file)).toEqual({ new: 0, known: 30, failed: 0 })
    await appendFile(file, box(30, 35))
    expect(await bring(office, 'mbox', file)).toEqual({ new: 5, known: 30, failed: 0 })
  })

  it('does not use the place it got to on another file of the same name', async () => {
    await writeFile(file, box(0, MANY))
    const office = emptyOffice()
    office.killAt({ commit: 2, when: 'after' })
    await expect(bring(office, 'mbox', file)).rejects.toThrow()
    office.killAt(null)
    await writeFile(file, box(5000, 5000 + MANY))
    expect((await bring(office, 'mbox', file)).new).toBe(MANY)
  })

  it('tells how far it is, and ends at the whole', async () => {
    await writeFile(file, box(0, MANY))
    const office = emptyOffice()
    await bring(office, 'mbox', file)
    const { size } = await import('node:fs/promises').then((fs) => fs.stat(file))
    expect(office.progress.at(-1)).toEqual({ done: size, total: size })
    const steps = office.progress.map((step) => step.done)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })

  it('cancelled, ends with the reason and keeps what it had', async () => {
    await writeFile(file, box(0, MANY))
    const office = emptyOffice()
    const controller = new AbortController()
    const context = office.open()
    const reason = new Error('enough')
    const { importFiles } = await import('#connectors/mail/files/import.ts')
    const stopping = {
      ...context,
      settings: context.settings,
      commit: async (batch: Parameters<typeof context.commit>[0]) => {
        const result = await context.commit(batch)
        controller.abort(reason)
        return result
      },
    }
    await expect(importFiles({ format: 'mbox', path: file, parts: [] }, stopping, controller.signal)).rejects.toBe(reason)
    expect(office.subjects).toEqual(subjects(0, limits.batchMessages))
    expect(await bring(office, 'mbox', file)).toEqual({ new: MANY, known: 0, failed: 0 })
  })

  it('goes on in a folder of files too', async () => {
    const tree = join(folder.dir, 'tree')
    await mkdir(tree)
    for (const subject of subjects(0, limits.batchMessages + 20)) await writeFile(join(tree, `${subject}.eml`), mail(subject))
    const office = emptyOffice()
    office.killAt({ commit: 1, when: 'after' })
    await expect(bring(office, 'eml', tree)).rejects.toBeInstanceOf(Killed)
    office.killAt(null)
    expect(await bring(office, 'eml', tree)).toEqual({ new: limits.batchMessages + 20, known: 0, failed: 0 })
    expect(office.batches.map((batch) => batch.messages.length)).toEqual([limits.batchMessages, 20])
  })
})

describe('any mailbox', () => {
  it('gives back the mails that were written into it', async () => {
    const line = fc.constantFrom(
      '',
      'text',
      'From here',
      '>From there',
      '>>From',
      'From ',
      '>',
      'From a@b Tue Mar  3 10:00:00 2026',
      'é',
      ' ',
      '--x',
    )
    const body = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 6 }), fc.boolean(), async (bodies, dos) => {
        const mails = bodies.map((text, index) => mail(`m${index}`, { body: text }))
        const text = mbox(mails)
        await writeFile(file, dos ? text.replaceAll('\n', '\r\n') : text)
        const office = emptyOffice()
        const report = await bring(office, 'mbox', file)
        expect(report.new).toBe(mails.length)
        const raws = [...office.messages.values()].map((kept) => Buffer.from(kept.versions[0]?.raw ?? []).toString())
        expect(raws).toEqual(mails.map((one) => one.replaceAll('\n', '\r\n')))
      }),
      { numRuns: 200 },
    )
  })

  it('of bytes without any rule ends in a report or a fault of the file', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .constantFrom(
          'From x@y.example Tue Mar  3 10:00:00 2026\n',
          '\n',
          '\r\n',
          'Subject: a\n',
          '\n\nFrom ',
          ' ',
          ':',
          '>From ',
        )
        .map((text) => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        await writeFile(file, Buffer.concat(pieces))
        const office = emptyOffice()
        const outcome = await bring(office, 'mbox', file).catch((error: { code?: string }) => error.code)
        if (typeof outcome === 'string') expect(outcome).toBe('not_a_mailbox')
        else {
          const understood = [...office.messages.values()].filter((message) => newest(message).mediaType === MAIL)
          expect(outcome?.new).toBe(understood.length)
          expect(office.messages.size - understood.length).toBeLessThanOrEqual(outcome?.failed ?? 0)
        }
      }),
      { numRuns: 300 },
    )
  })
})
