import { z } from 'zod'
import type { Context } from '#connectors/connector.ts'
import { ConnectorFault } from '#connectors/fault.ts'
import { readCursor } from '../kit/cursor.ts'

/**
 * Words by which a person asks for no more messages. Only a text that is nothing but such a word counts. The English ones are those of
 * CTIA and of Twilio (<https://www.twilio.com/docs/messaging/guides/advanced-opt-out>), the others those that carriers of these languages use.
 */
const out: readonly string[] = [
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  ...['ARRET', 'ARRETER', 'DESABONNER', 'DESINSCRIRE', 'DESINSCRIPTION'],
  ...['BAJA', 'DAR DE BAJA', 'PARAR', 'ALTO', 'CANCELAR'],
  ...['ايقاف', 'توقف', 'قف', 'الغاء', 'الغاء الاشتراك'],
]
/** Words by which a person asks for them again. `YES` is none here: it answers too many other questions. */
const back: readonly string[] = [
  ...['START', 'UNSTOP', 'SUBSCRIBE', 'OPTIN', 'OPT IN'],
  ...['REPRENDRE', 'REPRISE', 'ABONNER'],
  ...['ALTA', 'DAR DE ALTA', 'INICIAR', 'REANUDAR'],
  ...['ابدا', 'بدء', 'اشتراك', 'استئناف'],
]

const outWords = new Set(out.map(plain))
const backWords = new Set(back.map(plain))

/** What a text asks for; null when it is anything else. Case, accents, vowel marks and punctuation do not matter. */
export function wish(text: string): 'out' | 'back' | null {
  if (text.length > 60) return null
  const word = plain(text)
  return outWords.has(word) ? 'out' : backWords.has(word) ? 'back' : null
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}|\u0640/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase()
}

/** Bears on one number: what it last asked for. */
const Standing = z.object({
  out: z.boolean(),
  /** When it was asked, and the word of it; `network` where the gateway says that it blocks. */
  at: z.string(),
  word: z.string(),
})
export type Standing = z.infer<typeof Standing>

type Keeper = Pick<Context<unknown>, 'cursor' | 'commit'>

/** What a number last asked for, kept as a stream of its own in the account: it survives everything that the messages survive. */
export async function standingOf(context: Keeper, number: string): Promise<Standing | null> {
  return readCursor(Standing, await context.cursor(streamOf(number)))
}

/**
 * Records what a number asks for, before the message that says so is saved: after a kill in between it comes again. Only what is later than
 * what is known counts, so that a list may be read in any order and again.
 */
export async function record(context: Keeper, number: string, standing: Standing): Promise<void> {
  const before = await standingOf(context, number)
  // Asked for both in one second: it is no.
  if (before !== null && (before.at > standing.at || (before.at === standing.at && before.out))) return
  await context.commit({ stream: streamOf(number), cursor: JSON.stringify(standing), messages: [], marks: [], gone: [] })
}

/** Records what inbound texts ask for. */
export async function heed(context: Keeper, texts: { from: string; text: string; at: string }[]): Promise<void> {
  for (const { from, text, at } of texts) {
    const asked = wish(text)
    if (asked !== null) await record(context, from, { out: asked === 'out', at, word: text.trim() })
  }
}

/** @throws ConnectorFault `opted_out` when the number asked for no more and did not take it back. */
export async function refuseOptedOut(context: Keeper, number: string): Promise<void> {
  const standing = await standingOf(context, number)
  if (standing?.out) throw optedOut(number, standing)
}

export function optedOut(number: string, { at, word }: Standing): ConnectorFault {
  return new ConnectorFault('decision', 'opted_out', { number, word, date: at.slice(0, 10) }, { untaken: true })
}

function streamOf(number: string): string {
  return `opt-out:${number}`
}
