import { basename } from 'node:path'
import { implement } from '@orpc/server'
import { contract, type MailAccountInput } from '#shared/contract/index.ts'
import { type MailServer, MailSettings, ProblemError } from '#shared/model/index.ts'
import type { ServiceOptions } from './service.ts'
import type { AccountTools } from './tools.ts'

/** Minutes between polls of a feed until its own hints are known. */
const FEED_EVERY_MINUTES = 15

/** Calls about accounts: finding, signing in, health, sync and import. */
export function accountCalls({ engine, tools }: ServiceOptions) {
  const on = implement(contract).accounts
  const { accounts, jobs } = engine
  return {
    accounts: on.router({
      list: on.list.handler(() => accounts.list()),
      metrics: on.metrics.handler(({ input }) => {
        accounts.require(input.id, input.identityId)
        return engine.store.read.accountMetrics(input.id)
      }),
      discoverMail: on.discoverMail.handler(({ input }) => tools.discoverMail(input.address)),
      discoverFeed: on.discoverFeed.handler(({ input }) => tools.discoverFeed(input.url)),
      inspectCertificate: on.inspectCertificate.handler(({ input }) => tools.inspectCertificate(input.server)),
      addMail: on.addMail.handler(async ({ input }) => {
        const { settings, secret } = await mailAccount(input, tools)
        return accounts.add({ identityId: input.identityId, label: input.label, network: 'mail', settings, secret })
      }),
      addFeed: on.addFeed.handler(async ({ input }) => {
        const [found] = await tools.discoverFeed(input.url)
        if (!found) throw new ProblemError('not_a_feed', { url: input.url })
        const settings = { url: found.url, every: FEED_EVERY_MINUTES }
        return accounts.add({
          identityId: input.identityId,
          label: input.label ?? found.title,
          network: 'feed',
          settings,
          secret: null,
        })
      }),
      addArchive: on.addArchive.handler(({ input }) => {
        const { identityId, network, handle, server } = input
        return accounts.addArchive({ identityId, label: input.label || null, network, handle, server })
      }),
      add: on.add.handler(async ({ input }) => {
        const { settings, secret, label } = await tools.signedIn(input.login)
        if (settings === null) throw new ProblemError('bad_request', { detail: 'a mailbox is added with its servers' })
        return accounts.addSignedIn({ identityId: input.identityId, label: input.label || label, settings, secret })
      }),
      signInAgain: on.signInAgain.handler(async ({ input }) => {
        accounts.require(input.id, input.identityId)
        const { settings, secret } = await tools.signedIn(input.login)
        return accounts.signInAgain(input.id, input.identityId, { settings, secret })
      }),
      oauthBegin: on.oauthBegin.handler(({ input }) => tools.oauth.begin(input)),
      oauthWait: on.oauthWait.handler(({ input }) => tools.oauth.wait(input.flow)),
      rename: on.rename.handler(({ input }) => accounts.rename(input.id, input.identityId, input.label)),
      pause: on.pause.handler(({ input }) => accounts.setPaused(input.id, input.identityId, true)),
      resume: on.resume.handler(({ input }) => accounts.setPaused(input.id, input.identityId, false)),
      signIn: on.signIn.handler(({ input }) => {
        const { settings } = accounts.require(input.id, input.identityId)
        const pinned =
          settings.network === 'mail' && input.acceptFingerprint !== null ? withPin(settings.mail, input.acceptFingerprint) : null
        return accounts.signIn(input.id, input.identityId, { settings: pinned, secret: input.password })
      }),
      setSending: on.setSending.handler(({ input }) => {
        const { id, identityId, smtp, name, perMinute, acceptFingerprint } = input
        const { settings } = accounts.require(id, identityId)
        if (settings.network !== 'mail')
          throw new ProblemError('bad_request', { detail: 'only a mailbox has a server for sending' })
        const mail: MailSettings = {
          ...settings.mail,
          ...(smtp === undefined ? {} : { smtp }),
          ...(name === undefined ? {} : { name }),
          ...(perMinute === undefined ? {} : { perMinute }),
        }
        const pinned = acceptFingerprint === null || mail.smtp === null ? mail : withPin(mail, acceptFingerprint, mail.smtp)
        return accounts.signIn(id, identityId, { settings: pinned, secret: null, sending: pinned.smtp !== null })
      }),
      sync: on.sync.handler(({ input, signal }) => accounts.sync(input.id, signal)),
      importFiles: on.importFiles.handler(({ input }) => {
        accounts.require(input.id, input.identityId)
        const { id, identityId, format, path, parts } = input
        const job = jobs.start('import', basename(path), (control) =>
          accounts.importFiles(id, identityId, { format, path, parts }, control),
        )
        return { job }
      }),
    }),
  }
}

async function mailAccount(input: MailAccountInput, tools: AccountTools): Promise<{ settings: MailSettings; secret: string }> {
  const { address, user, imap, smtp, folders, ca, login } = input
  const auth = login.kind
  const plain: MailSettings = MailSettings.parse({ address, user, auth, imap, smtp, folders, ca, pins: {} })
  const settings = input.acceptFingerprint === null ? plain : withPin(plain, input.acceptFingerprint)
  if (login.kind === 'password') return { settings, secret: login.password }
  return { settings, secret: (await tools.signedIn({ kind: 'flow', flow: login.flow })).secret }
}

/** A certificate that a person accepted counts for the server that showed it, and for no other. */
function withPin(settings: MailSettings, fingerprint: string, server: MailServer = settings.imap): MailSettings {
  return { ...settings, pins: { ...settings.pins, [`${server.host}:${server.port}`]: fingerprint } }
}
