import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import { ConversationState, MessageKind, Network, Voice } from '#shared/model/index.ts'
import { type ExplanationId, explainQuery, type QueryNode, type QueryProblem, sayExplanation } from '#shared/query/index.ts'
import { useAccounts, useIdentities } from '../../data/queries.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { type Text, useNumber, useText } from '../../i18n/text.ts'

/** How a language writes the days, months and lists of a query. */
interface Writer {
  day: Intl.DateTimeFormat
  month: Intl.DateTimeFormat
  year: Intl.DateTimeFormat
  all: Intl.ListFormat
  any: Intl.ListFormat
  languages: Intl.DisplayNames
}

function writerOf(locale: string): Writer {
  return {
    day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }),
    month: new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }),
    year: new Intl.DateTimeFormat(locale, { year: 'numeric' }),
    all: new Intl.ListFormat(locale, { type: 'conjunction' }),
    any: new Intl.ListFormat(locale, { type: 'disjunction' }),
    languages: new Intl.DisplayNames(locale, { type: 'language' }),
  }
}

/** What one of an operator's few values is called; null for names that people gave. */
function valueKey(id: string, value: string): MessageKey | null {
  const voice = Voice.safeParse(value)
  if (id === 'filter.voice' && voice.success) return `voice.${voice.data}`
  const network = Network.safeParse(value)
  if (id === 'filter.network' && network.success) return `network.${network.data}`
  const kind = MessageKind.safeParse(value)
  if (id === 'filter.kind' && kind.success) return `kind.${kind.data}`
  const state = ConversationState.safeParse(value)
  if (id === 'filter.state' && state.success) return `state.${state.data}`
  if (id === 'filter.state') return value === 'snoozed' ? 'view.snoozed' : 'view.open'
  if (id === 'filter.has')
    return value === 'attachment' ? 'query.has.attachment' : value === 'media' ? 'query.has.media' : 'query.has.link'
  if (id !== 'filter.is') return null
  if (value === 'deleted') return 'query.is.deleted'
  if (value === 'edited') return 'query.is.edited'
  return value === 'outbound' ? 'query.is.outbound' : 'query.is.unread'
}

/**
 * Keeps what was typed together in lines that run from right to left: `2026-02-30` is then not read as `30-02-2026`.
 * Elsewhere it is left alone.
 */
function isolated(text: string): string {
  return document.documentElement.dir === 'rtl' ? `\u{2068}${text}\u{2069}` : text
}

/** What is found by its id is named, not numbered. */
type Names = ReadonlyMap<string, string>

function simple(t: Text, write: Writer, names: Names, id: ExplanationId, values: Record<string, string>): string {
  const { at, value = '' } = values
  if (at !== undefined) {
    const unit = id === 'date.on.year' ? 'year' : id === 'date.on.month' ? 'month' : 'day'
    return t(`query.${id}`, { date: write[unit].format(new Date(at)) })
  }
  if (id === 'filter.lang') return t('query.filter.lang', { value: write.languages.of(value) ?? value })
  const key = valueKey(id, value)
  const words = isolated(values['words'] ?? '')
  return t(`query.${id}`, { words, value: key ? t(key) : isolated(names.get(`${id} ${value}`) ?? value) })
}

/** Says in the person's words what a query looks for. */
export function useExplain(): (query: QueryNode) => string {
  const t = useText()
  const { locale } = useIntl()
  const { data: identities } = useIdentities()
  const { data: accounts } = useAccounts()
  return useMemo(() => {
    const write = writerOf(locale)
    const names: Names = new Map([
      ...(identities ?? []).map(({ id, name }) => [`filter.identity ${id}`, name] as const),
      ...(accounts ?? []).map(({ id, label }) => [`filter.account ${id}`, label] as const),
    ])
    const say = {
      simple: (id: ExplanationId, values: Record<string, string>) => simple(t, write, names, id, values),
      all: (parts: string[]) => write.all.format(parts),
      any: (parts: string[]) => write.any.format(parts),
      not: (what: string) => t('query.not', { what }),
      bracketed: (what: string) => t('query.group', { what }),
    }
    return (query) => t('query.explained', { what: sayExplanation(explainQuery(query), say) })
  }, [t, locale, identities, accounts])
}

/** Says what is wrong with a query, and what could stand there instead. */
export function useProblemOfQuery(): (problem: QueryProblem) => string {
  const t = useText()
  const number = useNumber()
  return ({ code, values }) => {
    const { operator = '', value = '', choices = '', most = '' } = values
    const named = /^[a-z]/.test(operator) ? `${operator}:` : operator
    const sentence = t(`query.problem.${code}`, {
      operator: isolated(named),
      value: isolated(value),
      most: most === '' ? '' : number(Number(most)),
    })
    return choices === '' ? sentence : `${sentence} ${t('query.problem.choices', { choices: isolated(choices) })}`
  }
}
