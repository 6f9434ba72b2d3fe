import { type Capabilities, SmsSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

const capabilities: Capabilities = {
  push: false,
  readFlag: false,
  answeredFlag: false,
  edits: false,
  deletions: false,
  login: true,
  imports: [],
  live: true,
  sends: true,
  finds: true,
  rereads: true,
  profiles: false,
}

/** What each gateway's interface has. Kannel keeps nothing that it could be asked for, but hands over what arrives. */
const byProvider: Record<SmsSettings['provider'], Partial<Capabilities>> = {
  twilio: {},
  kannel: { push: true, finds: false, rereads: false },
  android: {},
}

/** Text messages, as far as they are known without their code. */
export const aboutSms: About<SmsSettings> = {
  network: 'sms',
  capabilities: { ...capabilities, push: true },
  capabilitiesOf: (settings) => ({ ...capabilities, ...byProvider[settings.provider] }),
  parseSettings: (stored) => SmsSettings.parse(stored),
  address: (settings) => settings.number,
}
