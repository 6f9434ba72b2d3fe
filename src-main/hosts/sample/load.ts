import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '#engine/engine.ts'
import type { SampleLoader } from '#service/tools.ts'
import type { IdentityId } from '#shared/model/index.ts'
import { defaultMark, type InboxFilter, ProblemError } from '#shared/model/index.ts'
import { writeMailbox } from './files.ts'
import { sampleSeed } from './http.ts'
import { type SampleIdentity, sampleOffice } from './office.ts'
import { day } from './post.ts'

type Control = Parameters<SampleLoader>[0]

/** Fills an office with the sample parliament, through the same import and sync code that real accounts use. */
export function loadSample({ engine }: { engine: Engine }): SampleLoader {
  return async (control) => {
    const made = await engine.store.read.meta('sample')
    const now = made === null ? engine.ports.clock.now() : Date.parse(made)
    const sample = sampleOffice({ seed: sampleSeed, now })
    const identities = new Map<SampleIdentity['key'], IdentityId>()
    for (const { key, name, voice } of sample.identities) {
      identities.set(key, (await engine.addIdentity({ name, voice, ...defaultMark[voice] })).id)
    }
    const identityOf = (key: SampleIdentity['key']) => {
      const id = identities.get(key)
      if (id === undefined) throw new ProblemError('internal', { detail: `the sample has no identity ${key}` })
      return id
    }
    const total = sample.mailboxes.reduce((sum, mailbox) => sum + mailbox.letters.length, 0)
    const report = { new: 0, known: 0, failed: 0, remarks: [] }
    const dir = await mkdtemp(join(tmpdir(), 'dispatch-sample-'))
    try {
      let done = 0
      for (const mailbox of sample.mailboxes) {
        control.signal.throwIfAborted()
        const identityId = identityOf(mailbox.identity)
        const { label, settings, format } = mailbox
        const account = await engine.accounts.addPaused({ identityId, label, network: 'mail', settings })
        const path = await writeMailbox(mailbox, dir)
        const part = await engine.accounts.importFiles(
          account.id,
          identityId,
          { format, path, parts: [] },
          within(control, done, mailbox.letters.length, total),
        )
        done += mailbox.letters.length
        for (const count of ['new', 'known', 'failed'] as const) report[count] += part[count]
      }
      for (const feed of sample.feeds) {
        control.signal.throwIfAborted()
        const settings = { url: feed.url, every: 60 }
        const account = await engine.accounts.add({
          identityId: identityOf(feed.identity),
          label: feed.title,
          network: 'feed',
          settings,
          secret: null,
        })
        const [synced] = await engine.accounts.sync(account.id, control.signal)
        report.new += synced?.new ?? 0
      }
      await triage(engine, now)
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
    control.progress(total, total)
    return report
  }
}

/** One mailbox's share of the whole progress. */
function within(control: Control, before: number, size: number, total: number): Control {
  return {
    signal: control.signal,
    progress: (done, of) => control.progress(before + (of ? Math.round((size * done) / of) : 0), total),
  }
}

/** What an office in the middle of its work has done already: answered what waits, put some things off. */
async function triage(engine: Engine, now: number): Promise<void> {
  const list = async (view: InboxFilter['view'], limit: number) => {
    const filter: InboxFilter = { view, identityId: null, accountId: null, labelId: null, unreadOnly: false }
    return (await engine.store.read.page({ filter, from: null, until: null, limit })).rows
  }
  const since = new Date(now - 24 * day).toISOString()
  const answered = (await list('done', 500)).filter((row) => row.outbound && row.at > since)
  if (answered.length > 0) await engine.triage.setState(answered, 'waiting')
  const later = (await list('needs_reply', 200)).filter((row, index) => row.network === 'mail' && index % 23 === 11)
  for (const [index, row] of later.entries()) await engine.triage.snooze([row], new Date(now + (index + 1) * day).toISOString())
}
