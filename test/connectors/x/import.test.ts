import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { xConnector } from '#connectors/x/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { archive, files, own, picture, script, tweet, tweets } from './archive.ts'

const leftovers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of leftovers.splice(0)) await remove()
})

async function path(content: Record<string, string | Uint8Array>, name = ''): Promise<string> {
  const { dir, remove } = await folder(content)
  leftovers.push(remove)
  return join(dir, name)
}

const zipped = (bytes: Uint8Array) => path({ 'x.zip': bytes }, 'x.zip')

it('an archive of X comes in whole, from a zip and from a folder alike', async () => {
  const ends: string[][] = []
  for (const place of [await zipped(archive()), await path(files())]) {
    const office = emptyOffice()
    const report = await bring(office, xConnector, place)
    expect(report).toMatchObject({ new: 7, known: 0, failed: 0 })
    expect(remarks(report)).toEqual(['field_unknown data/tweets.js new_in_2030 1'])
    expect(
      report.remarks
        .filter(({ kind }) => kind === 'file_kept')
        .map((remark) => remark.path)
        .sort(),
    ).toEqual(['Your archive.html', 'data/account.js', 'data/like.js'])
    expect(office.settings).toEqual({ handle: own.username, userId: own.accountId, server: null })
    ends.push(holdings(office))
  }
  expect(ends[0]).toEqual(ends[1])
})

it('says of each post and message what the archive says', async () => {
  const office = emptyOffice()
  await bring(office, xConnector, await zipped(archive()))
  const me = { name: own.accountDisplayName, handle: own.username }
  const ada = { name: 'Ada Writer', handle: 'ada' }
  const post = saying(
    office,
    'The House sits at two & the gallery is open https://parliament.example/visit\n\nThe public gallery',
  )
  expect(post).toMatchObject({
    remoteId: '1763500000000000001',
    kind: 'post',
    direction: 'outbound',
    from: me,
    at: '2024-03-01T09:00:00.000Z',
    link: 'https://x.com/HouseOfExamplia/status/1763500000000000001',
    endpoint: 'file:x.zip',
    read: true,
    attachments: [{ index: 0, name: 'Fgallery.png', mediaType: 'image/png', size: picture.length, contentId: '0', inline: true }],
  })
  expect(office.kept.get(post.media?.[0]?.sha256 ?? '')).toEqual(picture)
  expect(JSON.parse(Buffer.from(post.raw).toString())).toEqual(tweets[0])
  expect(saying(office, '@ada The ferry bill is on Tuesday')).toMatchObject({
    kind: 'reply',
    to: [ada],
    threadKeys: ['1763500000000000002', '1763400000000000009'],
  })
  expect(saying(office, 'RT @clerks: The papers are out')).toMatchObject({ kind: 'act', direction: 'outbound' })
  expect(saying(office, 'A slip')).toMatchObject({ deletedAt: '2024-03-02T09:00:00.000Z' })
  expect(saying(office, 'May I visit with my class?')).toMatchObject({
    remoteId: 'dm:9007199254740993',
    kind: 'direct',
    direction: 'inbound',
    from: ada,
    to: [me],
    attachments: [{ name: 'class.png', size: 5 }],
  })
  expect(saying(office, 'You are welcome')).toMatchObject({ direction: 'outbound', from: me, to: [ada] })
})

it('shows a post from its bytes alone, pictures in place and nothing that was hidden in it', async () => {
  const office = emptyOffice()
  await bring(
    office,
    xConnector,
    await zipped(archive({ 'data/tweets.js': script('tweets', [...tweets, tweet('9', '<img src=x onerror=alert(1)> & more')]) })),
  )
  const show = async (text: string) => {
    const { raw, mediaType } = saying(office, text)
    return xConnector.render(raw, mediaType)
  }
  const shown = await show('The House sits at two & the gallery is open https://parliament.example/visit\n\nThe public gallery')
  expect(shown.html).toBe(
    '<p>The House sits at two &amp; the gallery is open <a href="https://parliament.example/visit">https://parliament.example/visit</a></p><p><img src="cid:0" alt="The public gallery"></p>',
  )
  expect((await show('<img src=x onerror=alert(1)> & more')).html).toBe('<p>&lt;img src=x onerror=alert(1)&gt; &amp; more</p>')
})

it('the same archive again adds nothing, and a later one that overlaps only what is new', async () => {
  const office = emptyOffice()
  await bring(office, xConnector, await zipped(archive()))
  const before = holdings(office)
  expect(await bring(office, xConnector, await zipped(archive()))).toMatchObject({ new: 0, known: 7, failed: 0 })
  expect(holdings(office)).toEqual(before)
  const liked = tweets.map((one) => ({ tweet: { ...(one['tweet'] as object), favorite_count: '99' } }))
  const later = archive({ 'data/tweets.js': script('tweets', [...liked, tweet('1763500000000000010', 'A new day')]) })
  expect(await bring(office, xConnector, await zipped(later))).toMatchObject({ new: 1, known: 7, failed: 0 })
  expect([...office.messages.values()].filter(({ versions }) => versions.length > 1)).toEqual([])
})

