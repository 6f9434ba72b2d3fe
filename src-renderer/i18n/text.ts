import { useMemo } from 'react'
import { useIntl } from 'react-intl'
import type { Problem } from '#shared/model/index.ts'
import type { MessageKey } from './catalog.ts'

/** How the engine writes a moment in a problem's parameters. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/

export type Values = Record<string, string | number>
export type Text = (key: MessageKey, values?: Values) => string

/** Words in the person's language. */
export function useText(): Text {
  const intl = useIntl()
  return useMemo(() => (key, values) => intl.formatMessage({ id: key }, values), [intl])
}

/** The sentence of a problem. Moments are written as the language does; what the engine left out shows as a question mark. */
export function useProblemText(): (problem: Problem) => string {
  const intl = useIntl()
  return useMemo(() => {
    const moment = new Intl.DateTimeFormat(intl.locale, { dateStyle: 'medium', timeStyle: 'short' })
    const shown = (value: string | undefined) =>
      value !== undefined && INSTANT.test(value) ? moment.format(new Date(value)) : (value ?? '?')
    const state = (value: string | undefined) => intl.formatMessage({ id: `calendar.state.${value}` })
    return ({ code, params }) => {
      const id = `error.${code}`
      const names = String(intl.messages[id] ?? '').matchAll(/\{(\w+)\}/g)
      return intl.formatMessage(
        { id },
        Object.fromEntries(
          Array.from(names, ([, name = '']) => [name, name === 'period' ? state(params[name]) : shown(params[name])]),
        ),
      )
    }
  }, [intl])
}

/** Whole numbers as the language writes them. */
export function useNumber(): (value: number) => string {
  const intl = useIntl()
  return useMemo(() => {
    const format = new Intl.NumberFormat(intl.locale)
    return (value) => format.format(value)
  }, [intl.locale])
}

/** Sizes of files as the language writes them, in kB and MB. */
export function useSize(): (bytes: number) => string {
  const intl = useIntl()
  return useMemo(() => {
    const make = (unit: string, digits: number) =>
      new Intl.NumberFormat(intl.locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits })
    const [byte, kilobyte, megabyte] = [make('byte', 0), make('kilobyte', 0), make('megabyte', 1)]
    return (bytes) =>
      bytes < 1000 ? byte.format(bytes) : bytes < 1_000_000 ? kilobyte.format(bytes / 1000) : megabyte.format(bytes / 1_000_000)
  }, [intl.locale])
}
