import { describe, expect, it } from 'vitest'
import { labelled } from './support.ts'

const all = labelled()
const every = ['first', 'later', 'last', 'held'].flatMap((set) => labelled(set))
const groups = [...new Set(all.map(({ rule }) => rule))].filter((rule) => rule !== 'general')

describe('the labelled texts', () => {
  it('are told apart, and none that is kept back is among the others', () => {
    expect(new Set(every.map(({ id }) => id)).size).toBe(every.length)
    const known = new Set(every.filter(({ held }) => !held).map(({ text, language }) => `${language} ${text}`))
    const twice = every.filter(
      ({ held, text, language, rule }) => held && rule !== 'personal' && known.has(`${language} ${text}`),
    )
    expect(twice.map(({ id }) => id)).toEqual([])
  })

  it.each(['en', 'fr', 'es'])(
    'are enough in %s: 60 that break each group, 60 that break none, and a part of both kept back',
    (language) => {
      const own = all.filter((one) => one.language === language)
      expect(own.filter(({ positive }) => !positive).length).toBeGreaterThanOrEqual(60)
      expect(groups.length).toBe(13)
      for (const group of groups) {
        const broken = own.filter(({ rule, positive }) => positive && rule === group)
        expect(broken.length, group).toBeGreaterThanOrEqual(60)
        expect(broken.filter(({ held }) => held).length, group).toBeGreaterThanOrEqual(20)
        expect(own.filter(({ rule, positive }) => !positive && rule === group).length, group).toBeGreaterThanOrEqual(10)
      }
    },
  )
})
