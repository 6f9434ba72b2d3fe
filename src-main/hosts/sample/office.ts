import type { MailSettings, Voice } from '#shared/model/index.ts'
import { makeFeeds, type SampleFeed } from './feeds.ts'
import { addAbuse, addCampaigns, addNewsletters, addPress } from './floods.ts'
import type { Letter, Mailbox } from './letter.ts'
import { type Language, names, type Person, somebody } from './people.ts'
import { addThread, anyAge, type Box, carryOn, dayOf } from './post.ts'
import { Random } from './random.ts'
import { constituentsEn } from './texts/constituents-en.ts'
import { constituentsEs } from './texts/constituents-es.ts'
import { constituentsFr } from './texts/constituents-fr.ts'
import { institutionTopics } from './texts/institution.ts'
import { personalTopics } from './texts/personal.ts'
import type { Topic } from './texts/topic.ts'

export interface SampleIdentity {
  key: 'institution' | 'mandate' | 'personal'
  name: string
  voice: Voice
}
export interface SampleMailbox {
  identity: SampleIdentity['key']
  label: string
  settings: MailSettings
  /** How its post lies on disk when it is brought in. */
  format: 'maildir' | 'mbox'
  letters: Letter[]
}

/** A parliament that does not exist: who speaks, where their post arrives, and two years of it. */
export interface Sample {
  identities: SampleIdentity[]
  mailboxes: SampleMailbox[]
  feeds: (SampleFeed & { identity: SampleIdentity['key'] })[]
}

const identities: SampleIdentity[] = [
  { key: 'institution', name: names.assembly.en, voice: 'institutional' },
  { key: 'mandate', name: `${names.member}, Member for ${names.constituency}`, voice: 'mandate' },
  { key: 'personal', name: `${names.member}, personal`, voice: 'personal' },
]

/**
 * The sample office. The same seed and moment give the same office, byte for byte; the same seed and day, the same letters in
 * the same order.
 * `now`: milliseconds since 1970; everything in it happened in the two years before.
 */
export function sampleOffice({ seed, now }: { seed: string; now: number }): Sample {
  const random = new Random(seed)
  const today = dayOf(now)
  const mailboxes = [
    institution(random.fork('institution'), today),
    mandate(random.fork('mandate'), today),
    personal(random.fork('personal'), today),
  ]
  for (const { letters } of mailboxes) for (const letter of letters) letter.at = carryOn(letter.at, today, now)
  return {
    identities,
    mailboxes,
    feeds: sampleFeeds({ seed, now }),
  }
}

const owners = {
  institution: 'institution',
  mandate: 'mandate',
  committees: 'institution',
  news: 'institution',
  courier: 'mandate',
} as const

/** The feeds of the same sample office alone, which take a fraction of the time: they are asked for whenever it opens. */
export function sampleFeeds({ seed, now }: { seed: string; now: number }): Sample['feeds'] {
  return makeFeeds(new Random(seed).fork('feeds'), now).map((feed) => ({ ...feed, identity: owners[feed.key] }))
}

function institution(random: Random, now: number): SampleMailbox {
  const signature = { en: names.assembly.en, fr: names.assembly.fr, es: names.assembly.es }
  const box = emptyBox(random, now, { name: 'Public enquiries', address: 'contact@assembly.merrovia.example' }, signature)
  box.unfit = /Ardoval|Tamsin|Député|diputada|Member|Madame/
  addThreads(box, 150, institutionTopics, { en: 0.55, fr: 0.25 })
  addPress(box, 55)
  addAbuse(box, 14)
  addNewsletters(box, 'institution')
  return mailbox('institution', 'Public enquiries', 'maildir', box)
}

function mandate(random: Random, now: number): SampleMailbox {
  const signature = {
    en: `Member for ${names.constituency}`,
    fr: 'Députée de Port Aldane et des îles Tern',
    es: 'Diputada por Port Aldane y las islas Tern',
  }
  const box = emptyBox(random, now, { name: names.member, address: 'office@ardoval.assembly.merrovia.example' }, signature)
  addThreads(box, 225, { en: constituentsEn, fr: constituentsFr, es: constituentsEs }, { en: 0.6, fr: 0.22 })
  addCampaigns(box)
  addPress(box, 45)
  addAbuse(box, 38)
  addNewsletters(box, 'mandate')
  return mailbox('mandate', 'Constituency office', 'maildir', box)
}

function personal(random: Random, now: number): SampleMailbox {
  const signature = { en: names.party, fr: names.party, es: names.party }
  const box = emptyBox(random, now, { name: names.member, address: 'tamsin@ardoval.example' }, signature)
  box.unfit = /Ardoval|Member|whom/
  addThreads(box, 42, { en: personalTopics, fr: personalTopics, es: personalTopics }, { en: 1, fr: 0 })
  addNewsletters(box, 'personal')
  return mailbox('personal', 'Tamsin’s own', 'mbox', box)
}

function emptyBox(random: Random, now: number, owner: Mailbox, signature: Box['signature']): Box {
  return { random, now, owner, signature, unfit: null, letters: [] }
}

/** `shares`: how much is written in English and in French; the rest is Spanish. */
function addThreads(box: Box, count: number, topics: Record<Language, Topic[]>, shares: { en: number; fr: number }): void {
  const { random } = box
  const known: Person[] = []
  for (let index = 0; index < count; index++) {
    const dice = random.next()
    const language = dice < shares.en ? 'en' : dice < shares.en + shares.fr ? 'fr' : 'es'
    const again = known.filter((person) => person.language === language)
    // One in six has written before.
    const person = again.length > 0 && random.chance(1 / 6) ? random.pick(again) : somebody(random, language)
    known.push(person)
    addThread(box, person, random.pick(topics[language]), anyAge(random))
  }
}

function mailbox(identity: SampleIdentity['key'], label: string, format: SampleMailbox['format'], box: Box): SampleMailbox {
  const { address } = box.owner
  const host = address.split('@')[1] ?? ''
  return {
    identity,
    label,
    settings: {
      address,
      user: address,
      auth: 'password',
      imap: { host: `imap.${host}`, port: 993, security: 'tls' },
      smtp: { host: `smtp.${host}`, port: 465, security: 'tls' },
      folders: [],
      ca: null,
      pins: {},
    },
    format,
    letters: box.letters.sort((one, other) => one.at - other.at),
  }
}
