import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import { tar } from '../../support/tar.ts'
import { zip } from '../../support/zip.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, saying } from '../exports.ts'
import { activities, actorId, files, note, outbox, picture } from './archive.ts'

const leftovers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of leftovers.splice(0)) await remove()
})

async function path(content: Record<string, string | Uint8Array>, name = ''): Promise<string> {
  const { dir, remove } = await folder(content)
  leftovers.push(remove)
  return join(dir, name)
}

const zipped = (content: Record<string, string | Uint8Array>) =>
  path({ 'm.zip': zip(Object.entries(content).map(([name, bytes]) => ({ name, content: bytes }))) }, 'm.zip')

it('an archive of Mastodon comes in whole: zip, tar.gz, tar and folder alike', async () => {
  const unpacked = await path(files())
  execFileSync('tar', ['czf', join(unpacked, '../real.tar.gz'), '-C', unpacked, '.'])
  leftovers.push(async () => void execFileSync('rm', [join(unpacked, '../real.tar.gz')]))
  const places = [
    unpacked,
    await zipped(files()),
    await path({ 'm.tar.gz': gzipSync(tar(files())) }, 'm.tar.gz'),
    await path({ m: tar(files()) }, 'm'),
    join(unpacked, '../real.tar.gz'),
  ]
  const ends: string[][] = []
  for (const place of places) {
    const office = emptyOffice()
    const report = await bring(office, mastodonConnector, place)
    expect(report).toMatchObject({ new: 6, known: 0, failed: 0 })
    expect(remarks(report)).toEqual(['field_unknown outbox.json newfangled 1'])
    expect(office.settings).toEqual({ handle: 'house', userId: actorId, server: 'social.example' })
    ends.push(holdings(office))
  }
  for (const end of ends) expect(end).toEqual(ends[0])
})

it('says of each post what the archive says', async () => {
  const office = emptyOffice()
  await bring(office, mastodonConnector, await zipped(files()))
  const post = saying(office, 'The gallery is open\nat two\n\nCome & see\n\nRows of seats')
  expect(post).toMatchObject({
    remoteId: `${actorId}/statuses/111`,
    kind: 'post',
    direction: 'outbound',
    from: { name: 'House of Examplia', handle: 'house@social.example' },
    at: '2024-03-01T09:00:00.000Z',
    link: 'https://social.example/@house/111',
    attachments: [{ name: 'gallery.jpg', mediaType: 'image/jpeg', size: 4, contentId: '0', inline: true }],
  })
  expect(office.kept.get(post.media?.[0]?.sha256 ?? '')).toEqual(picture)
  expect(saying(office, 'Yes, on Tuesday')).toMatchObject({
    kind: 'reply',
    to: [{ handle: 'bob@elsewhere.example' }],
    threadKeys: expect.arrayContaining(['https://elsewhere.example/users/bob/statuses/5']),
  })
  expect(saying(office, 'Only for you')).toMatchObject({ kind: 'direct', to: [{ handle: 'bob@elsewhere.example' }] })
  expect(saying(office, 'Harm is described below')).toMatchObject({ subject: 'Report on harm' })
  expect(saying(office, 'https://elsewhere.example/users/clerk/statuses/9')).toMatchObject({ kind: 'act' })
  const poll = saying(office, 'When shall we sit?\n\nAt two\n\nAt six')
  const shown = await mastodonConnector.render(poll.raw, poll.mediaType)
  expect(shown).toMatchObject({
    damaged: false,
    html: '<p>When shall we sit?</p><ul><li>At two (7)</li><li>At six (2)</li></ul>',
  })
})

it('an edit in a later archive is a new version; more answers to a poll are not', async () => {
  const office = emptyOffice()
  await bring(office, mastodonConnector, await zipped(files()))
  const edited = [
    note(1, '<p>The gallery is closed</p>'),
    note(2, '<p>Yes, on Tuesday</p>', { replies: { totalItems: 9 }, inReplyTo: null }),
  ]
  const report = await bring(office, mastodonConnector, await zipped(files([...edited, ...activities.slice(2)])))
  expect(report).toMatchObject({ new: 0, known: 6 })
  expect([...office.messages].filter(([, { versions }]) => versions.length > 1).map(([id]) => id)).toEqual([
    `${actorId}/statuses/111`,
  ])
})

it('the archive of another account or another server is refused', async () => {
  for (const settings of [{ handle: 'senate' }, { handle: 'house', server: 'other.example' }]) {
    const office = emptyOffice(settings)
    await expect(bring(office, mastodonConnector, await zipped(files()))).rejects.toMatchObject({ code: 'export_of_other' })
    expect(office.messages.size).toBe(0)
  }
  expect(
    await bring(emptyOffice({ handle: '@House', server: 'social.example' }), mastodonConnector, await zipped(files())),
  ).toMatchObject({ new: 6 })
})

it('without its actor the first activity says whose it is; without either it is no archive of Mastodon', async () => {
  const { 'actor.json': _, ...rest } = files()
  const office = emptyOffice()
  expect(await bring(office, mastodonConnector, await zipped(rest))).toMatchObject({ new: 6 })
  expect(office.settings).toMatchObject({ handle: 'house', server: 'social.example' })
  for (const content of [{ 'outbox.json': outbox([]) }, { 'outbox.json': 'garbage' }, { 'readme.txt': 'hello' }])
    await expect(bring(emptyOffice(), mastodonConnector, await zipped(content))).rejects.toMatchObject({ code: 'export_unknown' })
})

it('killed before or after any of its saves, it ends as if it had not been', async () => {
  const place = await zipped(files(Array.from({ length: 2300 }, (_, n) => note(n, `<p>Post ${n}</p>`))))
  const office = emptyOffice()
  await bring(office, mastodonConnector, place)
  const ends = await bringWithKills(mastodonConnector, place)
  expect(ends.length).toBeGreaterThanOrEqual(4)
  for (const end of ends) expect(end).toEqual(holdings(office))
})

it('activities without sense are kept as bytes, and a list that is cut off keeps what came before', async () => {
  const bad = [
    {},
    { type: 'Create', object: { content: 'no id' } },
    'text',
    null,
    note(9, '<p>No date</p>', { published: 'soon' }),
  ]
  const report = await bring(emptyOffice(), mastodonConnector, await zipped(files([...activities, ...bad])))
  expect(report).toMatchObject({ new: 7, failed: 4 })
  const whole = outbox()
  const cut = await bring(
    emptyOffice(),
    mastodonConnector,
    await zipped({ ...files(), 'outbox.json': whole.slice(0, whole.indexOf('Report on harm')) }),
  )
  expect(cut).toMatchObject({ new: 3 })
  expect(remarks(cut)).toContain('file_unreadable outbox.json cut 1')
})

it('a tar.gz that is cut off or whose headers are damaged is refused with the reason', async () => {
  const whole = gzipSync(tar(files()))
  const broken = tar(files())
  broken[0] = 0x21
  for (const bytes of [whole.subarray(0, whole.length / 2), gzipSync(broken)])
    await expect(bring(emptyOffice(), mastodonConnector, await path({ 'm.tar.gz': bytes }, 'm.tar.gz'))).rejects.toMatchObject({
      code: 'export_damaged',
    })
})
