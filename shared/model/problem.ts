import { z } from 'zod'

/**
 * Every way in which something can go wrong, as a person would tell them apart. The only list: the contract's errors,
 * account states and the CLI use these codes, the renderer has a sentence for each in every language (`error.<code>`),
 * and `docs/errors.md` explains each. `{name}` marks a value from `params`.
 */
export const problems = {
  // the call
  bad_request: 'That request does not fit: {detail}.',
  unknown_call: 'There is no call named {name}.',
  too_large: 'That is too large: {size} bytes, and {limit} is the most.',
  forbidden_sender: 'Only the windows of this program may ask for that.',
  not_found: 'There is no {what} with the id {id}.',
  voice_mismatch: 'That {what} belongs to another identity. Nothing was changed.',
  conflict: '{detail}',
  name_taken: 'The name {name} is used already. Nothing was changed.',
  query_invalid: 'The search cannot be carried out as it is written ({detail}). Nothing was done.',
  cancelled: 'Cancelled. What had already been saved was kept.',
  disconnected:
    'The window lost its connection to the part of the program that keeps the office. It connects again by itself; look before you repeat what you did.',
  internal: 'Something went wrong inside the program: {detail}. Nothing that was saved is lost.',
  // the office
  office_locked: 'This office is open in another process ({pid} on {host}). Close it there, or use that window.',
  office_missing: 'There is no office in {dir}.',
  office_from_future:
    'This office was last opened by a newer version (format {found}, this program knows {known}). It was left untouched; update the program.',
  office_key: 'The key of this office could not be read, or does not fit. The office was left untouched.',
  office_corrupt:
    'The database of this office is damaged. It was opened for reading only; make a backup now and restore the last good one.',
  read_only: 'This office is open for reading only. Nothing was changed.',
  disk_full: 'The disk is full. What was saved before is safe; make room, and it goes on by itself.',
  database_busy: 'Another program is using the database of this office. Nothing was changed; close that program and try again.',
  backup_invalid: 'That file is not a backup that this office can read. Nothing was changed.',
  has_accounts: 'This office has accounts of its own already, so the sample was not added. Nothing was changed.',
  not_empty: 'There is already an office in {dir}. Nothing was changed; choose an empty folder or use --force.',
  // accounts
  login_failed: '{host} did not accept the user name or password.',
  login_expired: 'The sign-in for {host} has ended. Sign in again; nothing was lost.',
  host_unknown: 'There is no server named {host}. Check the name.',
  host_unreachable: '{host} does not answer. Check the network; what had arrived is kept.',
  connection_lost: 'The connection to {host} was closed. What had arrived is kept.',
  timed_out: '{host} took too long to answer. What had arrived is kept.',
  rate_limited: '{host} asked us to wait. What had arrived is kept.',
  server_error: '{host} reported a fault of its own: {detail}. What had arrived is kept.',
  protocol: '{host} sent something that does not follow the rules: {detail}. It was skipped; the rest goes on.',
  tls_untrusted: 'The certificate of {host} is not one that this computer trusts (fingerprint {fingerprint}).',
  tls_expired: 'The certificate of {host} expired on {date}. Tell whoever runs the server.',
  tls_mismatch: 'The certificate of {host} is for another name.',
  tls_changed: 'The certificate of {host} is not the one that was accepted before (now {fingerprint}).',
  tls_missing: '{host} offers no encryption, so no password was sent.',
  feed_gone: 'The feed at {host} is gone for good. What it brought before is kept.',
  not_a_feed: 'There is no feed at {url}, and its page names none.',
  account_other: 'That sign-in is for {found}, and this account is {expected}. Nothing was changed.',
  server_elsewhere:
    '{host} points to {to} instead of answering. Nothing was sent there; use that address if you know it to be right.',
  not_a_server: '{host} answers, but not as a server of {network} does.',
  send_refused: '{host} did not take it: {detail}. Nothing was sent.',
  address_invalid: '{address} is not an address that can be used.',
  address_private:
    'A server pointed to {host}, which lies in a private network, and nobody of the office named it. It was not asked.',
  secret_missing: 'The password of this account is not in the keychain. Sign in again.',
  silence: 'Nothing has arrived since {since}; usually there would have been something. Check the account.',
  files_only: 'This account holds what is imported from files; there is nothing to ask at {network} yet. Nothing was changed.',
  messages_left_out:
    'Messages that {host} does not hand over were left out: {count}, first in {folder}. All the rest is here; they are asked for again.',
  attachment_unavailable: 'The file {name} cannot be had from {host}: {detail}. What the message says is here.',
  // sending mail
  sending_not_set: '{address} has no server for sending. Nothing was sent.',
  sending_paced: 'No more than {count} mails a minute go out through {host}. The rest follow by themselves.',
  mail_refused: '{host} refused the mail: {detail}. Nothing was sent.',
  mail_deferred: '{host} does not take the mail yet: {detail}. Nothing was sent; it is tried again by itself.',
  recipients_refused: '{host} takes no mail for {addresses}: {detail}. The mail went to nobody.',
  address_unsupported: '{host} cannot carry mail to or from {address}, whose name is not in plain letters. Nothing was sent.',
  mail_unconfirmed:
    '{host} was given the mail, and the connection broke before it said that it has it. It is not sent again by itself: whether it was sent, only its recipient can tell.',
  // writing
  draft_changed:
    'This draft was changed elsewhere by {by} meanwhile. Nothing of either was lost: what you wrote is still here, and the other text is kept.',
  // sending texts and posts
  opted_out:
    '{number} asked for no more text messages ({word}, {date}). Nothing was sent; it can be written to once it asks for them again.',
  number_invalid: '{number} is not a telephone number that can be written to. Nothing was sent.',
  sent_unclear: '{host} has more than one message that this could be. Look there whether it was sent, and say so here.',
  inbox_missing: '{host} does not hand over the texts that come in: the app on the phone is too old for that. Texts can be sent.',
  port_taken:
    'Another program has {host}. Nothing can be handed over to this account there; end that program, or choose another port.',
  // the parliamentary calendar
  calendar_frozen:
    'The calendar of this identity ({period}) keeps it from publishing this until {until}. It was not sent; what is scheduled waits, and is sent after that only when a person says so.',
  calendar_frozen_open:
    'The calendar of this identity ({period}) keeps it from publishing this, and names no end. It was not sent; what is scheduled waits for a person.',
  calendar_invalid: '{source} is not a calendar that can be read. Line {line}: {detail}. Nothing was changed.',
  calendar_zone: '{source} names the time zone {zone}, which nobody knows. Nothing was changed.',
  calendar_too_many: '{source} holds more than the {limit} events that a calendar may have. Nothing was changed.',
  calendar_empty: 'No event in {source} has a word that your table of words knows. Nothing was changed.',
  calendar_full: 'An identity has {limit} periods at most. Nothing was changed; remove old ones first.',
  // files
  file_unreadable: '{path} could not be read: {detail}.',
  file_unwritable: '{path} could not be written: {detail}. What was there before is unchanged.',
  pack_invalid: 'The guard pack {path} cannot be used: {detail}. The other packs are.',
  not_a_mailbox: '{path} is not a mailbox of the kind named.',
  export_unknown: '{path} is not an export of {network} that this program knows. Nothing was brought in.',
  export_of_other: '{path} is the export of {found}, and this account is {expected}. Nothing was brought in.',
  export_damaged: '{path} is damaged or was cut off ({detail}). What had been brought in is kept.',
  export_too_large: '{path} would unpack to more than any export holds ({detail}). Nothing was brought in.',
  export_locked: '{path} is protected by a password. Unpack it and import the folder.',
  export_web_pages: '{path} holds web pages to look at. Ask {network} for the same export as JSON and import that.',
  export_folder_used:
    'An export cannot go to {dir}: it is not empty, or an export of something else was begun there ({dir}.partial). Nothing was changed; choose another folder.',
  export_disk_full:
    'There is no room left for the export to {dir}. What was written is kept: make room and export to the same folder again, and it goes on.',
  redactions_invalid: 'The redactions in {path} cannot be used. Line {line}: {detail}. Nothing was exported.',
  // sending
  outbox_state: 'That cannot be done with something that is {state}. Nothing was changed.',
  outbox_unknown:
    'It is not known whether the network has it, and the network cannot be asked. Look there, then say whether it was sent or is to be sent again.',
  outbox_waited: 'It waited too long for a connection. It is sent once somebody says so again.',
  outbox_before: 'The part before it was not sent, so this one waits for it.',
  outbox_file_missing: 'The file {name} is not in this office. Attach it again. Nothing was queued.',
  send_not_offered: 'This account cannot do that ({what}). Nothing was queued.',
  send_empty: 'There is nothing in it to send. Nothing was queued.',
  send_too_long: 'The text counts {count}, and {limit} is the most here. Nothing was queued.',
  send_too_many_files: '{count} files are too many: {limit} is the most here. Nothing was queued.',
  send_file_refused: 'The file {name} is of a kind that is not taken here ({type}). Nothing was queued.',
  send_file_too_large: 'The file {name} has {size} bytes, and {limit} is the most here. Nothing was queued.',
  send_alt_too_long: 'The description of {name} counts {count}, and {limit} is the most here. Nothing was queued.',
  // keeping and letting go
  disposal_nothing: 'There is nothing to dispose of by that. Nothing was proposed.',
  disposal_same_person: 'It takes two people: {by} proposed this and cannot approve it too. Nothing was changed.',
  disposal_not_due: 'This can be carried out from {date} on, once a second person has approved it. Nothing was removed.',
  label_scheduled: 'A schedule says how long what has {name} is kept. Change or remove that schedule first. Nothing was changed.',
  disposal_closed: 'That cannot be done with a disposal that is {state}. Nothing was changed.',
} as const

export const ProblemCode = z.enum(Object.keys(problems) as [keyof typeof problems, ...(keyof typeof problems)[]])
export type ProblemCode = keyof typeof problems

export const Problem = z.object({ code: ProblemCode, params: z.record(z.string(), z.string()) })
/** A fault in words-to-be: the code picks the sentence, `params` fill it. Never holds a secret or message text. */
export type Problem = z.infer<typeof Problem>

/** The English sentence of a problem, for the CLI and logs. */
export function describeProblem(problem: Problem): string {
  return problems[problem.code].replace(/\{(\w+)\}/g, (_, name: string) => problem.params[name] ?? '?')
}

/** The one error class that crosses layers: a `Problem` that can be thrown. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly params: Record<string, string>
  constructor(code: ProblemCode, params: Record<string, string | number> = {}, options?: ErrorOptions) {
    const plain = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
    super(describeProblem({ code, params: plain }), options)
    this.name = 'ProblemError'
    this.code = code
    this.params = plain
  }
  toProblem(): Problem {
    return { code: this.code, params: this.params }
  }
}
