import { shell } from 'electron'
import type { Log } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { outsideAddress } from './addresses.ts'

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
