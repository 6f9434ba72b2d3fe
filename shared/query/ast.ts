import type { ConversationState, MessageKind, Network, Voice } from '../model/index.ts'

/** A stretch of the text that was typed, in UTF-16 units: from the first up to, not including, the last. */
export interface Span {
  from: number
  to: number
}

/** Where words are looked for. `anywhere`: who wrote, the subject, the text and the names of files. */
export type Where = 'anywhere' | 'from' | 'to' | 'subject' | 'text'

/** Words one after the other, as they were typed (not folded). The last is a beginning where `prefix` is set. */
export interface WordsNode {
  kind: 'words'
  where: Where
  /** At least one. More than one are looked for in this order, with nothing between. */
  words: string[]
  /** In quotation marks: just these words, no other form of them. */
  exact: boolean
  prefix: boolean
  span: Span
}

/**
 * What a conversation or a message must be. `identity` (`in:`), `account`, `label` and `topic` are names as typed, or ids; what
 * they name is looked up when the search is carried out.
 */
export type FilterNode = { kind: 'filter'; span: Span } & (
  | { field: 'identity' | 'account' | 'label' | 'topic'; value: string }
  | { field: 'voice'; value: Voice }
  | { field: 'network'; value: Network }
  | { field: 'kind'; value: MessageKind }
  | { field: 'state'; value: ConversationState | 'snoozed' | 'open' }
  /** Two letters, ISO 639-1. */
  | { field: 'lang'; value: string }
  | { field: 'has'; value: 'attachment' | 'media' | 'link' }
  | { field: 'is'; value: 'deleted' | 'edited' | 'outbound' | 'unread' }
)

/** Moments from the first up to, not including, the last; null where there is no end. ISO 8601 UTC with ms. */
export interface DateNode {
  kind: 'date'
  field: 'before' | 'after' | 'on'
  /** As typed: `2026`, `2026-11`, `2026-11-21`, `today`, `7d`. */
  value: string
  from: string | null
  until: string | null
  span: Span
}

export type QueryNode =
  | WordsNode
  | FilterNode
  | DateNode
  /** Without parts: everything there is (`*` alone). */
  | { kind: 'and'; parts: QueryNode[] }
  | { kind: 'or'; parts: QueryNode[] }
  | { kind: 'not'; part: QueryNode; span: Span }

/** What is wrong with a query, and where. A query with one is not carried out. */
export interface QueryProblem {
  code:
    | 'unclosed_quote'
    | 'unclosed_bracket'
    | 'stray_bracket'
    | 'nothing_after'
    | 'nothing_to_join'
    | 'unknown_value'
    | 'no_such_date'
    | 'too_long'
    | 'too_many_terms'
    | 'too_deep'
  span: Span
  /** For filling the sentence that says it: the operator, what was typed, what could stand there. */
  values: Record<string, string>
}

export interface ParsedQuery {
  /** Null where there is nothing to look for. */
  query: QueryNode | null
  problems: QueryProblem[]
}

/** What a parse depends on beside the text. */
export interface QueryContext {
  /** Milliseconds since 1970, for `today` and `7d`. */
  now: number
  /** IANA name of the zone that days are counted in, such as `Europe/Madrid`. */
  timeZone: string
  /** The person is still typing: the last word counts as a beginning, and what is not closed or finished yet is no problem. */
  typing: boolean
}
