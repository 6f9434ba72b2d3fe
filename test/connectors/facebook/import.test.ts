import { afterEach, describe, expect, it } from 'vitest'
import { facebookConnector } from '#connectors/facebook/connector.ts'
import { instagramConnector } from '#connectors/instagram/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { files as instagram } from '../instagram/export.ts'
import { brokenJson, flat, nested, OWNER, posts } from './export.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of made.splice(0)) await remove()
})

async function exported(files: Record<string, string | Uint8Array>): Promise<string> {
  const { dir, remove } = await folder(files)
  made.push(remove)
  return dir
}

describe('an export of Facebook', () => {
  it('has its texts mended, and becomes posts, comments, messages and acts in both directions', async () => {
    const office = emptyOffice()
    const report = await bring(office, facebookConnector, await exported(nested))
    expect(said(office).map(({ kind, direction, from, text }) => [kind, direction, from.name, text])).toEqual([
      ['post', 'outbound', OWNER, 'Before there was a network'],
      ['post', 'outbound', OWNER, 'Répondez à l’enquête 😀\nDie Straße – gesperrt\nÉtude\nhttps://parliament.example/étude'],
      ['post', 'outbound', OWNER, 'Only words'],
      ['comment', 'outbound', OWNER, 'Merci à tous'],
      ['act', 'outbound', OWNER, 'Zoë Ŧest likes Ana’s post.'],
      ['direct', 'inbound', 'Ana Ñandú', '¿Comemos?\nhttps://food.example/'],
      ['direct', 'outbound', OWNER, 'Gerne, um zwölf'],
      ['post', 'outbound', OWNER, 'From the future'],
    ])
    expect(report).toMatchObject({ new: 8, failed: 0 })
    expect(remarks(report)).toEqual([])
    expect(office.settings).toMatchObject({ handle: 'zoe.test' })
  })

  it('keeps dates before 1970 and after 2100, and the exact bytes', async () => {
    const office = emptyOffice()
    await bring(office, facebookConnector, await exported(nested))
    expect(saying(office, 'Before there was a network').at).toBe('1843-03-31T16:53:20.000Z')
    expect(saying(office, 'From the future').at).toBe('2191-10-27T12:26:40.000Z')
    const { raw } = saying(office, 'Merci à tous')
    expect(nested['your_facebook_activity/comments_and_reactions/comments.json']).toContain(Buffer.from(raw).toString())
    expect(JSON.parse(Buffer.from(raw).toString())).toMatchObject({ timestamp: 1700002000 })
  })

  it('keeps a conversation together, with who takes part, pictures and what was put to it', async () => {
    const office = emptyOffice()
    await bring(office, facebookConnector, await exported(nested))
    const [asked, answered] = said(office).filter(({ kind }) => kind === 'direct')
    expect(asked).toMatchObject({
      threadKeys: ['thread:1234567890'],
      subject: 'Ana Ñandú',
      to: [{ name: OWNER, handle: 'zoe.test' }],
    })
    expect(answered).toMatchObject({ threadKeys: ['thread:1234567890'], to: [{ name: 'Ana Ñandú', handle: '' }] })
    expect(asked?.attachments).toMatchObject([{ name: 'p_1.jpg', mediaType: 'image/jpeg', size: 11 }])
    expect(office.kept.get(asked?.media?.[0]?.sha256 ?? '')?.toString()).toBe('picture two')
    const shown = await facebookConnector.render(answered?.raw ?? new Uint8Array(), answered?.mediaType ?? '')
    expect(shown).toMatchObject({ text: 'Gerne, um zwölf', damaged: false })
    expect(shown.html).toBe('<p>Gerne, um zwölf</p><ul><li>❤ Ana Ñandú</li></ul>')
  })

  it('says the same in the older layout, and is known where both are brought', async () => {
    const office = emptyOffice()
    await bring(office, facebookConnector, await exported(nested))
    const before = said(office).length
    const report = await bring(office, facebookConnector, await exported(flat))
    expect(report).toMatchObject({ new: 0, known: 8, failed: 0 })
    expect(said(office)).toHaveLength(before)
    expect(
      [...office.messages.values()].filter(({ versions }) => versions.length > 1).map(({ versions }) => versions[0]?.kind),
    ).not.toContain('post')
  })

  it('that overlaps with one before adds what is new, and a version of what was mended', async () => {
    const office = emptyOffice()
    await bring(office, facebookConnector, await exported(nested))
    const [first, ...others] = posts
    const later = [
      { ...first, data: [{ post: 'Répondez vite' }] },
      ...others,
      { timestamp: 1800000000, data: [{ post: 'One more' }] },
    ]
    const path = 'your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json'
    const report = await bring(office, facebookConnector, await exported({ ...nested, [path]: brokenJson(later) }))
    expect(report).toMatchObject({ new: 1, known: 8 })
    const two = [...office.messages.values()].filter(({ versions }) => versions.length === 2 && versions[0]?.kind === 'post')
    expect(two.map(({ versions }) => versions.map(({ text }) => text.split('\n', 1)[0]))).toEqual([
      ['Répondez à l’enquête 😀', 'Répondez vite'],
    ])
  })

  it('brought twice doubles nothing, and killed at any commit holds the same in the end', async () => {
    const many = Array.from({ length: 2300 }, (_, n) => ({ timestamp: 1_600_000_000 + n, data: [{ post: `Post ${n}` }] }))
    const dir = await exported({ ...nested, 'your_facebook_activity/posts/profile_posts_1.json': brokenJson(many) })
    const office = emptyOffice()
    await bring(office, facebookConnector, dir)
    const whole = holdings(office)
    expect(said(office)).toHaveLength(2308)
    expect(await bring(office, facebookConnector, dir)).toMatchObject({ new: 0, known: 2308 })
    expect(holdings(office)).toEqual(whole)
    const ends = await bringWithKills(facebookConnector, dir)
    expect(ends.length).toBeGreaterThanOrEqual(6)
    for (const end of ends) expect(end).toEqual(whole)
  })

  it('keeps every file that it does not read, and what a file says beside its entries', async () => {
    const office = emptyOffice()
    const report = await bring(office, facebookConnector, await exported(nested))
    expect(report.remarks.filter(({ kind }) => kind === 'file_kept').map(({ path }) => path)).toEqual([
      'ads_information/advertisers.json',
      'personal_information/profile_information/profile_information.json',
    ])
    const frames = [...office.messages.values()].filter(({ versions }) => versions[0]?.mediaType.includes('meta-thread'))
    expect(frames[0]?.versions[0]).toMatchObject({
      at: '2023-11-14T23:20:00.000Z',
      text: `Ana Ñandú\n${OWNER}\nAna Ñandú\ninbox/ana_1234567890`,
    })
    expect(JSON.parse(Buffer.from(frames[0]?.versions[0]?.raw ?? []).toString())).toMatchObject({
      thread_path: 'inbox/ana_1234567890',
    })
  })

  it('of another person is refused, and nothing is brought in', async () => {
    const office = emptyOffice({ handle: 'ana' })
    await expect(bring(office, facebookConnector, await exported(nested))).rejects.toMatchObject({
      code: 'export_of_other',
      params: { found: '@zoe.test', expected: '@ana' },
    })
    expect(office.messages.size).toBe(0)
  })

  it('as web pages is refused with what to ask for; what is none is not taken for one', async () => {
    const pages = { 'start_here.html': '<html>', 'your_facebook_activity/messages/inbox/ana_1/message_1.html': '<html>' }
    await expect(bring(emptyOffice(), facebookConnector, await exported(pages))).rejects.toMatchObject({
      code: 'export_web_pages',
    })
    await expect(bring(emptyOffice(), facebookConnector, await exported({ 'a.txt': 'hello' }))).rejects.toMatchObject({
      code: 'export_unknown',
    })
    const other = {
      'your_instagram_activity/media/posts_1.json': '[]',
      'messages/inbox/a_1234567/message_1.json':
        nested['your_facebook_activity/messages/inbox/ana_1234567890/message_1.json'] ?? '',
    }
    await expect(bring(emptyOffice(), facebookConnector, await exported(other))).rejects.toMatchObject({ code: 'export_unknown' })
  })

  it('together with one of Instagram is read by each for its own part', async () => {
    const both = await exported({ ...nested, ...instagram })
    expect(await bring(emptyOffice(), facebookConnector, both)).toMatchObject({ new: 8, failed: 0 })
    expect(await bring(emptyOffice(), instagramConnector, both)).toMatchObject({ new: 9, failed: 0 })
  })

  it('without a profile is told by who takes part in every conversation', async () => {
    const files: Record<string, string> = {}
    for (const name of ['Ana', 'Bob', 'Cyd']) {
      const messages = [{ sender_name: 'Me', timestamp_ms: 1_700_000_000_000, content: `To ${name}` }]
      files[`messages/inbox/${name}_76543${name}/message_1.json`] = brokenJson({
        participants: [{ name }, { name: 'Me' }],
        messages,
        title: name,
      })
    }
    const office = emptyOffice()
    await bring(office, facebookConnector, await exported(files))
    expect(said(office).map(({ direction }) => direction)).toEqual(['outbound', 'outbound', 'outbound'])
  })

  it('reads messages that were encrypted end to end, and entries with labels', async () => {
    const secure = {
      participants: ['Ana', OWNER],
      threadName: 'Ana_1',
      messages: [
        {
          isUnsent: false,
          media: [],
          reactions: [],
          senderName: 'Ana',
          text: 'Só para ti',
          timestamp: 1700000000123,
          type: 'text',
        },
      ],
    }
    const labelled = [
      {
        timestamp: 1700000100,
        media: [],
        label_values: [
          { label: 'Texte', value: 'Nouveau' },
          { label: 'URL', value: 'https://a.example/' },
        ],
        fbid: '98765432109876543210',
      },
    ]
    const office = emptyOffice()
    const report = await bring(
      office,
      facebookConnector,
      await exported({
        ...nested,
        'your_facebook_activity/messages/e2ee_cutover/ana_7654321/message_1.json': brokenJson(secure),
        'your_facebook_activity/posts/profile_posts_9.json': brokenJson(labelled),
      }),
    )
    expect(report.failed).toBe(0)
    expect(saying(office, 'Só para ti')).toMatchObject({ kind: 'direct', direction: 'inbound', at: '2023-11-14T22:13:20.123Z' })
    expect(saying(office, 'Nouveau\nhttps://a.example/')).toMatchObject({
      remoteId: 'post:98765432109876543210',
      link: 'https://a.example/',
    })
  })
})
