import { afterEach, describe, expect, it } from 'vitest'
import { youtubeConnector } from '#connectors/youtube/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { comments, files, french, ME, pages } from './export.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of made.splice(0)) await remove()
})

async function exported(more: Record<string, string | Uint8Array>): Promise<string> {
  const { dir, remove } = await folder(more)
  made.push(remove)
  return dir
}

const COMMENTS = 'Takeout/YouTube and YouTube Music/comments/comments.csv'

describe('a Takeout of YouTube', () => {
  it('becomes comments, replies, lines of live chats, posts and films', async () => {
    const office = emptyOffice()
    const report = await bring(office, youtubeConnector, await exported(files))
    expect(said(office).map(({ kind, subject, at, text }) => [kind, subject, at, text])).toEqual([
      ['comment', '', '2015-01-01T00:00:00.000Z', '{plain} text'],
      ['post', '', '2023-09-18T09:00:00.000Z', 'We are back'],
      ['comment', '', '2023-09-19T17:42:53.000Z', 'an older form'],
      ['comment', '', '2024-03-01T10:00:00.500Z', 'Order, order!'],
      ['post', 'Question time', '2024-04-10T09:00:00.000Z', 'Question time'],
      ['comment', 'Question time', '2024-04-11T18:26:40.155Z', 'Très bien\nline two'],
      ['reply', 'Question time', '2024-04-12T00:28:56.616Z', '@ana yes: news'],
    ])
    expect(report).toMatchObject({ new: 7, failed: 0 })
    expect(remarks(report)).toEqual([])
    expect(office.settings.userId).toBe(ME)
    expect(
      said(office).every(
        ({ from, direction }) => from.name === 'Parliament TV' && from.handle === ME && direction === 'outbound',
      ),
    ).toBe(true)
  })

  it('keeps a comment and its replies together, and names their page', async () => {
    const office = emptyOffice()
    await bring(office, youtubeConnector, await exported(files))
    const reply = saying(office, '@ana yes: news')
    expect(reply.threadKeys).toEqual(['comment:UgxAAAAAAAAAAAAAAAAAA4AaABAg'])
    expect(saying(office, 'Très bien\nline two').threadKeys).toEqual(reply.threadKeys)
    expect(reply.link).toBe('https://www.youtube.com/watch?v=vid_0000001&lc=UgxAAAAAAAAAAAAAAAAAA4AaABAg.9xyz')
    expect(saying(office, 'an older form').link).toBe('https://www.youtube.com/post/Ugpost_1?lc=UgyBBBBBBBBBBBBBBBBBB4AaABAg')
    const shown = await youtubeConnector.render(reply.raw, reply.mediaType)
    expect(shown).toMatchObject({ text: '@ana yes: news', damaged: false })
    expect(shown.html).toBe(
      '<p><a href="https://www.youtube.com/channel/UCana">@ana</a> yes: <a href="https://parliament.example/">news</a></p>',
    )
  })

  it('in another language, and as the pages of former years, says the same', async () => {
    const office = emptyOffice()
    await bring(office, youtubeConnector, await exported(files))
    expect(await bring(office, youtubeConnector, await exported(french))).toMatchObject({ new: 0, known: 5, failed: 0 })
    expect(await bring(office, youtubeConnector, await exported(pages))).toMatchObject({ new: 2, known: 1, failed: 0 })
    expect(saying(office, 'A <b> is no b')).toMatchObject({ kind: 'reply', threadKeys: ['comment:UgwDDDDDDDDDDDDDDDDDD4AaABAg'] })
    expect(saying(office, 'Hear, hear')).toMatchObject({ threadKeys: ['chat:live_000001'], at: '2019-08-24T12:43:19.000Z' })
    const { raw, mediaType } = saying(office, 'A <b> is no b')
    expect(await youtubeConnector.render(raw, mediaType)).toMatchObject({ html: '<p>A &lt;b&gt; is no b</p>', damaged: false })
  })

  it('keeps what is not said by the account, and other products, as files', async () => {
    const report = await bring(emptyOffice(), youtubeConnector, await exported(files))
    expect(report.remarks.filter(({ kind }) => kind === 'file_kept').map(({ path }) => path.split('/').at(-1))).toEqual([
      'note.csv',
      'channel.csv',
      'watch-history.json',
      'subscriptions.csv',
    ])
  })

  it('brought twice doubles nothing; one that overlaps adds what is new', async () => {
    const office = emptyOffice()
    const dir = await exported(files)
    await bring(office, youtubeConnector, dir)
    const whole = holdings(office)
    expect(await bring(office, youtubeConnector, dir)).toMatchObject({ new: 0, known: 7 })
    expect(holdings(office)).toEqual(whole)
    const more = `${comments}\r\nUgzEEEEEEEEEEEEEEEEEE4AaABAg,${ME},2025-01-01T00:00:00Z,0,,,vid_0000002,new,`
    expect(await bring(office, youtubeConnector, await exported({ ...files, [COMMENTS]: more }))).toMatchObject({
      new: 1,
      known: 7,
    })
  })

  it('killed at any commit and begun again holds the same', async () => {
    const rows = Array.from(
      { length: 2200 },
      (_, n) => `Ugz${String(n).padStart(20, '0')}AaABAg,${ME},2015-01-01T00:00:00Z,0,,,v,${n},`,
    )
    const dir = await exported({ ...files, [COMMENTS]: [comments.split('\r\n')[0], ...rows].join('\n') })
    const office = emptyOffice()
    await bring(office, youtubeConnector, dir)
    const ends = await bringWithKills(youtubeConnector, dir)
    expect(ends.length).toBeGreaterThanOrEqual(6)
    for (const end of ends) expect(end).toEqual(holdings(office))
  })

  it('with a column that is not known says so', async () => {
    const wider = comments.split('\r\n').map((line, index) => `${line},${index === 0 ? 'Mood' : 'calm'}`)
    const report = await bring(emptyOffice(), youtubeConnector, await exported({ ...files, [COMMENTS]: wider.join('\r\n') }))
    expect(report).toMatchObject({ new: 7, failed: 0 })
    expect(remarks(report)).toEqual([`field_unknown ${COMMENTS} mood 1`])
  })

  it('of another channel is refused; what is none is not taken for one', async () => {
    const other = emptyOffice({ userId: `UC${'b'.repeat(22)}` })
    await expect(bring(other, youtubeConnector, await exported(files))).rejects.toMatchObject({ code: 'export_of_other' })
    await expect(
      bring(emptyOffice(), youtubeConnector, await exported({ 'Takeout/Drive/note.csv': 'a,b\n1,2' })),
    ).rejects.toMatchObject({ code: 'export_unknown' })
  })

  it('keeps rows without a time, an id or all of their fields, and dates of any year', async () => {
    const odd = [
      comments.split('\r\n')[0],
      `UgzFFFFFFFFFFFFFFFFFF4AaABAg,${ME},1815-06-18T11:30:00Z,0,,,v,Waterloo,`,
      `UgzGGGGGGGGGGGGGGGGGG4AaABAg,${ME},2123-01-01T00:00:00Z,0,,,v,Later,`,
      `UgzHHHHHHHHHHHHHHHHHH4AaABAg,${ME},2023-02-30T00:00:00Z,0,,,v,No such day,`,
      `,${ME},2023-02-20T00:00:00Z,0,,,v,No id,`,
      `UgzIIIIIIIIIIIIIIIIII4AaABAg,${ME}`,
    ]
    const office = emptyOffice()
    const report = await bring(office, youtubeConnector, await exported({ [COMMENTS]: odd.join('\n') }))
    expect(said(office).map(({ at, text }) => [at, text])).toEqual([
      ['1815-06-18T11:30:00.000Z', 'Waterloo'],
      ['2123-01-01T00:00:00.000Z', 'Later'],
    ])
    expect(report).toMatchObject({ failed: 3 })
    expect(office.settings.userId).toBe(ME)
  })
})
