import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** No file of the interface has a longer path; file systems refuse names much longer in ways of their own. */
const MAX_PATH = 200

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ico': 'image/x-icon',
}

/**
 * What the interface's page may load. Message frames (`srcdoc`) inherit this policy and narrow it by their own, so inline
 * styles and https pictures are let through here for them: a frame's own policy allows pictures only when a person asked.
 * @param connect Sources for calls: none in the desktop window (it has a port), the socket's address on the server host.
 */
function policy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Headers of everything that a window loads from this program. */
export function pageHeaders(connect: string): Record<string, string> {
  return {
    'content-security-policy': policy(connect),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
  }
}

export interface PageFile {
  type: string
  body: Uint8Array<ArrayBuffer>
}

/**
 * A file of the built interface by the path of its address; `/` is `index.html`.
 * @returns null for what is not there, is of no known type, or lies outside the folder (also by way of a link).
 */
export async function readPage(root: string, pathname: string): Promise<PageFile | null> {
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    // A malformed escape names no file.
    return null
  }
  if (path === '/') path = '/index.html'
  const type = types[extname(path).toLowerCase()]
  if (type === undefined || path.length > MAX_PATH || !/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/.test(path)) return null
  try {
    const base = await realpath(root)
    const file = await realpath(join(base, ...path.split('/')))
    if (!file.startsWith(base + sep)) return null
    return { type, body: new Uint8Array(await readFile(file)) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))) return null
    throw error
  }
}
