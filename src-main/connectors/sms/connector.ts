import type { Client, Connector, Context } from '#connectors/connector.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { aboutSms } from './about.ts'
import { AndroidClient } from './android/client.ts'
import { androidType, readAndroid } from './android/message.ts'
import { KannelClient } from './kannel/client.ts'
import { kannelType, readKannel } from './kannel/message.ts'
import { renderSms, type Sms } from './sms.ts'
import { TwilioClient } from './twilio/client.ts'
import { readTwilio } from './twilio/message.ts'

/** Text messages by Twilio, by Kannel or by an Android phone. @see README.md */
export const smsConnector: Connector<SmsSettings> = {
  ...aboutSms,
  create,
  render: (raw, mediaType) => Promise.resolve(renderSms(read(raw, mediaType))),
  // Files of a message lie beside its bytes, in the office.
  attachment: () => Promise.resolve(null),
}

function create(context: Context<SmsSettings>): Client {
  const { settings } = context
  switch (settings.provider) {
    case 'twilio':
      return new TwilioClient(narrow(context, settings))
    case 'kannel':
      return new KannelClient(narrow(context, settings))
    case 'android':
      return new AndroidClient(narrow(context, settings))
  }
}

/** The context of one gateway. None of them changes its settings. */
function narrow<One extends SmsSettings>(context: Context<SmsSettings>, settings: One): Context<One> {
  return { ...context, settings, setSettings: (changed) => context.setSettings(changed) }
}

function read(raw: Uint8Array, mediaType: string): Sms | null {
  if (mediaType === kannelType) return readKannel(raw)
  return mediaType === androidType ? readAndroid(raw) : readTwilio(raw, mediaType)
}
