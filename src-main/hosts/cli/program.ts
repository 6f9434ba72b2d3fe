import { Command } from 'commander'
import { version } from '../version.ts'
import type { Cli } from './cli.ts'
import { accountAddArchive } from './commands/account-add-archive.ts'
import { accountAddBlog } from './commands/account-add-blog.ts'
import { accountAddBluesky } from './commands/account-add-bluesky.ts'
import { accountAddFeed } from './commands/account-add-feed.ts'
import { accountAddMail } from './commands/account-add-mail.ts'
import { accountAddMastodon } from './commands/account-add-mastodon.ts'
import { accountAddSmsAndroid, accountAddSmsKannel, accountAddSmsTwilio } from './commands/account-add-sms.ts'
import { accountList } from './commands/account-list.ts'
import { accountPause, accountResume } from './commands/account-pause.ts'
import { accountSetSending } from './commands/account-set-sending.ts'
import { accountSignIn } from './commands/account-sign-in.ts'
import { archiveExport } from './commands/archive-export.ts'
import { backup } from './commands/backup.ts'
import { calendarAdd, calendarCheck, calendarImport, calendarPolicy, calendarRemove, calendarShow } from './commands/calendar.ts'
import { conversationRead, conversationUnread } from './commands/conversation-read.ts'
import { conversationSet } from './commands/conversation-set.ts'
import { conversationShow } from './commands/conversation-show.ts'
import { conversationSnooze } from './commands/conversation-snooze.ts'
import { coverage } from './commands/coverage.ts'
import {
  disposalApprove,
  disposalCertificate,
  disposalList,
  disposalPropose,
  disposalRun,
  disposalShow,
  disposalWithdraw,
  erase,
} from './commands/disposal.ts'
import { doctor } from './commands/doctor.ts'
import { draftDiscard, draftList, draftShow } from './commands/draft.ts'
import { guardCheck } from './commands/guard.ts'
import { holdLift, holdList, holdSet } from './commands/hold.ts'
import { identityAdd } from './commands/identity-add.ts'
import { identityList } from './commands/identity-list.ts'
import { identitySet } from './commands/identity-set.ts'
import { importFiles } from './commands/import.ts'
import { inboxList } from './commands/inbox-list.ts'
import { labelAdd, labelList, labelMerge, labelPut, labelRemove, labelSet, labelTake } from './commands/label.ts'
import { ledgerAuthority, ledgerCheckpoint, ledgerConsistency, ledgerList, ledgerProve, ledgerVerify } from './commands/ledger.ts'
import { messageHistory } from './commands/message-history.ts'
import { messageShow } from './commands/message-show.ts'
import { noteAdd, noteEdit, noteList, noteWithdraw } from './commands/note.ts'
import { openCommand } from './commands/open.ts'
import { queueCancel, queueConfirm, queueList, queueRetry, queueRun, queueSettle, queueShow } from './commands/queue.ts'
import { restore } from './commands/restore.ts'
import { sample } from './commands/sample.ts'
import { scheduleClear, scheduleDue, scheduleList, scheduleSet } from './commands/schedule.ts'
import { search } from './commands/search.ts'
import { act, deleteMessage, edit, send } from './commands/send.ts'
import { serve } from './commands/serve.ts'
import { sync } from './commands/sync.ts'
import { verify } from './commands/verify.ts'
import type { Output } from './output.ts'

/** Options of every command, written before or after it. */
export interface GlobalOptions {
  office?: string
  json?: true
}

/** What the program needs besides what its commands need. */
export interface ProgramCli extends Cli {
  /** Takes the options of every command, before the command runs. */
  configure(options: GlobalOptions): void
}

