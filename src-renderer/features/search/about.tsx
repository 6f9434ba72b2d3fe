import type { SearchFacets, SearchMissing } from '#shared/contract/index.ts'
import type { ParsedQuery } from '#shared/query/index.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { useExplain, useProblemOfQuery } from './explain.ts'

interface AboutProps {
  id: string
  text: string
  parsed: ParsedQuery
  missing: readonly SearchMissing[]
  /** Messages that are not in the index yet. */
  waiting: number
}

/** What a query looks for, in plain words; or what is wrong with it, and where. */
export function AboutQuery({ id, text, parsed, missing, waiting }: AboutProps) {
  const t = useText()
  const explain = useExplain()
  const say = useProblemOfQuery()
  const { query, problems } = parsed
  return (
    <div className="search-about" id={id}>
      {problems.length > 0 ? (
        <div className="note bad" role="alert">
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.code} ${problem.span.from}`}>
                {say(problem)}{' '}
                {problem.values.value === undefined ? <Where text={text} from={problem.span.from} to={problem.span.to} /> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : query ? (
        <p className="dim">{explain(query)}</p>
      ) : null}
      {problems.length === 0 && missing.length > 0 ? (
        <div className="note warn" role="status">
          <ul>
            {missing.map(({ field, value, span }) => (
              <li key={span.from}>{t(`query.missing.${field}`, { value })}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {waiting > 0 ? (
        <p className="note warn" role="status">
          {t('search.waiting', { count: waiting })}
        </p>
      ) : null}
    </div>
  )
}

/** So much of a long mistake is quoted. */
const QUOTED = 40

function Where({ text, from, to }: { text: string; from: number; to: number }) {
  const t = useText()
  const there = text.slice(from, to)
  const where = there.length > QUOTED ? `${there.slice(0, QUOTED)}…` : there
  return (
    <span className="dim">
      {t('query.problem.at', { where: '' })}
      <bdi>{where}</bdi>
    </span>
  )
}

interface CountProps {
  facets: SearchFacets | undefined
  /** Hits on the screen, where these are all there are. */
  known: number | null
}

/** How many were found: of all, as soon as all are counted. */
export function FoundCount({ facets, known }: CountProps) {
  const t = useText()
  const number = useNumber()
  const exact = known ?? (facets?.exact ? facets.total : null)
  return (
    <p role="status" className="search-count">
      {exact !== null
        ? t('search.count', { count: exact })
        : facets
          ? t('search.count.most', { number: number(facets.total) })
          : null}
    </p>
  )
}
