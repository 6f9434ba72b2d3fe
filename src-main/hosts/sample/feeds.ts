import { names } from './people.ts'
import { asHtml, carryOn, day, dayOf, moment } from './post.ts'
import type { Random } from './random.ts'
import { type FeedText, feedTexts } from './texts/feed-items.ts'

/** One feed of the sample. Its address ends in `.invalid`, which no network has (RFC 2606); the sample answers it itself. */
export interface SampleFeed {
  key: FeedText['key']
  url: string
  title: string
  mediaType: string
  document: Uint8Array
}

interface Item {
  id: string
  url: string
  title: string
  text: string
  at: number
}

/** The three feeds, one each as RSS 2.0, Atom and JSON Feed. */
export function makeFeeds(random: Random, now: number): SampleFeed[] {
  return feedTexts.map((text) => {
    const host = { news: 'news.assembly', committees: 'committees.assembly', courier: 'aldane-courier' }[text.key]
    const home = `https://${host}.merrovia.invalid`
    const items = makeItems(text, random.fork(text.key), now, home)
    const formats = {
      news: { url: `${home}/rss.xml`, mediaType: 'application/rss+xml', write: rss },
      committees: { url: `${home}/atom.xml`, mediaType: 'application/atom+xml', write: atom },
      courier: { url: `${home}/politics.json`, mediaType: 'application/feed+json', write: json },
    }
    const { url, mediaType, write } = formats[text.key]
    return { key: text.key, url, title: text.title, mediaType, document: Buffer.from(write(text, home, items), 'utf8') }
  })
}

/** Newest first, from two years ago to the last days. */
function makeItems(text: FeedText, random: Random, now: number, home: string): Item[] {
  const items: Item[] = []
  const today = dayOf(now)
  let pool: FeedText['items'] = []
  for (let age = 720, number = 1; age > 0.5; age -= text.every * (0.6 + random.next() * 0.8), number++) {
    if (pool.length === 0) pool = random.shuffle(text.items)
    const chosen = pool.pop()
    if (chosen === undefined) break
    const at = carryOn(moment(random, today, age * day), today, now)
    const month = new Date(at).toLocaleString('en-GB', { month: 'long', timeZone: 'UTC' })
    const filled = (words: string) => words.replace('{number}', String(number)).replace('{month}', month)
    items.unshift({
      id: `${text.key}-${number}`,
      url: `${home}/${number}`,
      title: filled(chosen.title),
      text: filled(chosen.text),
      at,
    })
  }
  return items
}

const xml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

function rss(feed: FeedText, home: string, items: Item[]): string {
  const entries = items.map(
    (item) => `<item><title>${xml(item.title)}</title><link>${item.url}</link><guid isPermaLink="false">${item.id}</guid>
<pubDate>${new Date(item.at).toUTCString()}</pubDate><description>${xml(asHtml(item.text))}</description></item>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>${xml(feed.title)}</title><link>${home}/</link><description>${xml(feed.description)}</description>
<language>en</language><managingEditor>news@assembly.merrovia.example (${xml(feed.author)})</managingEditor>
${entries.join('\n')}
</channel></rss>
`
}

function atom(feed: FeedText, home: string, items: Item[]): string {
  const entries = items.map(
    (item) => `<entry><id>tag:merrovia.example,2020:${item.id}</id><title>${xml(item.title)}</title><link href="${item.url}"/>
<published>${new Date(item.at).toISOString()}</published><updated>${new Date(item.at).toISOString()}</updated><content type="html">${xml(asHtml(item.text))}</content></entry>`,
  )
  const updated = new Date(items[0]?.at ?? 0).toISOString()
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:merrovia.example,2020:${feed.key}</id><title>${xml(feed.title)}</title>
<subtitle>${xml(feed.description)}</subtitle><link href="${home}/"/><updated>${updated}</updated><author><name>${xml(feed.author)}</name></author>
${entries.join('\n')}
</feed>
`
}

function json(feed: FeedText, home: string, items: Item[]): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    description: feed.description,
    home_page_url: `${home}/`,
    authors: [{ name: feed.author, url: `${home}/?country=${names.country.en}` }],
    items: items.map((item) => ({
      id: item.id,
      url: item.url,
      title: item.title,
      content_html: asHtml(item.text),
      date_published: new Date(item.at).toISOString(),
    })),
  })
}
