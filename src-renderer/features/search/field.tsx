import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type Completion, completions, type ParsedQuery } from '#shared/query/index.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { CompletionList } from './completion-list.tsx'
import { useKnownNames } from './queries.ts'

interface QueryFieldProps {
  /** Of the input, so that the keyboard can be brought there. */
  id: string
  label: string
  value: string
  parsed: ParsedQuery
  /** Ids of the list that is steered from here, and of the text that says what is wrong. */
  results: string
  about: string
  onChange: (value: string) => void
  onMove: (by: number) => void
  onEnter: () => void
  onEscape: () => void
  onPress?: () => void
  /** The keyboard goes elsewhere. */
  onLeave?: (to: Element | null) => void
  /** What stands at the end of the field. */
  children?: React.ReactNode
}

/** One line for a query: what is wrong in it is underlined, and what could come next is offered below. */
export function QueryField({ id, label, value, parsed, results, about, onChange, children, ...on }: QueryFieldProps) {
  const t = useText()
  const known = useKnownNames()
  const input = useRef<HTMLInputElement>(null)
  const under = useRef<HTMLDivElement>(null)
  const [caret, setCaret] = useState<number | null>(null)
  const [active, setActive] = useState(-1)
  // Values are offered by themselves; everything else when it is asked for.
  const [asked, setAsked] = useState(false)
  const [closed, setClosed] = useState(false)
  const goTo = useRef<number | null>(null)
  const found = useMemo(() => completions(value, caret ?? value.length, known), [value, caret, known])
  const there = value.slice(found.span.from, found.span.to)
  const useful = found.options.length > 1 || found.options.some(({ insert }) => insert.trim() !== there)
  const open = caret !== null && useful && (asked || (found.operator !== null && !closed))
  const list = `${id}-completions`
  useLayoutEffect(() => {
    if (goTo.current === null) return
    input.current?.setSelectionRange(goTo.current, goTo.current)
    goTo.current = null
  })
  const close = () => {
    setAsked(false)
    setClosed(true)
    setActive(-1)
  }
  const change = (next: string, at: number) => {
    setCaret(at)
    setActive(-1)
    setAsked(false)
    setClosed(false)
    onChange(next)
  }
  const choose = ({ insert }: Completion) => {
    const { from, to } = found.span
    // One blank is enough.
    const rest = value.slice(to).replace(insert.endsWith(' ') ? /^\s/ : /^/, '')
    goTo.current = from + insert.length
    change(value.slice(0, from) + insert + rest, goTo.current)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = open ? found.options[active] : undefined
    const first = open && found.operator !== null && event.key === 'Tab' && !event.shiftKey ? found.options[0] : undefined
    if ((event.altKey && event.key === 'ArrowDown') || (event.ctrlKey && event.key === ' ')) {
      setAsked(true)
      setActive(0)
    } else if (open && step)
      setActive((now) => (Math.max(now, step < 0 ? 0 : -1) + step + found.options.length) % found.options.length)
    else if (chosen && (event.key === 'Enter' || event.key === 'Tab')) choose(chosen)
    else if (first) choose(first)
    else if (open && event.key === 'Escape') close()
    else if (step) on.onMove(step)
    else if (event.key === 'Enter') on.onEnter()
    else if (event.key === 'Escape') on.onEscape()
    else return
    event.preventDefault()
  }
  const look = () => {
    const at = input.current?.selectionEnd ?? null
    if (at !== caret) setCaret(at)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every reader yet.
    <div className="search-box" role="search">
      <Icon name="search" />
      <div className="search-line" aria-hidden="true" dir="auto" ref={under}>
        <Underlined text={value} parsed={parsed} />
      </div>
      <input
        ref={input}
        id={id}
        type="text"
        role="combobox"
        aria-expanded={open || value !== ''}
        aria-controls={open ? list : results}
        aria-autocomplete="list"
        aria-label={label}
        aria-invalid={parsed.problems.length > 0}
        aria-describedby={about}
        {...(open && active >= 0 ? { 'aria-activedescendant': `${list}-${active}` } : {})}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
        onFocus={look}
        onClick={on.onPress}
        onBlur={(event) => {
          setCaret(null)
          setAsked(false)
          on.onLeave?.(event.relatedTarget)
        }}
        onSelect={look}
        onScroll={(event) => {
          if (under.current) under.current.scrollLeft = event.currentTarget.scrollLeft
        }}
        onChange={(event) => change(event.target.value, event.target.selectionEnd ?? event.target.value.length)}
        onKeyDown={onKeyDown}
      />
      {children}
      {open ? <CompletionList id={list} options={found.options} active={active} onChoose={choose} /> : null}
      <span className="visually-hidden" role="status">
        {open && asked ? t('search.completions') : ''}
      </span>
    </div>
  )
}

/** The text again, unseen, with a line under what is wrong. */
function Underlined({ text, parsed }: { text: string; parsed: ParsedQuery }) {
  const pieces: React.ReactNode[] = []
  let at = 0
  for (const { span } of [...parsed.problems].sort((a, b) => a.span.from - b.span.from)) {
    if (span.from < at) continue
    pieces.push(text.slice(at, span.from), <u key={span.from}>{text.slice(span.from, span.to)}</u>)
    at = span.to
  }
  return pieces
}
