import { mailConnectorWith } from '#connectors/mail/connector.ts'
import { limits } from '#connectors/mail/limits.ts'
import type { MailSettings } from '#shared/model/index.ts'
import { startDovecot } from '../../support/dovecot.ts'
import { startFaultyImap } from '../../support/imap-faults.ts'
import { needs } from '../../support/needs.ts'
import type { KitDriver, KitMessage, KitNetwork } from '../kit/driver.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { mail, settingsFor } from './samples.ts'

/** A Dovecot behind a proxy that fails when told to. */
async function startMailbox(bare: boolean): Promise<KitNetwork<MailSettings>> {
  const server = await startDovecot({ bare })
  const proxy = await startFaultyImap(server.imap)
  const uidsOf = async (subject: string) =>
    /\* SEARCH ([\d ]+)/
      .exec(await server.command('SELECT INBOX', `UID SEARCH SUBJECT "${subject}"`))?.[1]
      ?.trim()
      .replaceAll(' ', ',')
  return {
    settings: settingsFor(server, {
      imap: { host: 'localhost', port: proxy.port, security: 'none' },
      folders: ['INBOX', 'Archive'],
    }),
    secret: server.password,
    put: (messages) => server.append('INBOX', messages.map(toMail)),
    duplicate: async (subject) => {
      await server.command('CREATE Archive', 'SELECT INBOX', `UID COPY ${await uidsOf(subject)} Archive`)
    },
    remove: async (subject) => {
      await server.command('SELECT INBOX', `UID STORE ${await uidsOf(subject)} +FLAGS (\\Deleted)`, 'EXPUNGE')
    },
    list: async () => {
      const answers = await server.command('SELECT INBOX', 'FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]')
      return [...answers.matchAll(/^Subject: (.*)\r$/gm)].map((match) => match[1] as string)
    },
    rateLimit: async () => {
      proxy.next('rate')
      return false
    },
    refuse: async (on) => proxy.always(on ? 'refused' : null),
    fail: async (times, how) => proxy.next(...Array.from({ length: times }, () => how)),
    garbage: async () => proxy.next('garbage'),
    huge: async () => proxy.next('huge'),
    stall: async (on) => proxy.always(on ? 'silent' : null),
    stop: async () => {
      await proxy.stop()
      await server.stop()
    },
  }
}

function toMail({ subject, text, at }: KitMessage): { raw: string; date: string } {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) as RegExpExecArray
  return { raw: mail(subject, { body: text }), date: `${day}-${month}-${year} ${time} +0000` }
}

function mailDriver(bare: boolean): KitDriver<MailSettings> {
  return {
    connector: mailConnectorWith({ connect: 2000, greeting: 700, silence: 3000, handOver: 3000, idle: 60_000 }),
    several: limits.batchMessages * 2 + 10,
    start: () => startMailbox(bare),
  }
}

needs('dovecot')('a real mail server', () => {
  runConnectorKit('mail, server with CONDSTORE, QRESYNC and IDLE', mailDriver(false))
  runConnectorKit('mail, server with IMAP4rev1 and nothing else', mailDriver(true))
})
