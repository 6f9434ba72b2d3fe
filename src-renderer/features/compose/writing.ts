import type { Client } from '#shared/contract/client.ts'
import type { AccountId, Draft, DraftWords, IdentityId, MessageId, Problem } from '#shared/model/index.ts'
import { toProblem } from '../../data/faults.ts'
import { createStore } from '../../ui/store.ts'

/** Whose text it is, from where it goes and what it answers. None of it changes while one writes. */
export interface Place {
  identityId: IdentityId
  accountId: AccountId
  target: MessageId | null
}

export interface WritingState {
  words: DraftWords
  /** `unsaved`: not stored as it stands. `empty`: nothing was written that would be worth keeping. */
  saved: 'empty' | 'unsaved' | 'saving' | 'saved'
  problem: Problem | null
  /** Was sent or thrown away: nothing of it is stored any more. */
  ended: boolean
}

/** Stored this long after the last stroke. */
const PAUSE_MS = 700

export const noWords: Omit<DraftWords, 'kind'> = {
  text: '',
  subject: '',
  warning: '',
  language: null,
  media: [],
  to: '',
  cc: '',
  bcc: '',
  visibility: null,
}

/**
 * One text that is being written. What is typed is stored by itself, one save after the other; where a save fails the text stays here
 * and is saved again with the next stroke, or when it is asked for.
 */
export class Writing {
  readonly place: Place
  readonly state
  /** Null until it was stored first. */
  draft: Pick<Draft, 'id' | 'version'> | null
  private readonly client: () => Client
  private readonly by: () => string
  /** What it began with: as long as nothing else was written there is no draft. */
  private readonly first: DraftWords
  private timer: ReturnType<typeof setTimeout> | null = null
  private saving: Promise<void> = Promise.resolve()

  constructor(options: { client: () => Client; by: () => string; place: Place; words: DraftWords; draft: Draft | null }) {
    this.client = options.client
    this.by = options.by
    this.place = options.place
    this.first = options.words
    this.draft = options.draft
    this.state = createStore<WritingState>({
      words: options.words,
      saved: options.draft ? 'saved' : 'empty',
      problem: null,
      ended: false,
    })
  }

  /** Takes what was typed. */
  write(change: Partial<DraftWords>): void {
    if (this.state.get().ended) return
    this.state.set((now) => ({ ...now, words: { ...now.words, ...change }, saved: 'unsaved' }))
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), PAUSE_MS)
  }

  /** Stores what is not stored yet. Resolves when it is, or when the problem is shown. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.saving = this.saving.then(() => this.save())
    return this.saving
  }

  /** Throws the text away. @returns what was stored of it, for undoing; null when nothing was. */
  async discard(): Promise<Draft | null> {
    this.end()
    await this.saving
    return this.draft && this.client().drafts.discard({ id: this.draft.id, identityId: this.place.identityId })
  }

  /** Nothing is stored from here on: it was sent or thrown away. */
  end(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.state.set((now) => ({ ...now, ended: true }))
  }

  private async save(): Promise<void> {
    const { words, saved, ended } = this.state.get()
    if (ended || saved !== 'unsaved') return
    if (this.draft === null && JSON.stringify(words) === JSON.stringify(this.first)) {
      this.state.set((now) => ({ ...now, saved: 'empty' }))
      return
    }
    this.state.set((now) => ({ ...now, saved: 'saving' }))
    const { identityId, accountId, target } = this.place
    const by = this.by()
    try {
      const { drafts } = this.client()
      const draft = this.draft
        ? await drafts.save({ ...this.draft, identityId, words, by })
        : await drafts.add({ identityId, accountId, target, words, by })
      this.draft = { id: draft.id, version: draft.version }
      this.state.set((now) => ({ ...now, saved: now.words === words ? 'saved' : 'unsaved', problem: null }))
    } catch (error) {
      this.state.set((now) => ({ ...now, saved: 'unsaved', problem: toProblem(error) }))
    }
  }
}
