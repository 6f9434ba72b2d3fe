import { describe, expect, it } from 'vitest'
import { builtInPacks, Guard, readPack } from '#shared/guard/index.ts'
import { draft, guard, packOf, read } from './support.ts'

const faults = (value: unknown) => {
  const result = readPack(value, 'x.json', [])
  return Array.isArray(result) ? result.map(({ place, detail }) => `${place}: ${detail}`) : []
}

describe('packs', () => {
  it.each([
    [null, ': invalid input'],
    [[], ': invalid input'],
    [{ ...(packOf(['a']) as object), extra: 1 }, ': unrecognized key'],
    [packOf(['a'], { regex: '(a+)+$' }), 'rules[0]: unrecognized key'],
    [packOf(['a'], { severity: { institutional: 'fatal' } }), 'rules[0].severity.institutional: invalid option'],
    [packOf(['a'], { id: 'Bad Name' }), 'rules[0].id: must be lower-case letters'],
    [packOf(['a'], { why: {} }), 'rules[0].why: must have a sentence in one language at least'],
    [packOf(['a'], { detector: 'phone' }), 'rules[0]: must have patterns or a detector, and not both'],
    [packOf(['a'], { patterns: undefined, detector: 'nothing' }), 'rules[0].detector: invalid option'],
    [packOf([]), ''],
  ])('refuses %j with the place', (value, detail) => {
    if (detail === '') expect(faults(value)).toEqual([])
    else expect(faults(value)[0]).toContain(detail)
  })

  it('refuses a name that is taken', () => {
    const first = read(packOf(['a']))
    expect(readPack(packOf(['b']), 'y.json', [first])).toEqual([
      { source: 'y.json', place: 'id', detail: 'the name mine is taken' },
    ])
    const { rules } = packOf(['a']) as { rules: unknown[] }
    expect(faults({ ...(packOf(['a']) as object), rules: [...rules, ...rules] })).toEqual(['rules[1].id: the name one is taken'])
  })

  it('may name the lists of packs before it', () => {
    const sets = { fruit: { en: ['apple', 'pear'] } }
    const first = read(packOf(['x'], {}, sets))
    const second = readPack({ ...(packOf(['eat {mine.fruit}']) as object), id: 'other' }, 'y.json', [first])
    expect(second).not.toBeInstanceOf(Array)
  })

  it('that come with the program say everything in four languages, and find in three', () => {
    for (const { pack } of builtInPacks()) {
      const languages = ['ar', 'en', 'es', 'fr']
      expect(Object.keys(pack.title).sort(), pack.id).toEqual(languages)
      for (const { id, why, todo, patterns } of pack.rules) {
        expect(Object.keys(why).sort(), `${pack.id}/${id}`).toEqual(languages)
        expect(Object.keys(todo).sort(), `${pack.id}/${id}`).toEqual(languages)
        if (patterns) expect(Object.keys(patterns)).toEqual(expect.arrayContaining(['en', 'es', 'fr']))
        const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([blank]) => blank).sort()
        for (const text of [why, todo]) {
          for (const words of Object.values(text))
            for (const blank of blanks(words))
              expect(['{words}', '{count}', '{link}', '{until}', '{language}', '{languages}']).toContain(blank)
        }
      }
    }
  })

  it('speak in the language that is asked for, or in one they have', () => {
    const { findings } = guard.check(draft('Vote for change on Thursday.'))
    const why = findings[0]?.why
    if (why === undefined) throw new Error('nothing was found')
    expect(guard.sentenceOf(why, 'en')).toBe('Asks people to vote, give or campaign for or against somebody: Vote for.')
    expect(guard.sentenceOf(why, 'fr')).toContain('Invite à voter')
    expect(guard.sentenceOf(why, 'de')).toBe(guard.sentenceOf(why, 'en'))
    const own = new Guard([read(packOf(['ferry'], { why: { fr: 'Voilà {words}' } }))])
    const [one] = own.check(draft('The ferry')).findings
    expect(one && own.sentenceOf(one.why, 'es')).toBe('Voilà ferry')
  })
})
