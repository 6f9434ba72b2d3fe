import { join } from 'node:path'
import { protocol } from 'electron'
import { pageHeaders, readPage } from '../transport/pages.ts'

/** Origin of the window's own page. */
export const ORIGIN = 'app://office'

const root = join(import.meta.dirname, '..', 'renderer')
const headers = pageHeaders("'none'")

/** Serves the built interface under `app://office`; reads only, nothing outside of its folder. */
export function servePages(): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    if (request.method !== 'GET') return new Response(null, { status: 405, headers })
    const page = url.host === 'office' ? await readPage(root, url.pathname) : null
    if (!page) return new Response(null, { status: 404, headers })
    return new Response(page.body, { headers: { ...headers, 'content-type': page.type } })
  })
}
