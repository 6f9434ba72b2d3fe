import { afterEach, describe, expect, it } from 'vitest'
import { linkedinConnector } from '#connectors/linkedin/connector.ts'
import { bring, bringWithKills, emptyOffice, folder, holdings, remarks, said, saying } from '../exports.ts'
import { comments, files, messages, shares } from './export.ts'

const made: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of made.splice(0)) await remove()
})

async function exported(more: Record<string, string | Uint8Array>): Promise<string> {
  const { dir, remove } = await folder(more)
  made.push(remove)
  return dir
}

describe('a copy of their data from LinkedIn', () => {
  it('becomes messages in both directions, posts, comments and reposts', async () => {
    const office = emptyOffice()
    const report = await bring(office, linkedinConnector, await exported(files))
    expect(said(office).map(({ kind, direction, from, at, text }) => [kind, direction, from.handle, at, text])).toEqual([
      [
        'direct',
        'inbound',
        'ana-ñandú',
        '2023-11-14T22:13:20.000Z',
        'Hello, Zoë.\nTwo lines, and "marks".\nhttps://www.linkedin.com/dms/file/1',
      ],
      ['direct', 'outbound', 'zoe-test', '2023-11-14T22:15:00.000Z', 'Thanks!'],
      ['direct', 'inbound', 'bo', '2023-11-15T08:00:00.000Z', 'Morning'],
      ['post', 'outbound', 'zoe-test', '2023-11-16T09:00:00.000Z', 'First line \n\nsaid "loud"\nhttps://parliament.example/news'],
      ['post', 'outbound', 'zoe-test', '2023-11-17T09:00:00.000Z', 'One line only\nhttps://media.example/a.jpg'],
      ['comment', 'outbound', 'zoe-test', '2023-11-18T10:00:00.000Z', 'She said "yes", and\nleft'],
      ['comment', 'outbound', 'zoe-test', '2023-11-18T11:00:00.000Z', 'Short'],
      [
        'post',
        'outbound',
        'zoe-test',
        '2023-11-19T12:00:00.000Z',
        'https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7130000000000000005',
      ],
    ])
    expect(report).toMatchObject({ new: 8, failed: 0 })
    expect(remarks(report)).toEqual([])
    expect(office.settings.handle).toBe('zoe-test')
  })

  it('keeps ids too large for a number to the digit, and what belongs together', async () => {
    const office = emptyOffice()
    await bring(office, linkedinConnector, await exported(files))
    expect(saying(office, 'Short')).toMatchObject({
      remoteId: 'comment:activity:7130000000000000003,7130000000000000004',
      threadKeys: ['activity:7130000000000000003'],
    })
    expect(saying(office, 'She said "yes", and\nleft').threadKeys).toEqual(['activity:7130000000000000003'])
    expect(said(office).filter(({ kind }) => kind === 'post')[0]?.remoteId).toBe('share:7130000000000000001')
    expect(said(office).filter(({ threadKeys }) => threadKeys[0] === 'conversation:2-abc')).toHaveLength(2)
    expect(saying(office, 'Morning').to).toEqual([
      { name: 'Zoë Test', handle: 'zoe-test' },
      { name: 'Ana Ñandú', handle: 'ana-ñandú' },
    ])
  })

  it('keeps a draft, which was never sent, as a file and no message', async () => {
    const office = emptyOffice()
    await bring(office, linkedinConnector, await exported(files))
    expect(saying(office, 'Not sent yet').kind).toBe('file')
  })

  it('keeps the exact bytes of every row, readable by themselves', async () => {
    const office = emptyOffice()
    await bring(office, linkedinConnector, await exported(files))
    for (const message of said(office)) {
      expect(Object.values(files).some((content) => content.includes(Buffer.from(message.raw).toString()))).toBe(true)
      const shown = await linkedinConnector.render(message.raw, message.mediaType)
      expect(shown).toMatchObject({ text: message.text, damaged: false })
    }
    const { raw, mediaType } = saying(office, 'First line \n\nsaid "loud"\nhttps://parliament.example/news')
    expect((await linkedinConnector.render(raw, mediaType)).html).toBe(
      '<p>First line </p><p>said &quot;loud&quot;</p><ul><li><a href="https://parliament.example/news">https://parliament.example/news</a></li></ul>',
    )
  })

  it('brought twice doubles nothing; one that overlaps adds what is new; with another column all is known', async () => {
    const office = emptyOffice()
    const dir = await exported(files)
    await bring(office, linkedinConnector, dir)
    const whole = holdings(office)
    expect(await bring(office, linkedinConnector, dir)).toMatchObject({ new: 0, known: 8 })
    expect(holdings(office)).toEqual(whole)
    const wider = shares.replace('Visibility', 'Visibility,Likes').replaceAll('MEMBER_NETWORK', 'MEMBER_NETWORK,7')
    const more = `${wider}\r\n2023-12-01 09:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7130000000000000009,New,,,PUBLIC,1`
    const report = await bring(office, linkedinConnector, await exported({ ...files, 'Shares.csv': more }))
    expect(report).toMatchObject({ new: 1, known: 8, failed: 0 })
    expect(remarks(report)).toEqual(['field_unknown Shares.csv likes 1'])
    expect(office.messages.get('share:7130000000000000001')?.versions).toHaveLength(1)
  })

  it('killed at any commit and begun again holds the same', async () => {
    const rows = Array.from(
      { length: 2200 },
      (_, n) => `2023-11-16 09:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A${n},Post ${n},,,X`,
    )
    const dir = await exported({ ...files, 'Shares.csv': [shares.split('\r\n')[0], ...rows].join('\n') })
    const office = emptyOffice()
    await bring(office, linkedinConnector, dir)
    const ends = await bringWithKills(linkedinConnector, dir)
    expect(ends.length).toBeGreaterThanOrEqual(6)
    for (const end of ends) expect(end).toEqual(holdings(office))
  })

  it('of another member is refused; what is none is not taken for one', async () => {
    await expect(bring(emptyOffice({ handle: 'ana' }), linkedinConnector, await exported(files))).rejects.toMatchObject({
      code: 'export_of_other',
    })
    await expect(bring(emptyOffice(), linkedinConnector, await exported({ 'messages.csv': 'a,b\n1,2' }))).rejects.toMatchObject({
      code: 'export_unknown',
    })
  })

  it('without a profile is told by who takes part in every conversation; with one conversation nobody is guessed', async () => {
    const office = emptyOffice()
    await bring(office, linkedinConnector, await exported({ 'messages.csv': messages }))
    expect(office.settings.handle).toBe(null)
    const third = `${messages}\n2-ghi,,Cy,https://www.linkedin.com/in/cy,Zoë Test,https://www.linkedin.com/in/zoe-test,2023-11-15 08:00:00 UTC,,Hi,INBOX,,No`
    const clear = emptyOffice()
    await bring(clear, linkedinConnector, await exported({ 'messages.csv': third }))
    expect(clear.settings.handle).toBe('zoe-test')
    const alone = emptyOffice()
    await bring(alone, linkedinConnector, await exported({ 'messages.csv': messages.split('\n').slice(0, 4).join('\n') }))
    expect(alone.settings.handle).toBeNull()
    expect(said(alone).map(({ direction }) => direction)).toEqual(['inbound', 'inbound'])
  })

  it('with dates that are none, rows that are too short and marks that are never closed keeps those, and brings the others', async () => {
    const odd = [
      'Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility',
      '1815-06-18 11:30:00,https://www.linkedin.com/x,Waterloo,,,X',
      '2123-01-01 00:00:00,https://www.linkedin.com/y,Later,,,X',
      '2023-02-30 00:00:00,https://www.linkedin.com/z,No such day,,,X',
      'too,short',
      '2023-01-01 00:00:00,https://www.linkedin.com/w,"never closed,,,X',
      '2023-01-02 00:00:00,https://www.linkedin.com/v,After it,,,X',
    ]
    const office = emptyOffice()
    const report = await bring(
      office,
      linkedinConnector,
      await exported({ ...files, 'Shares.csv': odd.join('\n'), 'Comments_181682616.csv': comments }),
    )
    expect(
      said(office)
        .filter(({ kind }) => kind === 'post')
        .map(({ at, text }) => [at, text]),
    ).toEqual([
      ['1815-06-18T11:30:00.000Z', 'Waterloo'],
      ['2023-01-02T00:00:00.000Z', 'After it'],
      ['2023-11-19T12:00:00.000Z', 'https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7130000000000000005'],
      ['2123-01-01T00:00:00.000Z', 'Later'],
    ])
    expect(report.failed).toBe(3)
    expect(remarks(report)).toEqual(['value_unknown Shares.csv date 1', 'item_kept Shares.csv  3', 'value_unknown Shares.csv  2'])
  })
})
