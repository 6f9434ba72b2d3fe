import { describe, expect, it } from 'vitest'
import { labelled } from './support.ts'

const all = labelled()
const groups = [...new Set(all.map(({ rule }) => rule))].filter((rule) => rule !== 'general')

describe('the labelled texts', () => {
  it('are told apart, and stand there once', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const twice = all.filter(
      ({ text, language }, at) => all.findIndex((one) => one.text === text && one.language === language) < at,
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
