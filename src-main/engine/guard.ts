import { join } from 'node:path'
import type { Ports } from '#ports/index.ts'
import type { GuardRemark } from '#shared/contract/index.ts'
import type { GuardKind, GuardSeverity, GuardVariant } from '#shared/guard/model.ts'
import { type AccountId, type DraftWords, type IdentityId, type OutgoingKind, ProblemError } from '#shared/model/index.ts'
import type { Store } from '#store/store.ts'
import type { LoadedGuard } from '#voices/guard/packs.ts'
import type { Accounts } from './accounts.ts'
import type { Calendars } from './calendar.ts'

const severities: readonly GuardSeverity[] = ['stop', 'reason', 'note']

const kinds: Record<OutgoingKind, GuardKind> = {
  mail: 'mail',
  post: 'post',
  reply: 'reply',
  comment: 'reply',
  direct: 'direct',
  sms: 'sms',
}
/** What one person reads, and nobody else. */
const personal: ReadonlySet<OutgoingKind> = new Set<OutgoingKind>(['mail', 'direct', 'sms'])

interface ToCheck {
  identityId: IdentityId
  accountId: AccountId
  words: DraftWords
  language: string
}

/** What in a text should not leave: the office's packs and those of the program, read when somebody first writes. */
export class Guarding {
  private readonly store: Store
  private readonly ports: Ports
  private readonly accounts: Accounts
  private readonly calendars: Calendars
  private loading: Promise<LoadedGuard> | null = null

  constructor(store: Store, ports: Ports, accounts: Accounts, calendars: Calendars) {
    this.store = store
    this.ports = ports
    this.accounts = accounts
    this.calendars = calendars
  }

  /** @throws `not_found`, `voice_mismatch` */
  async check({ identityId, accountId, words, language }: ToCheck): Promise<{
    remarks: GuardRemark[]
    worst: GuardSeverity | null
  }> {
    const account = this.accounts.require(accountId, identityId)
    const identity = (await this.store.read.identities()).find(({ id }) => id === identityId)
    if (!identity) throw new ProblemError('not_found', { what: 'identity', id: identityId })
    const { guard } = await this.load()
    const variant: GuardVariant = {
      id: accountId,
      text: ownWords(words),
      kind: kinds[words.kind],
      network: account.network,
      language: words.language?.slice(0, 2).toLowerCase() ?? null,
      languages: [],
      media: words.media.map(({ mediaType, alt }) => ({ kind: kindOf(mediaType), alt: alt.trim() === '' ? null : alt })),
      links: [],
      audience: personal.has(words.kind) ? 'person' : words.visibility === 'followers' ? 'followers' : 'public',
    }
    const contacts = this.accounts.list().filter((own) => own.identityId === identityId)
    const report = guard.check({
      voice: identity.voice,
      variants: [variant],
      context: {
        partisan: [],
        embargoes: [],
        ownContacts: contacts.flatMap(({ address }) => (address === '' ? [] : [address.slice(0, 200)])),
        publicPersons: [identity.name],
        state: (await this.calendars.state(identityId)).state,
        now: new Date(this.ports.clock.now()).toISOString(),
      },
      packs: null,
    })
    const remarks = report.findings
      .map(({ rule, pack, severity, ranges, why, todo }) => ({
        rule,
        pack,
        severity,
        ranges,
        why: guard.sentenceOf(why, language),
        todo: guard.sentenceOf(todo, language),
      }))
      .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    return { remarks, worst: report.worst }
  }

  private load(): Promise<LoadedGuard> {
    this.loading ??= this.read().catch((error: unknown) => {
      this.loading = null
      throw error
    })
    return this.loading
  }

  private async read(): Promise<LoadedGuard> {
    const { loadGuard } = await import('#voices/guard/packs.ts')
    const loaded = await loadGuard(join(this.ports.paths.office, 'guard'))
    for (const { source } of loaded.refused) this.ports.log.warn('guard.pack_refused', { source })
    return loaded
  }
}

/** A text up to what it quotes of others: the first line behind a `>`, and the line above that says who wrote it. */
function ownWords({ text, kind }: DraftWords): string {
  if (kind !== 'mail') return text
  const at = text.search(/^>/m)
  if (at < 0) return text
  return text.slice(0, at).replace(/[^\n]*\n\s*$/, '')
}

function kindOf(mediaType: string): GuardVariant['media'][number]['kind'] {
  const [first] = mediaType.split('/')
  return first === 'image' || first === 'video' || first === 'audio' ? first : 'file'
}
