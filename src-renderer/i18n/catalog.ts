import type { ProblemCode } from '#shared/model/index.ts'
import type { accounts } from './en/accounts.ts'
import type { archive } from './en/archive.ts'
import type { calendar } from './en/calendar.ts'
import type { compose } from './en/compose.ts'
import type { inbox } from './en/inbox.ts'
import type { labels } from './en/labels.ts'
import type { messages } from './en/messages.ts'
import type { retention } from './en/retention.ts'
import type { search } from './en/search.ts'

export type InboxTexts = Record<keyof typeof inbox, string>
export type ComposeTexts = Record<keyof typeof compose, string>
export type LabelTexts = Record<keyof typeof labels, string>
export type MessageTexts = Record<keyof typeof messages, string>
export type AccountTexts = Record<keyof typeof accounts, string>
export type CalendarTexts = Record<keyof typeof calendar, string>
export type ArchiveTexts = Record<keyof typeof archive, string>
export type RetentionTexts = Record<keyof typeof retention, string>
export type SearchTexts = Record<keyof typeof search, string>
export type ErrorTexts = Record<`error.${ProblemCode}`, string>

/** Every text of the interface, in ICU message format. A language that misses one does not compile. */
export type Catalog = InboxTexts &
  LabelTexts &
  ComposeTexts &
  MessageTexts &
  AccountTexts &
  ArchiveTexts &
  CalendarTexts &
  RetentionTexts &
  SearchTexts &
  ErrorTexts
export type MessageKey = keyof Catalog
