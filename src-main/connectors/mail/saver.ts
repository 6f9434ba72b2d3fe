import type { MailSettings } from '#shared/model/index.ts'
import type { Batch, Context } from '../connector.ts'
import { type Cursor, printCursor } from './cursor.ts'

/**
 * Saves batches of one folder in order. One is being saved while the next is prepared, never two: if a save failed and a
 * later one did not, its cursor would step over what was lost.
 */
export class Saver {
  private readonly context: Context<MailSettings>
  private readonly stream: string
  private saving: Promise<unknown> = Promise.resolve()

  constructor(context: Context<MailSettings>, stream: string) {
    this.context = context
    this.stream = stream
  }

  /** Waits for the batch before, then begins to save this one. */
  async save(cursor: Cursor, batch: Partial<Omit<Batch, 'cursor' | 'stream'>>): Promise<void> {
    await this.saving
    this.saving = this.context.commit({
      messages: [],
      marks: [],
      gone: [],
      ...batch,
      stream: this.stream,
      cursor: printCursor(cursor),
    })
    // met by the next save or by drain; until then it must not count as unhandled
    this.saving.catch(() => undefined)
  }

  /** Everything given to `save` is durable. */
  async drain(): Promise<void> {
    await this.saving
  }
}
