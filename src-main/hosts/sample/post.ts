import { fill, type Letter, type Mailbox, messageId } from './letter.ts'
import type { Language, Person } from './people.ts'
import { dampWall, pdf, seaside } from './pictures.ts'
import type { Random } from './random.ts'
import { manners, type Topic } from './texts/topic.ts'

const hour = 3_600_000
export const day = 24 * hour

/** One mailbox of the sample while it is being filled. */
export interface Box {
  random: Random
  now: number
  /** Whose mailbox it is. */
  owner: Mailbox
  /** How answers are signed, under the name. */
  signature: Record<Language, string>
  /** Greetings that would be wrong here, such as those by name to an institution. */
  unfit: RegExp | null
  letters: Letter[]
}

/** A moment in the office hours of most people, about `age` ms before now, never in the future. */
export function moment(random: Random, now: number, age: number): number {
  const midnight = Math.floor((now - age) / day) * day
  const evening = random.chance(0.25)
  const at = midnight + random.int(evening ? 18 * 60 : 7 * 60, evening ? 23 * 60 : 18 * 60) * 60_000 + random.int(0, 59_000)
  return at < now ? at : now - random.int(4, 300) * 60_000
}

/**
 * The sample is written as if the day had just begun, so that what is in it does not depend on the time of day; this carries
 * its last day on to now, in the same order.
 * `at`, `today` (when the day began), `now`: milliseconds since 1970. @returns a moment before now.
 */
export function carryOn(at: number, today: number, now: number): number {
  const yesterday = today - day
  return at <= yesterday ? at : Math.floor(yesterday + ((at - yesterday) * (now - yesterday)) / day)
}

/** When the day of a moment began, in UTC. */
export function dayOf(now: number): number {
  return Math.floor(now / day) * day
}

/** Ages over two years, more of them lately. */
export function anyAge(random: Random): number {
  return random.next() ** 1.7 * 729 * day
}

const months: Record<Language, string[]> = {
  en: 'January February March April May June July August September October November December'.split(' '),
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
}
const weekdays: Record<Language, string[]> = {
  en: ['Monday', 'Tuesday', 'Thursday', 'Friday', 'Saturday'],
  fr: ['lundi', 'mardi', 'jeudi', 'vendredi', 'samedi'],
  es: ['lunes', 'martes', 'jueves', 'viernes', 'sábado'],
}

/** Values for the `{name}`s of a letter, the same through its whole thread. */
export function valuesFor(random: Random, person: Person, at: number): Record<string, string> {
  const { language } = person
  return {
    name: person.name,
    first: person.name.split(' ')[0] ?? person.name,
    town: person.town,
    street: person.street,
    ref: `${random.pick(['HS', 'RQ', 'K', 'DZ'])}-${random.int(1000, 9999)}/${random.int(10, 99)}`,
    phone: `0700 ${random.int(100, 999)} ${random.int(100, 999)}`,
    month: months[language][(new Date(at).getUTCMonth() + 12 - random.int(1, 4)) % 12] ?? '',
    weekday: random.pick(weekdays[language]),
    day: String(random.int(3, 28)),
    years: String(random.int(3, 31)),
    weeks: String(random.int(5, 26)),
    count: String(random.int(3, 34)),
    amount: String(random.int(4, 48) * 10),
    age: String(random.int(71, 93)),
    youngAge: String(random.int(10, 17)),
    deadline: `${random.int(12, 18)}.${random.pick(['00', '30'])}`,
  }
}

/** A conversation about one topic: a letter, mostly an answer, sometimes thanks and a last word. */
export function addThread(box: Box, person: Person, topic: Topic, age: number): void {
  const { random, now } = box
  const at = moment(random, now, age)
  const values = valuesFor(random, person, at)
  const kind = manners[person.language]
  const greeting = random.pick(kind.greetings.filter((words) => !box.unfit?.test(words)))
  const paragraphs = topic.paragraphs.map((wordings) => fill(random.pick(wordings), values))
  const signed = random.chance(0.5) ? `${person.name}\n${person.street}, ${person.town}` : person.name
  const first = inbound(box, person, {
    at,
    subject: fill(random.pick(topic.subjects), values),
    text: [greeting, ...paragraphs, `${random.pick(kind.closings)}\n${signed}`].join('\n\n'),
  })
  const promised = /attached|adjunto/.test(first.text)
  if (topic.enclosure && (random.chance(0.45) || promised)) enclose(random, first, topic.enclosure, values)
  box.letters.push(first)
  if (!random.chance(age > 6 * day ? 0.86 : 0.22)) return
  const answer = reply(box, first, person, fill(random.pick(topic.replies), values))
  if (!answer || !random.chance(0.6)) return
  const thanks = inbound(box, person, {
    at: answer.at + random.int(1, 60) * hour,
    subject: re(first.subject),
    text: `${fill(random.pick(topic.thanks), values)}\n\n${person.name}\n\n${quote(answer, kind.wrote)}`,
    parent: answer,
  })
  if (thanks.at < now) box.letters.push(thanks)
}

