import { Parser } from 'htmlparser2'
import type { MailServer } from '#shared/model/index.ts'

/** Servers that an organisation names for its addresses. */
export interface NamedServers {
  imap: MailServer | null
  smtp: MailServer | null
  /** User name to sign in with, `%EMAILADDRESS%` and its parts replaced. */
  user: string | null
  oauth: boolean
  password: boolean
}

interface Draft {
  kind: 'imap' | 'smtp'
  host: string
  port: number
  socket: string
  user: string
  auth: string[]
}

/** Largest file taken; real ones are 2 to 10 KB. */
export const MAX_AUTOCONFIG_BYTES = 256 * 1024

/**
 * Reads a Mozilla autoconfig file (config-v1.1). The first usable server of each kind counts, and only those with
 * encryption: `plain` ones are passed over. No entities, no external references are ever followed.
 * @returns null when it names no IMAP server.
 */
export function readAutoconfig(xml: string, address: string): NamedServers | null {
  const drafts: Draft[] = []
  let draft: Draft | null = null
  let text = ''
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        text = ''
        const kind =
          name === 'incomingserver' && attributes['type'] === 'imap' ? 'imap' : name === 'outgoingserver' ? 'smtp' : null
        if (kind !== null && drafts.length < 20) draft = { kind, host: '', port: 0, socket: '', user: '', auth: [] }
      },
      ontext(part) {
        text = (text + part).slice(0, 1000)
      },
      onclosetag(name) {
        const value = fill(text.trim(), address)
        if (draft !== null) {
          if (name === 'hostname') draft.host = value.toLowerCase()
          else if (name === 'port') draft.port = Number(value)
          else if (name === 'sockettype') draft.socket = value.toUpperCase()
          else if (name === 'username') draft.user = value
          else if (name === 'authentication') draft.auth.push(value.toLowerCase())
          else if (name === 'incomingserver' || name === 'outgoingserver') {
            drafts.push(draft)
            draft = null
          }
        }
        text = ''
      },
    },
    { xmlMode: false, lowerCaseTags: true, decodeEntities: true },
  )
  parser.end(xml)
  const usable = drafts.flatMap((one) => {
    const server = toServer(one)
    return server === null ? [] : [{ ...one, server }]
  })
  const imap = usable.find((one) => one.kind === 'imap')
  if (imap === undefined) return null
  const oauth = imap.auth.includes('oauth2')
  return {
    imap: imap.server,
    smtp: usable.find((one) => one.kind === 'smtp')?.server ?? null,
    user: imap.user === '' ? null : imap.user,
    oauth,
    password: imap.auth.length === 0 || imap.auth.some((way) => way.startsWith('password')) || !oauth,
  }
}

function toServer(draft: Draft): MailServer | null {
  if (!/^[a-z0-9.-]{1,253}$/.test(draft.host) || !Number.isInteger(draft.port) || draft.port < 1 || draft.port > 65535)
    return null
  if (draft.socket === 'SSL') return { host: draft.host, port: draft.port, security: 'tls' }
  if (draft.socket === 'STARTTLS') return { host: draft.host, port: draft.port, security: 'starttls' }
  return null
}

function fill(value: string, address: string): string {
  const at = address.lastIndexOf('@')
  return value
    .replaceAll('%EMAILADDRESS%', address)
    .replaceAll('%EMAILLOCALPART%', address.slice(0, at))
    .replaceAll('%EMAILDOMAIN%', address.slice(at + 1))
}
