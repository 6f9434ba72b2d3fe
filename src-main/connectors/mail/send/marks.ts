import { z } from 'zod'
import type { MailSettings } from '#shared/model/index.ts'
import type { Context } from '../../connector.ts'

/** The stream that keeps how far each sending came. No mailbox has such a name: control characters are not allowed. */
const MARKS = '\u0001sending'
/** Marks kept, newest last. An item whose mark is gone is looked for in the mailbox alone. */
const MOST = 500

/**
 * How far a mail came, saved before the next step is taken:
 * - `handed`: its end was about to be sent. From here on silence means nothing.
 * - `taken`: the server said that it has it.
 */
const Mark = z.object({
  key: z.string(),
  state: z.enum(['handed', 'taken']),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** The id of the message whose copy is still to be put into the folder of sent mail; null for none. */
  copy: z.string().nullable(),
})
export type Mark = z.infer<typeof Mark>

const State = z.object({
  /** Whether the server puts what is sent through it into the folder of sent mail by itself; null while that is not known. */
  files: z.boolean().nullable(),
  /** Mails that it did not put there, in a row. */
  misses: z.number().int().nonnegative(),
  /** Largest mail that it takes, in bytes, as it said last. */
  mostBytes: z.number().nullable(),
  marks: z.array(Mark),
})
export type SendingState = z.infer<typeof State>

const nothing: SendingState = { files: null, misses: 0, mostBytes: null, marks: [] }

/** What is known of an account's sending, kept in the office, so that a kill between any two steps leaves no doubt that could be avoided. */
export class Marks {
  private readonly context: Context<MailSettings>
  private turn: Promise<unknown> = Promise.resolve()

  constructor(context: Context<MailSettings>) {
    this.context = context
  }

  async read(): Promise<SendingState> {
    const stored = await this.context.cursor(MARKS)
    return stored === null ? nothing : State.parse(JSON.parse(stored))
  }

  async of(key: string): Promise<Mark | null> {
    return (await this.read()).marks.find((mark) => mark.key === key) ?? null
  }

  /** Saves a mark in the place of an older one of the same item; durable when it resolves. */
  set(mark: Mark): Promise<void> {
    return this.change((state) => ({
      ...state,
      marks: [...state.marks.filter((one) => one.key !== mark.key), mark].slice(-MOST),
    }))
  }

  /** The server has nothing of it: the next try begins anew. */
  forget(key: string): Promise<void> {
    return this.change((state) => ({ ...state, marks: state.marks.filter((one) => one.key !== key) }))
  }

  change(next: (state: SendingState) => SendingState): Promise<void> {
    const changed = this.turn.then(async () => {
      const before = await this.read()
      const after = next(before)
      if (JSON.stringify(after) === JSON.stringify(before)) return
      await this.context.commit({ stream: MARKS, cursor: JSON.stringify(after), messages: [], marks: [], gone: [] })
    })
    this.turn = changed.catch(() => undefined)
    return changed
  }
}