/** Every command of `dispatch`. Parsing throws commander's errors instead of ending the process. */
export function createProgram(cli: ProgramCli): Command {
  const program = new Command('dispatch')
    .description('One inbox for an office that speaks with several voices, at the command line.')
    .version(version, '-V, --version', 'print the version')
    .option('--office <dir>', "folder of the office (default: this person's own)")
    .option('--json', 'print one JSON value; errors as {"error":{"code","message"}} on stderr')
    .hook('preAction', (_, command) => cli.configure(command.optsWithGlobals<GlobalOptions>()))
  program.addCommand(
    group('identity', 'The voices that the office speaks with', [identityAdd(cli), identitySet(cli), identityList(cli)]),
  )
  program.addCommand(
    group('account', 'Mailboxes, feeds, networks and exports', [
      group('add', 'Add an account', [
        accountAddMail(cli),
        accountAddFeed(cli),
        accountAddMastodon(cli),
        accountAddBluesky(cli),
        accountAddBlog(cli),
        accountAddSmsTwilio(cli),
        accountAddSmsKannel(cli),
        accountAddSmsAndroid(cli),
        accountAddArchive(cli),
      ]),
      accountList(cli),
      accountPause(cli),
      accountResume(cli),
      accountSignIn(cli),
      accountSetSending(cli),
    ]),
  )
  program.addCommand(sync(cli))
  program.addCommand(group('inbox', 'The inbox', [inboxList(cli)]))
  program.addCommand(
    group('conversation', 'Read and triage conversations', [
      conversationShow(cli),
      conversationSet(cli),
      conversationSnooze(cli),
      conversationRead(cli),
      conversationUnread(cli),
    ]),
  )
  program.addCommand(
    group('label', 'Labels and topics of conversations', [
      labelList(cli),
      labelAdd(cli),
      labelSet(cli),
      labelPut(cli),
      labelTake(cli),
      labelMerge(cli),
      labelRemove(cli),
    ]),
  )
  program.addCommand(group('draft', 'Texts that were begun', [draftList(cli), draftShow(cli), draftDiscard(cli)]))
  program.addCommand(
    group('note', 'Notes on conversations, which stay in the office', [
      noteAdd(cli),
      noteList(cli),
      noteEdit(cli),
      noteWithdraw(cli),
    ]),
  )
  program.addCommand(group('message', 'Single messages', [messageShow(cli), messageHistory(cli)]))
  for (const command of [send, edit, deleteMessage, act]) program.addCommand(command(cli))
  program.addCommand(
    group('queue', 'What is on its way to networks', [
      queueList(cli),
      queueShow(cli),
      queueRun(cli),
      queueCancel(cli),
      queueRetry(cli),
      queueConfirm(cli),
      queueSettle(cli),
    ]),
  )
  program.addCommand(group('archive', 'The archive', [archiveExport(cli)]))
  program.addCommand(
    group('ledger', 'Prove what was captured', [
      ledgerList(cli),
      ledgerVerify(cli),
      ledgerProve(cli),
      ledgerConsistency(cli),
      ledgerCheckpoint(cli),
      ledgerAuthority(cli),
    ]),
  )
  program.addCommand(group('hold', 'Keep what is named, whatever happens', [holdSet(cli), holdLift(cli), holdList(cli)]))
  program.addCommand(
    group('schedule', 'How long messages are kept', [scheduleSet(cli), scheduleClear(cli), scheduleList(cli), scheduleDue(cli)]),
  )
  program.addCommand(
    group('disposal', 'Remove for good, by two people and with a certificate', [
      disposalPropose(cli),
      disposalList(cli),
      disposalShow(cli),
      disposalApprove(cli),
      disposalWithdraw(cli),
      disposalRun(cli),
      disposalCertificate(cli),
    ]),
  )
  program.addCommand(
    group('calendar', 'The parliamentary calendar of an identity', [
      calendarShow(cli),
      calendarAdd(cli),
      calendarRemove(cli),
      calendarImport(cli),
      calendarPolicy(cli),
      calendarCheck(cli),
    ]),
  )
  program.addCommand(group('guard', 'What should not leave the office', [guardCheck(cli)]))
  for (const command of [erase, search, coverage, importFiles, backup, restore, verify, doctor, serve, openCommand, sample])
    program.addCommand(command(cli))
  prepare(program, cli.out)
  return program
}

function group(name: string, text: string, commands: readonly Command[]): Command {
  const made = new Command(name).description(text)
  for (const command of commands) made.addCommand(command)
  return made
}

/** What commander does not hand down to commands that were made by themselves. */
function prepare(command: Command, out: Output): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: (text) => out.help(text),
    writeErr: (text) => out.helpBesideError(text),
    // Errors are told once, by whoever runs the program.
    outputError: () => undefined,
  })
  command.configureHelp({ showGlobalOptions: true })
  command.helpOption('-h, --help', 'show this help')
  if (command.commands.length > 0) {
    command.helpCommand(false)
    for (const inner of command.commands) prepare(inner, out)
  }
}
