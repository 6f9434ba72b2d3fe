import { afterEach, describe, expect, it } from 'vitest'
import { mastodonConnector } from '#connectors/mastodon/connector.ts'
import { Desk } from './desk.ts'
import { plain, type Ways } from './simulator/ways.ts'

const none = new AbortController().signal
let desk: Desk
afterEach(async () => {
  // what the connector asked and what the server made up both fit the API's description, where that is at hand
  await desk.close()
  expect(desk.server.spec?.takeFaults() ?? []).toEqual([])
})

const at = (minute: number) => new Date(Date.UTC(2026, 0, 10, 9, minute))

describe('what is read', () => {
  it('is who wrote, to whom, what it answers and where it is', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const ada = world.person('ada', 'elsewhere.example', 'Ada :star:')
    const own = world.post(world.own, 'Sitting at nine', { at: at(0) })
    world.mention(ada, '@office When is the vote?', { answers: own, at: at(1) })
    world.post(world.own, '@ada At noon https://www.example.org/a/very/long/address/of/a/page', {
      answers: world.posts.at(-1) ?? null,
      mentions: [ada],
      at: at(2),
    })
    world.mention(ada, '@office in confidence', { visibility: 'direct', at: at(3) })
    await desk.sync()
    expect(
      desk.messages.map(({ kind, direction, from, to, read }) => [kind, direction, from.handle, to[0]?.handle, read]),
    ).toEqual([
      ['post', 'outbound', `office@${world.host}`, undefined, true],
      ['reply', 'inbound', 'ada@elsewhere.example', `office@${world.host}`, false],
      ['reply', 'outbound', `office@${world.host}`, 'ada@elsewhere.example', true],
      ['direct', 'inbound', 'ada@elsewhere.example', `office@${world.host}`, false],
    ])
    const [post, question, answer, direct] = desk.messages
    expect(question?.threadKeys.some((key) => post?.threadKeys.includes(key))).toBe(true)
    expect(answer?.threadKeys.some((key) => question?.threadKeys.includes(key))).toBe(true)
    expect(direct?.threadKeys.some((key) => answer?.threadKeys.includes(key))).toBe(false)
    expect(answer?.text).toContain('https://www.example.org/a/very/long/address/of/a/page')
    expect(question?.from.name).toBe('Ada :star:')
    expect(JSON.parse(Buffer.from(question?.raw ?? []).toString('utf8'))).toMatchObject({ uri: question?.remoteId })
  })

  it('brings what a post answers, where that is of somebody else', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    await desk.sync()
    const first = world.post(world.person('bob'), 'The bridge is closed')
    const second = world.post(world.person('cyd'), 'For how long?', { answers: first })
    world.mention(world.person('ada'), '@office do you know?', { answers: second })
    await desk.sync()
    const chain = desk.messages
    expect(chain.map(({ text }) => text)).toEqual(['The bridge is closed', 'For how long?', '@office do you know?'])
    expect(chain.map(({ quiet, read }) => [quiet === true, read])).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ])
    expect(new Set(chain[2]?.threadKeys).has(chain[1]?.threadKeys[1] as string)).toBe(true)
  })

  it.each([
    ['in groups', {}],
    ['one by one', { grouped: false }],
  ])('has likes, boosts and followers as quiet acts where they belong, told %s', async (_, ways: Partial<Ways>) => {
    desk = await Desk.open(ways)
    const { world } = desk.server
    const own = world.post(world.own, 'Budget passed')
    for (const name of ['ada', 'bob', 'cyd']) world.notify('favourite', world.person(name), own, at(1))
    world.notify('reblog', world.person('ada'), own, at(2))
    world.notify('follow', world.person('dan'), null, at(3))
    await desk.sync()
    const acts = desk.messages.filter(({ kind }) => kind === 'act')
    expect(acts.every(({ quiet, read }) => quiet && read)).toBe(true)
    const likes = acts.filter(({ text }) => text.startsWith('★'))
    expect(likes.flatMap(({ text }) => text.split('\n').slice(1)).sort()).toEqual([
      'ada @ada@elsewhere.example',
      'bob @bob@elsewhere.example',
      'cyd @cyd@elsewhere.example',
    ])
    expect(likes).toHaveLength(ways.grouped === false ? 3 : 1)
    for (const like of likes) expect(like.threadKeys).toContain(own.uri)
    const [follower] = acts.filter(({ text }) => text.startsWith('+'))
    expect(follower?.threadKeys).not.toContain(own.uri)
    const rendered = await mastodonConnector.render(follower?.raw ?? new Uint8Array(), follower?.mediaType ?? '')
    expect(rendered).toMatchObject({ damaged: false, text: '+\ndan @dan@elsewhere.example' })
  })

  it('shows warnings, polls, quotes, emoji and described pictures', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const quoted = world.post(world.person('bob'), 'The original words')
    world.files.set('f1', { id: 'f1', bytes: Buffer.from('a picture'), type: 'image/png', alt: 'a map of the harbour', busy: 0 })
    world.post(world.own, 'Look :flag: here', { warning: 'long', poll: ['Yes', 'No'], quotes: quoted, media: ['f1'] })
    await desk.sync()
    const message = desk.saying('Look')
    expect(message).toMatchObject({ subject: 'long' })
    expect(message.text).toBe('Look :flag: here\n\nYes\n\nNo\n\na map of the harbour')
    expect(message.attachments).toMatchObject([{ name: 'f1.png', mediaType: 'image/png', size: 9, contentId: '0', inline: true }])
    expect(message.media?.map(({ sha256 }) => desk.office.kept.get(sha256)?.toString())).toEqual(['a picture'])
    const { html, text, subject } = await mastodonConnector.render(message.raw, message.mediaType)
    expect(subject).toBe('long')
    expect(html).toContain('<img src="https://files.elsewhere.example/flag.png" alt=":flag:"')
    expect(html).toContain('<img src="cid:0" alt="a map of the harbour">')
    expect(html).toContain('<li>Yes (1)</li>')
    expect(html).toContain('<blockquote>')
    expect(text).toContain('The original words')
    expect(text).toContain(':flag:')
  })

  it('keeps every version of a post that was edited before it was first seen', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const post = world.post(world.own, 'Frist words', { at: at(0) })
    world.edit(post, 'First words')
    world.edit(post, 'First words, put right')
    await desk.sync()
    const texts = () => [...desk.office.messages.values()].map(({ versions }) => versions.map(({ text }) => text))
    expect(texts()).toEqual([['Frist words', 'First words', 'First words, put right']])
    world.edit(post, 'a version that nobody looked at')
    world.edit(post, 'the last one')
    await desk.sync()
    expect(texts()[0]?.slice(3)).toEqual(['a version that nobody looked at', 'the last one'])
    const [kept] = desk.office.messages.values()
    const rendered = await Promise.all(
      (kept?.versions ?? []).map(({ raw, mediaType }) => mastodonConnector.render(raw, mediaType)),
    )
    expect(rendered.map(({ text, damaged }) => (damaged ? 'damaged' : text))).toEqual(texts()[0])
  })

  it('tells of the people who wrote, and of figures', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    const own = world.post(world.own, 'Budget passed', { likes: 5, reblogs: 2 })
    world.mention(world.person('ada'), '@office why?', { answers: own })
    await desk.sync()
    const profiles = desk.office.batches.flatMap((batch) => batch.profiles ?? [])
    const ada = profiles.find(({ profile }) => profile.handle === 'ada@elsewhere.example')
    expect(ada?.profile).toMatchObject({
      userId: 'https://elsewhere.example/users/ada',
      since: '2019-03-01T00:00:00.000Z',
      automated: false,
      counts: { followers: 12, following: 3, posts: 1 },
    })
    expect(JSON.parse(Buffer.from(ada?.raw ?? []).toString('utf8'))).toMatchObject({ acct: 'ada@elsewhere.example' })
    const metrics = desk.office.batches.flatMap((batch) => batch.metrics ?? [])
    expect(metrics).toContainEqual(expect.objectContaining({ remoteId: null, counts: { followers: 12, following: 3, posts: 1 } }))
    expect(metrics).toContainEqual(
      expect.objectContaining({ remoteId: own.uri, counts: { likes: 5, boosts: 2, replies: 1, quotes: 0 } }),
    )
    expect(await desk.client.profile?.('@ada@elsewhere.example', none)).toMatchObject({
      profile: { handle: 'ada@elsewhere.example' },
    })
    expect(await desk.client.profile?.('nobody@nowhere.example', none)).toBeNull()
  })

  it('says how far the server goes when it has more than it hands out', async () => {
    desk = await Desk.open({ links: false })
    const { world } = desk.server
    for (let n = 0; n < 60; n++) world.post(world.own, `Post ${n}`, { at: at(n % 60) })
    await desk.sync()
    expect(desk.messages).toHaveLength(40)
    expect(desk.office.reach).toBe(at(20).toISOString())
    await desk.close()
    desk = await Desk.open()
    for (let n = 0; n < 60; n++) desk.server.world.post(desk.server.world.own, `Post ${n}`, { at: at(n % 60) })
    await desk.sync()
    expect(desk.messages).toHaveLength(60)
    expect(desk.office.reach).toBeNull()
  })

  it('goes down to where it was known when more is new than a page holds, and a kill between loses nothing', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    for (let n = 0; n < 5; n++) world.post(world.own, `Old ${n}`)
    await desk.sync()
    for (let n = 0; n < 500; n++) world.post(world.own, `New ${n}`)
    desk.office.killAt({ commit: 2, when: 'after' })
    await expect(desk.sync()).rejects.toThrow()
    desk.office.killAt(null)
    world.post(world.own, 'Newest')
    await desk.restart()
    await desk.sync()
    expect(desk.messages).toHaveLength(506)
  })

  it('asks each list once when nothing is new, and saves nothing', async () => {
    desk = await Desk.open()
    const { world } = desk.server
    for (let n = 0; n < 30; n++) world.mention(world.person('ada'), `@office question ${n}`)
    for (let n = 0; n < 30; n++) world.post(world.own, `Post ${n}`)
    await desk.sync()
    const { log } = desk.server
    const saved = desk.office.batches.length
    log.length = 0
    await desk.sync()
    expect(log.map((line) => line.replace(/\?.*/, ''))).toEqual([
      'GET /api/v2/notifications',
      'GET /api/v1/conversations',
      `GET /api/v1/accounts/${world.own.id}/statuses`,
    ])
    expect(desk.office.batches).toHaveLength(saved)
  })
})

