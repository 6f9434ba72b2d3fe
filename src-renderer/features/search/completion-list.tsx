import { useEffect, useRef } from 'react'
import type { Completion } from '#shared/query/index.ts'
import { operatorOf } from '#shared/query/index.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { type Text, useText } from '../../i18n/text.ts'

/** What an operator is for. */
export function operatorText(t: Text, label: string): string {
  const operator = operatorOf(label.replace(':', ''))
  return operator ? t(`search.operator.${operator.name}` as MessageKey) : ''
}

interface CompletionListProps {
  id: string
  options: readonly Completion[]
  active: number
  onChoose: (option: Completion) => void
}

/** What could come next in a search, below its field, which keeps the keyboard. */
export function CompletionList({ id, options, active, onChoose }: CompletionListProps) {
  const t = useText()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div className="completions popover menu" id={id} role="listbox" aria-label={t('search.completions')} ref={list}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the field keeps the keyboard and steers the list.
        <div
          key={option.label}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          className="menu-item"
          data-focused={index === active || undefined}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option)}
        >
          <bdi className="operator-name" dir={option.kind === 'operator' ? 'ltr' : 'auto'}>
            {option.label}
          </bdi>
          {option.kind === 'operator' ? <span className="end">{operatorText(t, option.label)}</span> : null}
        </div>
      ))}
    </div>
  )
}
