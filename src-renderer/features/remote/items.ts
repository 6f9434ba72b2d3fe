import type { Account, Message, RemoteAct, SendLimits } from '#shared/model/index.ts'

const onMessages: readonly RemoteAct[] = ['like', 'boost', 'approve', 'hold', 'spam', 'trash']
const onPeople: readonly RemoteAct[] = ['follow', 'mute', 'block', 'report']

/** What can be done about a message on its network, in the order of the menu; empty where nothing can. */
export function actsOn(message: Message, account: Account | undefined, limits: SendLimits | null): RemoteAct[] {
  if (!account?.capabilities.sends || !limits || message.kind === 'act' || message.kind === 'file') return []
  const own = message.direction === 'outbound'
  const wanted = own ? onMessages.filter((act) => act === 'boost') : [...onMessages, ...onPeople]
  const comments: readonly RemoteAct[] = ['approve', 'hold', 'spam', 'trash']
  return wanted.filter((act) => limits.acts.includes(act) && (!comments.includes(act) || message.kind === 'comment'))
}

/** Whether an own message can still be taken off its network. */
export function canDelete(message: Message, account: Account | undefined, limits: SendLimits | null): boolean {
  const own = message.direction === 'outbound' && message.deletedAt === null && message.kind !== 'act'
  return own && account?.capabilities.sends === true && limits?.deletes === true
}

/** Whether the words of an own message can still be changed where it is. */
export function canEdit(message: Message, account: Account | undefined, limits: SendLimits | null): boolean {
  const own = message.direction === 'outbound' && message.deletedAt === null && message.kind !== 'act'
  return own && account?.capabilities.sends === true && limits?.edits === true
}
