import { isSupportedCountry } from 'libphonenumber-js'
import { type AccountSettings, ProblemError, type SmsSettings } from '#shared/model/index.ts'
import { sideOf } from './number.ts'

/**
 * The settings of a gateway as they are kept: the own number in E.164 where it is one.
 * @throws `bad_request` for a country that there is not.
 */
export function smsLogin(
  settings: SmsSettings,
  password: string,
): { settings: AccountSettings; secret: string; label: string | null } {
  const { country } = settings
  if (country !== null && !isSupportedCountry(country)) {
    throw new ProblemError('bad_request', { detail: `there is no country ${country}` })
  }
  // Kannel sends from the number as it is set there; E.164 without plus is what message centres write.
  const number = settings.provider === 'kannel' ? settings.number : sideOf(settings.number, country)
  return { settings: { network: 'sms', sms: { ...settings, number } }, secret: password, label: null }
}
