import type { Http } from '#ports/index.ts'
import type { Sample } from './office.ts'

/** The one seed that the program uses: everybody who looks at the sample sees the same office. */
export const sampleSeed = 'merrovia'

/**
 * The host's HTTP with the sample's feeds in it. Addresses under `.merrovia.invalid` belong to nobody and are answered
 * here, without network, as they were when the sample was made; all others go to `inner`.
 * @param madeAt when this office was filled with the sample (ISO 8601); null when it was not.
 */
export function withSampleFeeds(inner: Http, madeAt: () => Promise<string | null>): Http {
  let feeds: Sample['feeds'] | null = null
  return {
    async fetch(request) {
      const at = /\.merrovia\.invalid$/.test(hostOf(request.url)) ? await madeAt() : null
      if (at === null) return inner.fetch(request)
      // Loaded only for an office that has the sample.
      feeds ??= (await import('./office.ts')).sampleFeeds({ seed: sampleSeed, now: Date.parse(at) })
      const feed = feeds.find(({ url }) => url === request.url)
      const headers: Record<string, string> = feed ? { 'content-type': `${feed.mediaType}; charset=utf-8` } : {}
      return { status: feed ? 200 : 404, headers, url: request.url, body: feed?.document ?? new Uint8Array() }
    },
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
