import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { limits } from './limits.ts'

/**
 * A telephone number in E.164 (`+4930123456`).
 * @param country ISO 3166 code of where a number without `+` is from. Null: such numbers are international, as message centres write them.
 * @returns null for what is no possible number: a short code, a name.
 */
export function readNumber(text: string, country: string | null): string | null {
  const trimmed = text.trim()
  if (trimmed.length > limits.partyChars || !/^\+?[\d\s().\-/]+$/.test(trimmed)) return null
  const from: CountryCode | undefined = country !== null && isSupportedCountry(country) ? country : undefined
  const whole = from === undefined && !trimmed.startsWith('+') ? `+${trimmed}` : trimmed
  const number = parsePhoneNumberFromString(whole, from)
  return number?.isPossible() ? number.number : null
}

/** By what a side of a message is known: its number in E.164, else the short code or name as the gateway wrote it. */
export function sideOf(text: string, country: string | null): string {
  return readNumber(text, country) ?? text.trim().slice(0, limits.partyChars)
}