/** The owner's answer to a letter, some hours or days later. @returns null when that would be in the future. */
export function reply(box: Box, letter: Letter, person: Person, text: string): Letter | null {
  const { random, now, owner } = box
  const kind = manners[person.language]
  const at = letter.at + random.int(2, 80) * hour
  if (at >= now) return null
  const greeting = fill(kind.replyGreeting, { first: person.name.split(' ')[0] ?? '' })
  const signed = `${kind.replyClosing}\n${owner.name}\n${box.signature[person.language]}`
  const answer: Letter = {
    id: messageId(random, owner.address),
    parent: letter,
    at,
    from: owner,
    to: [{ name: person.name, address: person.address }],
    subject: re(letter.subject),
    text: `${greeting}\n\n${text}\n\n${signed}\n\n${quote(letter, kind.wrote)}`,
    html: null,
    enclosures: [],
    charset: 'utf-8',
    headers: {},
    read: true,
    answered: false,
  }
  letter.answered = true
  letter.read = true
  box.letters.push(answer)
  return answer
}

/** A letter to the mailbox's owner: read when it is old, mostly not yet when it is new. */
export function inbound(
  box: Box,
  person: Person,
  letter: { at: number; subject: string; text: string; parent?: Letter; headers?: Record<string, string> },
): Letter {
  const { random, now, owner } = box
  const age = now - letter.at
  const written = dress(random, person.language, letter.text)
  return {
    id: messageId(random, person.address),
    parent: letter.parent ?? null,
    at: letter.at,
    from: { name: person.name, address: person.address },
    to: [owner],
    subject: letter.subject,
    ...written,
    enclosures: [],
    headers: letter.headers ?? {},
    read: age > 30 * day ? random.chance(0.99) : age > 10 * day ? random.chance(0.5) : random.chance(0.2),
    answered: false,
  }
}

/** The same words as different mail programs write them: character set, and HTML beside the text. */
function dress(random: Random, language: Language, text: string): Pick<Letter, 'text' | 'html' | 'charset'> {
  const html = random.chance(0.3) ? `<div style="font-family:sans-serif">${asHtml(text)}</div>` : null
  const old = random.next()
  if (language === 'en' || old > 0.45) return { text, html, charset: 'utf-8' }
  if (old > 0.2) return { text, html, charset: 'windows-1252' }
  // Programs of that age had straight quotes only.
  const straight = (line: string) => line.replace(/[’‘]/g, "'").replace(/[“”]/g, '"').replace(/[–—]/g, '-').replace(/œ/g, 'oe')
  return { text: straight(text), html: html && straight(html), charset: 'iso-8859-1' }
}

/** Paragraphs of plain text as HTML. */
export function asHtml(text: string): string {
  const safe = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
  return safe
    .split('\n\n')
    .map((paragraph) => `<p>${paragraph.replace(/\n/g, '<br>')}</p>`)
    .join('\n')
}

function enclose(random: Random, letter: Letter, kind: NonNullable<Topic['enclosure']>, values: Record<string, string>): void {
  const picture = { mediaType: 'image/png' }
  if (kind === 'damp')
    letter.enclosures.push({ name: `bedroom-${random.int(1, 9)}.png`, ...picture, bytes: dampWall(random.int(1, 4)) })
  else if (kind === 'seaside')
    letter.enclosures.push({ name: `IMG_${random.int(1000, 9999)}.png`, ...picture, bytes: seaside(random.int(1, 6)) })
  else {
    const lines = [
      `File ${values['ref']}`,
      '',
      `${values['name']}`,
      `${values['street']}, ${values['town']}`,
      '',
      letter.subject,
      '',
    ]
    const text = letter.text.split('\n').flatMap((line) => line.match(/.{1,84}(?:\s|$)/g) ?? [''])
    letter.enclosures.push({
      name: `file-${(values['ref'] ?? '').replace('/', '-')}.pdf`,
      mediaType: 'application/pdf',
      bytes: pdf([...lines, ...text.slice(0, 30)]),
    })
  }
}

export function re(subject: string): string {
  return subject.startsWith('Re: ') ? subject : `Re: ${subject}`
}

function quote(letter: Letter, wrote: string): string {
  const date = new Date(letter.at).toISOString().slice(0, 10)
  const own = letter.text.split('\n').filter((line) => !line.startsWith('>'))
  return `${fill(wrote, { date, name: letter.from.name })}\n${own.map((line) => `> ${line}`).join('\n')}`
}
