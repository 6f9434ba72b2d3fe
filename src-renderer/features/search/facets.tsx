import { useState } from 'react'
import type { SearchFacets } from '#shared/contract/index.ts'
import type { Identity } from '#shared/model/index.ts'
import { datesIn, filterIn, type ParsedQuery, type Span, withCondition, without } from '#shared/query/index.ts'
import { useAccountMap, useIdentityMap } from '../../data/queries.ts'
import { useNumber, useText } from '../../i18n/text.ts'
import { Mark } from '../../ui/mark.tsx'
import { Button } from '../../ui/parts.tsx'
import { finished, settled } from './queries.ts'

/** Values of one facet that are shown at first. */
const SHOWN = 6

type FacetName = 'network' | 'account' | 'identity' | 'year' | 'kind'

interface FacetValue {
  key: string
  name: string
  count: number
  identity?: Identity | undefined
  /** What is written behind the operator. */
  value: string
  /** Where the query says it already. */
  span: Span | null
}

interface FacetsProps {
  text: string
  parsed: ParsedQuery
  facets: SearchFacets
  onNarrow: (text: string) => void
}

/** How hits are spread. Each value narrows the query to it by adding to its text, and pressed again is taken out. */
export function Facets({ text, parsed, facets, onNarrow }: FacetsProps) {
  const t = useText()
  const identities = useIdentityMap()
  const accounts = useAccountMap()
  const labels = [...accounts.values()].map(({ label }) => label)
  const names = [...identities.values()].map(({ name }) => name)
  // A name that two have, or that cannot be written, would not tell them apart; the id does.
  const written = (name: string, id: string, all: readonly string[]) =>
    name.includes('"') || all.filter((other) => other === name).length !== 1 ? id : name
  const years = datesIn(parsed).filter(({ field }) => field === 'on')
  const press = (name: FacetName, { span, value }: FacetValue) => {
    if (span) onNarrow(finished(without(text, [span])))
    else onNarrow(finished(withCondition(settled(text), name === 'year' ? 'on' : name, value)))
  }
  const groups: { name: FacetName; values: FacetValue[] }[] = [
    {
      name: 'identity',
      values: facets.identity.map(({ value: id, count }) => {
        const identity = identities.get(id)
        const value = written(identity?.name ?? id, id, names)
        return { key: id, name: identity?.name ?? id, count, identity, value, span: filterIn(parsed, 'identity', [id, value]) }
      }),
    },
    {
      name: 'account',
      values: facets.account.map(({ value: id, count }) => {
        const name = accounts.get(id)?.label ?? id
        const value = written(name, id, labels)
        return { key: id, name, count, value, span: filterIn(parsed, 'account', [id, value]) }
      }),
    },
    ...(['network', 'kind'] as const).map((name) => ({
      name,
      values: facets[name].map(({ value, count }) => ({
        key: value,
        name: t(`${name}.${value}` as `network.mail` | `kind.mail`),
        count,
        value,
        span: filterIn(parsed, name, [value]),
      })),
    })),
    {
      name: 'year',
      values: facets.year.map(({ value, count }) => ({
        key: value,
        name: value,
        count,
        value,
        span: years.find((date) => date.value === value)?.span ?? null,
      })),
    },
  ]
  return groups.map(({ name, values }) =>
    values.length === 0 ? null : <Facet key={name} name={name} values={values} onPress={(value) => press(name, value)} />,
  )
}

interface FacetProps {
  name: FacetName
  values: FacetValue[]
  onPress: (value: FacetValue) => void
}

function Facet({ name, values, onPress }: FacetProps) {
  const t = useText()
  const number = useNumber()
  const [all, setAll] = useState(false)
  const shown = all ? values : values.slice(0, SHOWN)
  return (
    <section className="facet" aria-labelledby={`facet-${name}`}>
      <h3 id={`facet-${name}`}>{t(`facet.${name}`)}</h3>
      <ul>
        {shown.map((value) => (
          <li key={value.key}>
            <button type="button" aria-pressed={value.span !== null} onClick={() => onPress(value)}>
              {value.identity ? <Mark identity={value.identity} /> : null}
              <bdi className="truncate">{value.name}</bdi>
              <span className="facet-count">{number(value.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length < values.length ? (
        <Button look="link" onPress={() => setAll(true)}>
          {t('facet.more', { number: number(values.length) })}
        </Button>
      ) : null}
    </section>
  )
}
