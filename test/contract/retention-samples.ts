import type { Disposal, Hold, Schedule } from '#shared/contract/index.ts'
import { type ConversationId, type IdentityId, type Instant, type JobId, LabelId, type MessageId } from '#shared/model/index.ts'
import type { Samples } from './samples.ts'

interface Known {
  identityId: IdentityId
  conversationId: ConversationId
  messageId: MessageId
  job: JobId
  at: Instant
}

/** Questions and answers of the calls about keeping and letting go. */
export function retentionSamples({ identityId, conversationId, messageId, job, at }: Known): Pick<Samples, 'retention'> {
  const hold: Hold = {
    id: '1',
    identityId,
    on: { scope: 'conversation', conversationId },
    reason: 'Inquiry 4',
    by: 'Ada',
    at,
    lifted: { by: 'Bea', at, reason: 'It is over' },
  }
  const schedule: Schedule = {
    id: '1',
    identityId,
    network: 'mail',
    kind: null,
    labelId: LabelId.parse('7'),
    days: 365,
    by: 'Ada',
    at,
  }
  const disposal: Disposal = {
    id: '1',
    identityId,
    cause: 'erasure',
    state: 'approved',
    rule: 'erasure request of a person',
    handle: 'a@b.example',
    reason: 'Request 7',
    proposed: { by: 'Ada', at },
    dueAt: at,
    approved: { by: 'Bea', at },
    withdrawn: null,
    doneAt: null,
    going: 2,
    gone: 0,
    kept: 1,
    holds: [{ hold: '1', messages: 1 }],
  }
  return {
    retention: {
      holds: { input: { identityId, lifted: true }, output: [hold] },
      setHold: { input: { identityId, on: hold.on, reason: 'Inquiry 4', by: 'Ada' }, output: hold },
      liftHold: { input: { id: '1', identityId, reason: 'It is over', by: 'Ada' }, output: hold },
      schedules: { input: { identityId }, output: [schedule] },
      setSchedule: { input: { identityId, network: 'mail', kind: null, labelId: null, days: 365, by: 'Ada' }, output: schedule },
      clearSchedule: { input: { id: '1', identityId, by: 'Ada' }, output: {} },
      due: { input: { identityId }, output: { schedules: [{ schedule: '1', going: 3, kept: 1 }], going: 3, kept: 1 } },
      disposals: { input: { identityId }, output: [disposal] },
      disposal: { input: { id: '1', identityId }, output: disposal },
      disposalItems: {
        input: { id: '1', identityId, after: null, limit: 1000 },
        output: [{ messageId, hold: '1', gone: false }],
      },
      proposeDisposal: { input: { identityId, reason: 'Every quarter', by: 'Ada' }, output: disposal },
      proposeErasure: { input: { identityId, handle: 'a@b.example', reason: 'Request 7', by: 'Ada' }, output: disposal },
      approveDisposal: { input: { id: '1', identityId, by: 'Bea' }, output: disposal },
      withdrawDisposal: { input: { id: '1', identityId, by: 'Bea' }, output: disposal },
      runDisposal: { input: { id: '1', identityId }, output: { job } },
      certificate: { input: { id: '1', identityId }, output: { certificate: '{}\n\n— k c2ln\n', key: 'k+00000000+a2V5' } },
    },
  }
}
