import { expect, it } from 'vitest'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import type { MastodonSettings } from '#shared/model/index.ts'
import { MemoryOffice } from '../../support/context.ts'
import { zip } from '../../support/zip.ts'
import { folder } from '../exports.ts'
import { note, outbox } from './archive.ts'
import { contentOf, status } from './simulator/entities.ts'
import { MastodonServer } from './simulator/server.ts'
import type { Post } from './simulator/world.ts'

const none = new AbortController().signal

/** The archive that a server would hand out of the account's own posts. */
function archiveOf(server: MastodonServer): Record<string, string> {
  const { world, origin } = server
  const actor = `${origin}/users/office`
  const activity = (post: Post, n: number) => {
    if (post.boosts)
      return { id: post.uri, type: 'Announce', actor, published: post.at.toISOString(), to: [], cc: [], object: post.boosts.uri }
    const made = note(n, contentOf(world, post.text), {
      id: post.uri,
      url: status(world, post)['url'],
      published: post.at.toISOString(),
      summary: post.warning || null,
      inReplyTo: post.answers?.uri ?? null,
      attachment: post.media.map((id) => ({
        mediaType: 'image/png',
        url: `/media_attachments/files/1/original/${id}.png`,
        name: 'A map',
      })),
    })
    return { ...made, actor }
  }
  const name = { id: actor, type: 'Person', preferredUsername: 'office', name: 'House of Examplia' }
  return {
    'outbox.json': outbox(world.ownPosts.map(activity)),
    'actor.json': JSON.stringify(name),
    'media_attachments/files/1/original/map.png': 'a map',
  }
}

it.each(['archive first', 'live first'])('an archive and the live account do not double each other: %s', async (order) => {
  const server = await new MastodonServer({ streaming: false }).start()
  const { world } = server
  const ada = world.person('ada')
  world.files.set('map', { id: 'map', bytes: Buffer.from('a map'), type: 'image/png', alt: 'A map', busy: 0 })
  const first = world.post(
    world.own,
    'The gallery is open\nat two\n\nCome & see https://www.example.org/gallery/opening/hours/of/the/year',
    {
      warning: 'news',
      media: ['map'],
    },
  )
  world.post(world.own, 'And at six', { answers: first })
  world.post(world.own, '', { boosts: world.post(ada, 'Well said') })
  const { dir, remove } = await folder({
    'm.zip': zip(Object.entries(archiveOf(server)).map(([path, content]) => ({ name: path, content }))),
  })
  const { live: _, ...whose } = server.settings
  const imported: MastodonSettings = { ...whose, live: null }
  const office = new MemoryOffice<MastodonSettings>({
    settings: order === 'archive first' ? imported : server.settings,
    secret: server.token,
  })
  const bring = () => mastodonConnector.importFiles?.({ format: 'archive', path: `${dir}/m.zip`, parts: [] }, office.open(), none)
  const sync = async () => {
    const client = mastodonConnector.create(office.open())
    await client.sync(none)
    await client.close()
  }
  const said = () => [...office.messages].filter(([, { versions }]) => versions[0]?.kind !== 'file')
  if (order === 'live first') await sync()
  await bring()
  if (order === 'archive first') {
    expect(said()).toHaveLength(3)
    await expect(mastodonConnector.create(office.open()).sync(none)).rejects.toMatchObject({ code: 'files_only' })
    office.settings = server.settings
  }
  // somebody answers a post that so far is known from the archive
  world.mention(ada, '@office thank you', { answers: first })
  await sync()
  expect(office.settings).toEqual(server.settings)
  expect(said().map(([id, { versions }]) => [id, versions.length])).toEqual(
    expect.arrayContaining(
      world.posts.filter(({ by, text }) => by === world.own || text.includes('thank')).map(({ uri }) => [uri, 1]),
    ),
  )
  expect(said()).toHaveLength(4)
  // deletions of posts that came first from the archive are told too
  world.remove(first)
  await sync()
  expect(office.messages.get(first.uri)?.deleted).toBe(true)
  await remove()
  await server.stop()
})