describe('a server that only speaks like it', () => {
  it('is read all the same', async () => {
    desk = await Desk.open(plain)
    const { world } = desk.server
    const own = world.post(world.own, 'One\n\nTwo')
    world.mention(world.person('ada'), '@office a question', { answers: own })
    world.notify('favourite', world.person('bob'), own)
    for (let n = 0; n < 100; n++) world.post(world.own, `Post ${n}`)
    await desk.sync()
    await desk.restart()
    await desk.sync()
    expect(desk.messages).toHaveLength(103)
    expect(desk.saying('Two').text).toBe('One\n\nTwo')
    expect(desk.office.limits).toMatchObject({ text: { most: 5000 }, media: { mostAlt: 3000 }, quotes: false })
    expect([...desk.office.messages.values()].every(({ versions }) => versions.length === 1)).toBe(true)
  })

  it('that says nothing of itself has the limits that are usual', async () => {
    desk = await Desk.open({ ...plain, instance: 'none' })
    await desk.sync()
    expect(desk.office.limits).toMatchObject({ text: { most: 500, counting: 'mastodon' }, media: { most: 4, mostAlt: 1500 } })
  })

  it('has its limits from the second interface where it has that', async () => {
    desk = await Desk.open()
    await desk.sync()
    expect(desk.office.limits).toMatchObject({
      text: { most: 600 },
      quotes: true,
      edits: true,
      media: { types: ['image/jpeg', 'image/png', 'video/mp4'] },
    })
  })
})
