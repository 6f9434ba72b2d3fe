import { type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react'
import { useIntl } from 'react-intl'
import { datesIn, type ParsedQuery, parseQuery, withCondition, without } from '#shared/query/index.ts'
import { useText } from '../../i18n/text.ts'
import { Button } from '../../ui/parts.tsx'
import { finished, readingContext, settled, useHistogram } from '../search/queries.ts'
import { type Bar, barsOf, following } from './bars.ts'

/** From and to, as indexes of bars; `to` may be the earlier one while it is drawn. */
interface Range {
  from: number
  to: number
}

interface HistogramProps {
  text: string
  parsed: ParsedQuery
  /** What was found is on the screen: that comes first. */
  ready: boolean
  onNarrow: (text: string) => void
}

/** When the hits were written. A stretch of it is taken with the pointer or the arrow keys, and becomes `after:` and `before:`. */
export function Histogram({ text, parsed, ready, onNarrow }: HistogramProps) {
  const t = useText()
  const dates = datesIn(parsed)
  const undated = useMemo(() => {
    const whole = settled(text)
    const { query, problems } = parseQuery(whole, readingContext())
    return without(
      whole,
      datesIn({ query, problems }).map(({ span }) => span),
    )
  }, [text])
  const { data } = useHistogram(undated === '' ? '*' : undated, ready)
  const bars = useMemo(() => barsOf(data?.months ?? []), [data])
  const apply = ({ from, to }: Range) => {
    const [first, last] = [bars[Math.min(from, to)], bars[Math.max(from, to)]]
    if (!first || !last) return
    onNarrow(finished(withCondition(withCondition(undated, 'after', first.value), 'before', following(last.value))))
  }
  if (bars.length < 2) return null
  return (
    <section className="histogram" aria-label={t('archive.over')}>
      <Bars
        bars={bars}
        inside={(bar) => isInside(bar, dates)}
        dated={dates.length > 0}
        onApply={apply}
        onClear={() => onNarrow(finished(undated))}
      />
    </section>
  )
}

/** Whether the query's dates let any of a bar in; null where it has none. */
function isInside({ value }: Bar, dates: ReturnType<typeof datesIn>): boolean | null {
  if (dates.length === 0) return null
  // Beginnings of days differ from zone to zone by hours; half a month is far from both.
  const middle = value.length === 4 ? `${value}-07-02` : `${value}-15`
  return dates.every(({ from, until }) => (from === null || from <= `${middle}T23`) && (until === null || until > middle))
}

interface BarsProps {
  bars: readonly Bar[]
  inside: (bar: Bar) => boolean | null
  /** Whether the query says a time. */
  dated: boolean
  onApply: (range: Range) => void
  onClear: () => void
}

function Bars({ bars, inside, dated, onApply, onClear }: BarsProps) {
  const t = useText()
  const { locale } = useIntl()
  const [at, setAt] = useState(bars.length - 1)
  const [drawn, setDrawn] = useState<Range | null>(null)
  const [pressed, setPressed] = useState(false)
  const name = useMemo(() => {
    const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
    return (bar: Bar) => (bar.value.length === 4 ? bar.value : month.format(new Date(`${bar.value}-01T00:00:00Z`)))
  }, [locale])
  const here = Math.min(at, bars.length - 1)
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const within = (index: number) =>
    drawn !== null && index >= Math.min(drawn.from, drawn.to) && index <= Math.max(drawn.from, drawn.to)
  const onKeyDown = (event: KeyboardEvent) => {
    const turn = document.documentElement.dir === 'rtl' ? -1 : 1
    const step = { ArrowRight: turn, ArrowLeft: -turn, PageUp: -12, PageDown: 12, Home: -bars.length, End: bars.length }[
      event.key
    ]
    if (step !== undefined) {
      const next = Math.max(0, Math.min(bars.length - 1, here + step))
      setAt(next)
      setDrawn(event.shiftKey ? { from: drawn?.from ?? here, to: next } : null)
    } else if (event.key === 'Enter' || event.key === ' ') {
      onApply(drawn ?? { from: here, to: here })
      setDrawn(null)
    } else if (event.key === 'Escape') {
      if (drawn) setDrawn(null)
      else onClear()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  /** Which bar a pointer is over; the first or last beyond the ends. */
  const barAt = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - left) / width
    const along = document.documentElement.dir === 'rtl' ? 1 - share : share
    return Math.max(0, Math.min(bars.length - 1, Math.floor(along * bars.length)))
  }
  const shown = bars[drawn?.to ?? here]
  const first = drawn && bars[Math.min(drawn.from, drawn.to)]
  const last = drawn && bars[Math.max(drawn.from, drawn.to)]
  return (
    <>
      <p className="visually-hidden" id="histogram-help">
        {t('archive.over.help')}
      </p>
      <div
        className="bars"
        role="listbox"
        aria-label={t('archive.over')}
        aria-describedby="histogram-help"
        aria-multiselectable="true"
        aria-orientation="horizontal"
        aria-activedescendant={`bar-${here}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          const index = barAt(event)
          setPressed(true)
          setAt(index)
          setDrawn({ from: index, to: index })
        }}
        onPointerMove={(event) => {
          const index = barAt(event)
          setAt(index)
          if (pressed && drawn) setDrawn({ ...drawn, to: index })
        }}
        onPointerUp={() => {
          setPressed(false)
          if (drawn) onApply(drawn)
          setDrawn(null)
        }}
        onPointerCancel={() => {
          setPressed(false)
          setDrawn(null)
        }}
      >
        {bars.map((bar, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the keyboard and steers its bars.
          <div
            key={bar.value}
            id={`bar-${index}`}
            role="option"
            aria-selected={drawn ? within(index) : inside(bar) === true}
            aria-label={t('archive.bar', { when: name(bar), count: bar.count })}
            data-here={index === here || undefined}
            data-outside={(drawn ? !within(index) : inside(bar) === false) || undefined}
          >
            <i style={{ blockSize: bar.count === 0 ? 0 : `max(2px, ${(bar.count / most) * 100}%)` }} />
          </div>
        ))}
      </div>
      <div className="bars-foot">
        <p className="bars-legend" aria-hidden="true">
          <span>{bars[0] ? name(bars[0]) : ''}</span>
          <strong>
            {first && last && first !== last
              ? t('archive.range', { from: name(first), to: name(last) })
              : shown
                ? t('archive.bar', { when: name(shown), count: shown.count })
                : ''}
          </strong>
          <span>{bars.at(-1) ? name(bars.at(-1) as Bar) : ''}</span>
        </p>
        {dated ? (
          <Button look="link" onPress={onClear}>
            {t('archive.anyTime')}
          </Button>
        ) : null}
      </div>
    </>
  )
}
