import { shell } from 'electron'
import type { Log } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'

/**
 * An address that may leave the window: https or mail. Parsed, and given on as the parser wrote it.
 * @returns null for anything else, and for addresses that carry a name and password.
 */
export function outsideAddress(text: string): string | null {
  if (text.length > 4096 || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol === 'mailto:') return url.href
  return url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '' ? url.href : null
}

/** Opens an address in the person's own browser or mail program. @throws `address_invalid`. */
export function openOutside(text: string, log: Log): void {
  const address = outsideAddress(text)
  if (address === null) {
    log.warn('address_refused')
    throw new ProblemError('address_invalid', { address: text.slice(0, 200) })
  }
  shell.openExternal(address).catch((error: unknown) => {
    log.warn('open_failed', { name: error instanceof Error ? error.message : 'unknown' })
  })
}