it("another account's archive is refused, and nothing of it is read", async () => {
  for (const settings of [{ handle: 'another' }, { handle: own.username, userId: '7' }]) {
    const office = emptyOffice(settings)
    await expect(bring(office, xConnector, await zipped(archive()))).rejects.toMatchObject({
      kind: 'decision',
      code: 'export_of_other',
    })
    expect(office.messages.size + office.kept.size).toBe(0)
  }
  const renamed = emptyOffice({ handle: 'OldName', userId: own.accountId })
  expect(await bring(renamed, xConnector, await zipped(archive()))).toMatchObject({ new: 7 })
  expect(renamed.settings.handle).toBe(own.username)
})

it('killed before or after any of its saves, it ends as if it had not been', async () => {
  const many = Array.from({ length: 2500 }, (_, n) => tweet(String(1763500000000000100n + BigInt(n)), `Post ${n}`))
  const place = await zipped(archive({ 'data/tweets.js': script('tweets', many) }))
  const office = emptyOffice()
  await bring(office, xConnector, place)
  const ends = await bringWithKills(xConnector, place)
  expect(ends.length).toBeGreaterThanOrEqual(4)
  for (const end of ends) expect(end).toEqual(holdings(office))
})

it('entries without sense are kept as bytes, and counted', async () => {
  const bad = [
    { tweet: { full_text: 'no id' } },
    7,
    null,
    [],
    tweet('12', 'No date', { created_at: 'never' }),
    { tweet: { id: 1e30 } },
  ]
  const office = emptyOffice()
  const report = await bring(office, xConnector, await zipped(archive({ 'data/tweets.js': script('tweets', bad) })))
  expect(report).toMatchObject({ new: 4, failed: bad.length })
  for (const entry of bad) {
    const text = JSON.stringify(entry)
    const kept = [...office.messages.values()].map(({ versions: [only] }) => only)
    expect(
      kept.some((one) => one?.kind === 'file' && JSON.stringify(parsed(one.raw)) === text),
      text,
    ).toBe(true)
  }
})

function parsed(raw: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(raw).toString())
  } catch {
    return undefined
  }
}

it.each([
  ['Thu Jan 01 00:00:00 +0000 1903', '1903-01-01T00:00:00.000Z'],
  ['Sat Jan 01 00:00:00 +0000 2135', '2135-01-01T00:00:00.000Z'],
  ['nonsense', '2024-02-29T12:30:44.957Z'],
])('a post dated %s', async (created_at, at) => {
  const office = emptyOffice()
  await bring(
    office,
    xConnector,
    await zipped(archive({ 'data/tweets.js': script('tweets', [tweet('1763180000000000000', 'Dated', { created_at })]) })),
  )
  expect(saying(office, 'Dated').at).toBe(at)
})

it('ids beyond 2^53 that stand as numbers keep all their digits', async () => {
  const list = `window.YTD.tweets.part0 = [{"tweet":{"id":9223372036854775807,"created_at":"Fri Mar 01 09:00:00 +0000 2024","full_text":"Large"}}]`
  const office = emptyOffice()
  await bring(office, xConnector, await zipped(archive({ 'data/tweets.js': list })))
  expect(saying(office, 'Large').remoteId).toBe('9223372036854775807')
})

it('a file in UTF-16 or cut off in the middle is told, kept as it is, and holds nothing else up', async () => {
  const whole = script('tweets', tweets)
  for (const [content, detail, found] of [
    [Buffer.from(`\ufeff${whole}`, 'utf16le'), 'encoding', 4],
    [whole.slice(0, whole.indexOf('RT @clerks')), 'cut', 6],
    [`${whole} garbage`, 'syntax', 7],
  ] as const) {
    const office = emptyOffice()
    const report = await bring(office, xConnector, await zipped(archive({ 'data/tweets.js': content })))
    expect(report).toMatchObject({ new: found })
    expect(remarks(report)).toContain(`file_unreadable data/tweets.js ${detail} 1`)
    expect(office.messages.has('file:data/tweets.js')).toBe(true)
  }
})

it('long posts join the post that has their beginning', async () => {
  const long = 'The order of business. '.repeat(30)
  const note = {
    noteTweet: {
      noteTweetId: '77',
      createdAt: '2024-03-01T09:00:00.000Z',
      updatedAt: '2024-03-01T09:00:00.000Z',
      core: { text: long, urls: [] },
    },
  }
  const office = emptyOffice()
  await bring(
    office,
    xConnector,
    await zipped(
      archive({
        'data/tweets.js': script('tweets', [tweet('70', `${long.slice(0, 275)}… https://t.co/z`)]),
        'data/note-tweet.js': script('note_tweet', [note]),
      }),
    ),
  )
  expect(said(office).find(({ remoteId }) => remoteId === 'note:77')).toMatchObject({
    threadKeys: ['77', '70'],
    text: long.trim(),
  })
})

it('an archive in parts, or in one more folder, is the same archive', async () => {
  const [first, second] = [tweets.slice(0, 1), tweets.slice(1)]
  const parts = await path({
    'x-1.zip': archive({ 'data/tweets.js': script('tweets', first) }),
    'x-2.zip': archive({ 'data/tweets.js': script('tweets', first), 'data/tweets-part1.js': script('tweets', second) }),
  })
  const nested = await path(
    Object.fromEntries(Object.entries(files()).map(([name, content]) => [`twitter-2024/${name}`, content])),
  )
  for (const place of [parts, nested]) {
    const office = emptyOffice()
    expect(await bring(office, xConnector, place)).toMatchObject({ new: 7, failed: 0 })
  }
})
