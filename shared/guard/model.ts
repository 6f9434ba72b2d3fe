import { z } from 'zod'
import { Instant, Network, Voice } from '../model/index.ts'

/** What the guard is given and what it answers. All offsets are UTF-16 units of the text as it was written. */

/** `stop`: must not leave; `reason`: may leave when a person says why; `note`: worth a look. */
export const GuardSeverity = z.enum(['note', 'reason', 'stop'])
export type GuardSeverity = z.infer<typeof GuardSeverity>

export const GuardKind = z.enum(['post', 'reply', 'direct', 'mail', 'sms'])
export type GuardKind = z.infer<typeof GuardKind>

/** Where parliament stands, by the identity's calendar. */
export const GuardState = z.enum(['sitting', 'recess', 'pre_election', 'dissolved', 'new_term'])
export type GuardState = z.infer<typeof GuardState>

const term = z.string().min(1).max(200)
const terms = z.array(term).max(2000)

/** One text of a draft, for one account. */
export const GuardVariant = z.object({
  /** Comes back with each finding: the account's id, or any name that tells variants apart. */
  id: z.string().max(200),
  text: z.string().max(100_000),
  kind: GuardKind,
  /** Network of its account; null where none is chosen yet. */
  network: Network.nullable(),
  /** Language that the writer chose, ISO 639-1; null to have it told by the words. */
  language: z.string().min(2).max(3).nullable(),
  /** Languages in which the account writes; empty when it writes in any. */
  languages: z.array(z.string().min(2).max(3)).max(20),
  /** Pictures, films and sound. `alt`: their description, null where there is none. */
  media: z
    .array(z.object({ kind: z.enum(['image', 'video', 'audio', 'file']), alt: z.string().max(10_000).nullable() }))
    .max(100),
  /** Links beside the text, such as a card's. */
  links: z.array(z.string().max(4000)).max(100),
  /** Who can read it. */
  audience: z.enum(['public', 'followers', 'person']),
})
export type GuardVariant = z.infer<typeof GuardVariant>

/** What the office knows, which no text says. Names and terms are compared whatever their case, accents and disguise. */
export const GuardContext = z.object({
  /** Names and handles that stand for one party or side, beside those that the packs know. Handles begin with `@`. */
  partisan: terms,
  /** Matter that must not be told before `until`; null when no time is known. */
  embargoes: z.array(z.object({ terms, until: Instant.nullable() })).max(500),
  /** Phone numbers, mail addresses, domains and postal addresses that the office itself publishes. */
  ownContacts: terms,
  /** People whose names are public by their office: naming them is no matter of privacy. */
  publicPersons: terms,
  state: GuardState.nullable(),
  now: Instant,
})
export type GuardContext = z.infer<typeof GuardContext>

export const GuardDraft = z.object({
  voice: Voice,
  variants: z.array(GuardVariant).max(50),
  context: GuardContext,
  /** Packs to go by; null for all. */
  packs: z.array(z.string()).max(200).nullable(),
})
export type GuardDraft = z.infer<typeof GuardDraft>

export const GuardRange = z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative() })
export type GuardRange = z.infer<typeof GuardRange>

/** A sentence of a pack: its name and what fills its `{blanks}`. `sentenceOf` writes it out. */
export const GuardText = z.object({ id: z.string(), params: z.record(z.string(), z.string()) })
export type GuardText = z.infer<typeof GuardText>

export const GuardFinding = z.object({
  rule: z.string(),
  pack: z.string(),
  severity: GuardSeverity,
  /** The variant it is about. */
  variant: z.string(),
  /** The words, in order and apart from each other; empty where something is missing (a description). */
  ranges: z.array(GuardRange),
  why: GuardText,
  todo: GuardText,
})
export type GuardFinding = z.infer<typeof GuardFinding>

export const GuardReport = z.object({
  findings: z.array(GuardFinding),
  /** The gravest of them; null when nothing was found. */
  worst: GuardSeverity.nullable(),
  /** Steps of work: grows in proportion to the texts, whatever they hold. */
  steps: z.number().int(),
})
export type GuardReport = z.infer<typeof GuardReport>

/** A context that knows nothing but the time. */
export function plainContext(now: string): GuardContext {
  return { partisan: [], embargoes: [], ownContacts: [], publicPersons: [], state: null, now }
}

/** A public text without media and links. */
export function plainVariant(text: string, changes: Partial<GuardVariant> = {}): GuardVariant {
  return {
    id: '',
    text,
    kind: 'post',
    network: null,
    language: null,
    languages: [],
    media: [],
    links: [],
    audience: 'public',
    ...changes,
  }
}
