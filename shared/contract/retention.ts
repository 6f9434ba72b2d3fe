import { oc } from '@orpc/contract'
import { z } from 'zod'
import { Hold, HoldOn, IdentityId, Instant, JobId, MessageId, Schedule } from '../model/index.ts'

// Kept by the store too, whose threads do without the contract.
export { Hold, HoldOn, Schedule }

const count = z.number().int().nonnegative()
const number = z.string().regex(/^[0-9]{1,16}$/)
/** One line without control characters: it stands in what is signed. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u)
/** Who does it, by the name they go by in the office. */
const by = line(200)
/** Kept in the ledger as a salted commitment, and in certificates in words: without names of those it is about. */
const reason = line(1000)
const handle = z.string().trim().min(1).max(320)

const someone = z.object({ by: z.string(), at: Instant })

/** What the schedules of an identity say should go now. */
export const Due = z.object({
  /** By schedule, those with nothing left out: messages that go, and messages that a hold keeps. */
  schedules: z.array(z.object({ schedule: number, going: count, kept: count })),
  going: count,
  kept: count,
})
export type Due = z.infer<typeof Due>

/** Content on its way out, or gone. */
export const Disposal = z.object({
  id: number,
  identityId: IdentityId,
  /** A schedule's time is up, or a person asked to be forgotten. */
  cause: z.enum(['schedule', 'erasure']),
  /** `running`: messages are being removed. `removed`: they are gone, and what is left of them on the disk is being overwritten. */
  state: z.enum(['proposed', 'approved', 'withdrawn', 'running', 'removed', 'done']),
  /** In words. */
  rule: z.string(),
  /** Of an erasure until it is carried out: whose messages. */
  handle: z.string().nullable(),
  reason: z.string(),
  proposed: someone,
  /** Not carried out before. */
  dueAt: Instant,
  approved: someone.nullable(),
  withdrawn: someone.nullable(),
  doneAt: Instant.nullable(),
  /** Messages to go or gone, of those how many are gone, and messages that stay because of a hold. */
  going: count,
  gone: count,
  kept: count,
  /** The holds that keep something. */
  holds: z.array(z.object({ hold: number, messages: count })),
})
export type Disposal = z.infer<typeof Disposal>

export const DisposalItem = z.object({
  messageId: MessageId,
  /** The hold that keeps it; null for what goes. */
  hold: number.nullable(),
  gone: z.boolean(),
})
export type DisposalItem = z.infer<typeof DisposalItem>

/** A signed note (docs/formats.md) and the key that signed it, as checkpoints have it. */
export const Certificate = z.object({ certificate: z.string(), key: z.string() })
export type Certificate = z.infer<typeof Certificate>

const disposal = z.object({ id: number, identityId: IdentityId })

/** Calls about keeping and letting go. Everything that is done here is an entry of the identity's ledger. */
export const retentionContract = {
  holds: oc.input(z.object({ identityId: IdentityId, lifted: z.boolean() })).output(z.array(Hold)),
  setHold: oc.input(z.object({ identityId: IdentityId, on: HoldOn, reason, by })).output(Hold),
  liftHold: oc.input(z.object({ id: number, identityId: IdentityId, reason, by })).output(Hold),
  schedules: oc.input(z.object({ identityId: IdentityId })).output(z.array(Schedule)),
  /** Sets or changes how long is kept what is named. There is none until one is set. */
  setSchedule: oc
    .input(Schedule.pick({ identityId: true, network: true, kind: true, labelId: true, days: true }).extend({ by }))
    .output(Schedule),
  clearSchedule: oc.input(z.object({ id: number, identityId: IdentityId, by })).output(z.object({})),
  /** What a disposal by the schedules would name if it were proposed now. Looks at every message of the identity. */
  due: oc.input(z.object({ identityId: IdentityId })).output(Due),
  disposals: oc.input(z.object({ identityId: IdentityId })).output(z.array(Disposal)),
  disposal: oc.input(disposal).output(Disposal),
  /** What a disposal names, by message; goes on after `after`. */
  disposalItems: oc
    .input(disposal.extend({ after: MessageId.nullable(), limit: z.number().int().min(1).max(1000) }))
    .output(z.array(DisposalItem)),
  /** Everything whose time is up by the identity's schedules. */
  proposeDisposal: oc.input(z.object({ identityId: IdentityId, reason, by })).output(Disposal),
  /** Everything that a person wrote to this identity. */
  proposeErasure: oc.input(z.object({ identityId: IdentityId, handle, reason, by })).output(Disposal),
  /** By a second person. */
  approveDisposal: oc.input(disposal.extend({ by })).output(Disposal),
  /** Possible until it is being carried out. */
  withdrawDisposal: oc.input(disposal.extend({ by })).output(Disposal),
  /** Carries it out, or goes on with it. */
  runDisposal: oc.input(disposal).output(z.object({ job: JobId })),
  /** The signed note that says what was removed, and the key to check it with. Null until it is done. */
  certificate: oc.input(disposal).output(Certificate.nullable()),
}
