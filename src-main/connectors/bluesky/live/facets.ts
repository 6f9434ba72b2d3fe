import tlds from 'tlds' with { type: 'json' }
import { tidyHandle } from './identity.ts'

/** A part of a text that leads somewhere, by bytes of its UTF-8 (`app.bsky.richtext.facet`). */
export interface OutFacet {
  index: { byteStart: number; byteEnd: number }
  features: ({ $type: string } & ({ did: string } | { uri: string } | { tag: string }))[]
}

type Found = { start: number; end: number } & ({ handle: string } | { uri: string } | { tag: string })

const MOST_TAG = 64
/** Characters without a width end a tag. */
const unseen = /\u00ad|\u2060|\u200a|\u200b|\u200c|\u200d|\u20e2/u
const domains = new Set<string>(tlds)

/**
 * Links, mentions and tags of a plain text, as readers of the network expect them.
 * @param resolve the DID of a handle; null where nobody has it, and then it stays text.
 */
export async function facetsOf(text: string, resolve: (handle: string) => Promise<string | null>): Promise<OutFacet[]> {
  const found = [...text.matchAll(/\S+/g)].flatMap((word) => partOf(word[0], word.index) ?? [])
  const facets: OutFacet[] = []
  for (const part of found) {
    const feature = await featureOf(part, resolve)
    if (feature === null) continue
    const byteStart = Buffer.byteLength(text.slice(0, part.start))
    const byteEnd = byteStart + Buffer.byteLength(text.slice(part.start, part.end))
    facets.push({ index: { byteStart, byteEnd }, features: [feature] })
  }
  return facets
}

async function featureOf(
  part: Found,
  resolve: (handle: string) => Promise<string | null>,
): Promise<OutFacet['features'][number] | null> {
  if ('uri' in part) return { $type: 'app.bsky.richtext.facet#link', uri: part.uri }
  if ('tag' in part) return { $type: 'app.bsky.richtext.facet#tag', tag: part.tag }
  const handle = tidyHandle(part.handle)
  const did = handle === null ? null : await resolve(handle)
  return did === null ? null : { $type: 'app.bsky.richtext.facet#mention', did }
}

/** What a word is: words that lead somewhere begin so, or stand after a bracket. */
function partOf(word: string, at: number): Found | null {
  if (/^[#\uff03]/u.test(word)) return tagOf(word, at)
  const open = word.startsWith('(') ? 1 : 0
  const inner = word.slice(open)
  return inner.startsWith('@') ? mentionOf(inner, at + open) : linkOf(inner, at + open)
}

function tagOf(word: string, start: number): Found | null {
  const tag = (word.slice(1).split(unseen, 1)[0] ?? '').replace(/\p{P}+$/u, '')
  // Digits alone are no tag, and a sign with a keycap is an emoji.
  if (tag.startsWith('\ufe0f') || tag.length > MOST_TAG || !/[^\d\p{P}]/u.test(tag)) return null
  return { start, end: start + 1 + tag.length, tag }
}

function mentionOf(word: string, start: number): Found | null {
  const handle = (/^@([a-z0-9.-]+)/i.exec(word)?.[1] ?? '').replace(/[.-]+$/, '')
  // `.test` is for networks of developers.
  return isDomain(handle) || handle.endsWith('.test') ? { start, end: start + 1 + handle.length, handle } : null
}

function linkOf(word: string, start: number): Found | null {
  const bare = !/^https?:\/\/./i.test(word)
  if (bare && !isDomain(/^[a-z][a-z0-9]*(?:\.[a-z0-9]+)+/i.exec(word)?.[0] ?? '')) return null
  // What ends the sentence does not belong to it, nor a bracket that was opened before.
  let written = word.replace(/[.,;:!?]$/, '')
  if (written.endsWith(')') && !written.includes('(')) written = written.slice(0, -1)
  const uri = bare ? `https://${written}` : written
  return URL.canParse(uri) ? { start, end: start + written.length, uri } : null
}

/** Whether a name ends as names of the internet do. */
function isDomain(name: string): boolean {
  const at = name.lastIndexOf('.')
  return at > 0 && domains.has(name.slice(at + 1).toLowerCase())
}
