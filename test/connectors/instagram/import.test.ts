import { afterEach, describe, expect, it } from 'vitest'
import { instagramConnector } from '#connectors/instagram/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { brokenJson, thread } from '../facebook/export.ts'
import { files, posts } from './export.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of made.splice(0)) await remove()
})

async function exported(more: Record<string, string>): Promise<string> {
  const { dir, remove } = await folder(more)
  made.push(remove)
  return dir
}

describe('an export of Instagram', () => {
  it('becomes posts, stories, comments, likes and messages, whatever the language of its fields', async () => {
    const office = emptyOffice()
    const report = await bring(office, instagramConnector, await exported(files))
    expect(said(office).map(({ kind, direction, subject, text }) => [kind, direction, subject, text])).toEqual([
      ['post', 'outbound', '', 'Séance 🏛️'],
      ['post', 'outbound', '', 'Deux à la fois'],
      ['comment', 'outbound', 'ana.nandu', 'Très bien'],
      ['comment', 'outbound', 'bo', 'On a reel'],
      ['act', 'outbound', 'ana.nandu', 'ana.nandu\n👍\nhttps://www.instagram.com/p/Cabc/'],
      ['post', 'outbound', '', 'Une story'],
      ['post', 'outbound', '', 'Sur Threads'],
      ['direct', 'inbound', 'Ana Ñandú', '¿Comemos?\nhttps://food.example/'],
      ['direct', 'outbound', 'Ana Ñandú', 'Gerne, um zwölf'],
    ])
    expect(report).toMatchObject({ new: 9, failed: 0 })
    expect(remarks(report)).toEqual([
      'media_missing media/stories/202311/4.jpg  1',
      'media_missing your_facebook_activity/messages/inbox/ana_1234567890/photos/p_1.jpg  1',
    ])
    expect(office.settings).toMatchObject({ handle: 'zoe_test' })
  })

  it('has its pictures and films with the posts that name them', async () => {
    const office = emptyOffice()
    await bring(office, instagramConnector, await exported(files))
    const post = saying(office, 'Deux à la fois')
    expect(post.attachments.map(({ name, mediaType, size }) => [name, mediaType, size])).toEqual([
      ['2_n_17900000000000002.jpg', 'image/jpeg', 3],
      ['3_n_17900000000000003.mp4', 'video/mp4', 5],
    ])
    expect(post.at).toBe('2023-11-14T22:15:02.000Z')
  })

  it('in the older layout says the same, and is known where both are brought', async () => {
    const older = Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        path.replace('your_instagram_activity/media', 'content').replace('your_instagram_activity/', ''),
        content,
      ]),
    )
    const office = emptyOffice()
    await bring(office, instagramConnector, await exported(files))
    expect(await bring(office, instagramConnector, await exported(older))).toMatchObject({ new: 0, known: 9, failed: 0 })
  })

  it('with a caption that was mended since is another version of the same post', async () => {
    const office = emptyOffice()
    await bring(office, instagramConnector, await exported(files))
    const mended = [posts[0], { ...posts[1], title: 'Deux ensemble' }]
    await bring(
      office,
      instagramConnector,
      await exported({ ...files, 'your_instagram_activity/media/posts_1.json': brokenJson(mended) }),
    )
    const two = [...office.messages.values()].filter(({ versions }) => versions.length === 2 && versions[0]?.kind === 'post')
    expect(two.map(({ versions }) => versions.map(({ text }) => text))).toEqual([['Deux à la fois', 'Deux ensemble']])
  })

  it('brought twice doubles nothing, and killed at any commit holds the same in the end', async () => {
    const dir = await exported(files)
    const office = emptyOffice()
    await bring(office, instagramConnector, dir)
    const whole = holdings(office)
    expect(await bring(office, instagramConnector, dir)).toMatchObject({ new: 0, known: 9 })
    expect(holdings(office)).toEqual(whole)
    for (const end of await bringWithKills(instagramConnector, dir)) expect(end).toEqual(whole)
  })

  it('of another account is refused; as web pages too; an export of Facebook is none of Instagram', async () => {
    await expect(bring(emptyOffice({ handle: '@Ana' }), instagramConnector, await exported(files))).rejects.toMatchObject({
      code: 'export_of_other',
    })
    await expect(bring(emptyOffice({ handle: '@Zoe_Test' }), instagramConnector, await exported(files))).resolves.toMatchObject({
      new: 9,
    })
    await expect(bring(emptyOffice(), instagramConnector, await exported({ 'index.html': '<html>' }))).rejects.toMatchObject({
      code: 'export_web_pages',
    })
    const facebook = {
      'your_facebook_activity/posts/your_posts_1.json': '[]',
      'messages/inbox/a_1234567/message_1.json': brokenJson(thread),
    }
    await expect(bring(emptyOffice(), instagramConnector, await exported(facebook))).rejects.toMatchObject({
      code: 'export_unknown',
    })
  })
})
