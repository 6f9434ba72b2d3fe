import { generator } from './million.ts'

/** Words of a language; people use few of them often and most hardly ever (Zipf's law). */
const VOCABULARY = 40_000
const weights = Float64Array.from({ length: VOCABULARY }, (_, n) => 1 / (n + 3.7) ** 1.08)
for (let n = 1; n < VOCABULARY; n++) weights[n] = (weights[n] as number) + (weights[n - 1] as number)

/** The rank of a word, from a number from 0 to 1. */
function rank(at: number): number {
  const wanted = at * (weights[VOCABULARY - 1] as number)
  let low = 0
  let high = VOCABULARY - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((weights[middle] as number) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** A language's common words, then made-up ones of two to five syllables of them. */
function withRareWords(common: readonly string[]): string[] {
  const random = generator(common.length)
  const syllables = [...new Set(common.flatMap((word) => word.match(/[^aeiouáéíóúàâêîôûèëïœ]*[aeiouáéíóúàâêîôûèëïœ]+/g) ?? []))]
  const words = new Set(common)
  while (words.size < VOCABULARY)
    words.add(
      Array.from({ length: 2 + Math.floor(random() * 4) }, () => syllables[Math.floor(random() * syllables.length)]).join(''),
    )
  return [...words]
}

/**
 * Mail of an office's kind, from a seed: the same seed gives the same bytes. About 1 KB each: constituents' letters, campaign
 * mail, press, newsletters; in English, French and Spanish; plain, quoted-printable, HTML with a text beside it, some pictures.
 */
export function* mailCorpus(count: number, seed = 1): Generator<string> {
  const random = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const languages = vocabularies.map(withRareWords)
  const words = (most: number) => {
    const language = pick(languages)
    return Array.from({ length: 8 + Math.floor(random() * most) }, () => language[rank(random())] as string).join(' ')
  }
  const start = Date.UTC(2024, 0, 1)
  for (let n = 0; n < count; n++) {
    const at = new Date(start + n * 3_153_600 + Math.floor(random() * 3_000_000))
    const name = `${pick(names)} ${pick(families)}`
    const id = `${n.toString(36)}.${Math.floor(random() * 1e9).toString(36)}@mail${n % 40}.example`
    const answers = n > 10 && random() < 0.4 ? `References: <thread${Math.floor(n / 3)}@mail.example>\r\n` : ''
    const head =
      `Return-Path: <writer${n % 4000}@mail${n % 40}.example>\r\n` +
      `Received: from mx${n % 40}.example (mx${n % 40}.example [192.0.2.${n % 250}])\r\n\tby mail.parliament.example with ESMTPS id ${id.slice(0, 12)};\r\n\t${at.toUTCString().replace('GMT', '+0000')}\r\n` +
      `From: ${/[^ -~]/.test(name) ? `=?UTF-8?B?${Buffer.from(name).toString('base64')}?=` : name} <writer${n % 4000}@mail${n % 40}.example>\r\n` +
      `To: "The Office" <office@parliament.example>\r\n` +
      `Subject: ${encoded(words(5))}\r\n` +
      `Date: ${at.toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: <${id}>\r\n${answers}MIME-Version: 1.0\r\n`
    const text = Array.from({ length: 1 + Math.floor(random() * 4) }, () => words(30)).join('\r\n\r\n')
    const kind = random()
    if (kind < 0.5) yield `${head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n`
    else if (kind < 0.75)
      yield `${head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}\r\n`
    else {
      const edge = `part-${n.toString(36)}`
      const html = `<html><body><p>${text.replaceAll('\r\n\r\n', '</p>\r\n<p>')}</p></body></html>`
      const both =
        `--${edge}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n` +
        `--${edge}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n`
      const picture =
        kind < 0.95
          ? ''
          : `--${edge}\r\nContent-Type: image/png; name="photo.png"\r\nContent-Disposition: attachment; filename="photo.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n${'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA\r\n'.repeat(20)}`
      yield `${head}Content-Type: multipart/${picture === '' ? 'alternative' : 'mixed'}; boundary="${edge}"\r\n\r\n${both}${picture}--${edge}--\r\n`
    }
  }
}

function encoded(text: string): string {
  return /[^ -~]/.test(text) ? `=?UTF-8?B?${Buffer.from(text.slice(0, 30)).toString('base64')}?=` : text
}

function quotedPrintable(text: string): string {
  const escaped = Buffer.from(text)
    .toString('latin1')
    .replace(/[=\x80-\xff]/g, (byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  return escaped
    .split('\r\n')
    .map((line) => line.replace(/(.{70}(?:=[0-9A-F]{2})?)(?=.)/g, (part) => `${part}=\r\n`))
    .join('\r\n')
}

const names = ['Ada', 'Noor', 'Émile', 'Lucía', 'Tomás', 'Ingrid', 'Sami', 'Zoë', 'Marta', 'Benoît', 'Paulo', 'Hana']
const families = [
  'Carter',
  'Dubois',
  'García',
  'Okafor',
  'Lindqvist',
  'Muñoz',
  'Haddad',
  'Petrović',
  'Nowak',
  'Ferreira',
  'Byrne',
]
const vocabularies = [
  'the harbour ferry bus school teacher hospital ward budget committee bill amendment hearing road bridge river flood housing rent tax pension farm water energy price letter question answer please thank you vote session minister report week month delay closed opened quickly never always with about from before after because'.split(
    ' ',
  ),
  'le la les port école hôpital budget commission loi amendement séance route pont rivière logement loyer impôt retraite ferme eau énergie prix lettre question réponse merci vote ministre rapport semaine mois retard fermé ouvert vite jamais toujours avec depuis avant après parce que être où'.split(
    ' ',
  ),
  'el la los puerto escuela hospital presupuesto comisión ley enmienda sesión carretera puente río vivienda alquiler impuesto pensión granja agua energía precio carta pregunta respuesta gracias voto ministra informe semana mes retraso cerrado abierto rápido nunca siempre con desde antes después porque ser dónde niño'.split(
    ' ',
  ),
]
