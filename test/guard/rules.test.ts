import { describe, expect, it } from 'vitest'
import { Guard } from '#shared/guard/index.ts'
import { draft, found, guard, packOf, read, told } from './support.ts'

const check = (text: string, more: Record<string, unknown>) => {
  const own = new Guard([read(packOf(['ferry'], more))])
  return told(own.check(draft(text)).findings, text).length
}

describe('rules', () => {
  it('go by voice, kind, network and the packs that are chosen', () => {
    const text = 'Vote for change on Thursday.'
    expect(found(text)).toEqual(['electoral/call: Vote for'])
    expect(found(text, {}, { voice: 'personal' })).toEqual([])
    expect(guard.check(draft(text, {}, { voice: 'mandate' })).worst).toBe('reason')
    expect(guard.check(draft(text, {}, { voice: 'mandate', context: { state: 'pre_election' } })).worst).toBe('stop')
    expect(found(text, {}, { packs: ['loaded'] })).toEqual([])
    const phone = 'Ring her on 07700 900123'
    expect(found(phone)).toHaveLength(1)
    expect(found(phone, { kind: 'direct' })).toEqual([])
    expect(check('The ferry', { networks: ['x'] })).toBe(0)
  })

  it('are excepted by words around them', () => {
    expect(check('The ferry', {})).toBe(1)
    expect(check('The ferry terminal', { except: { en: ['ferry terminal'] } })).toBe(0)
    expect(check('The ferry terminal and a ferry', { except: { en: ['ferry terminal'] } })).toBe(1)
    expect(check('The ferry is late', { needs: { en: ['late'] } })).toBe(1)
    expect(check('The ferry. It is late', { needs: { en: ['late'] } })).toBe(0)
    expect(check('The ferry. It is late', { needs: { en: ['late'] }, scope: 'text' })).toBe(1)
    expect(check('The ferry is late', { without: { en: ['late'] } })).toBe(0)
    expect(check('The ferry. It is late', { without: { en: ['late'] } })).toBe(1)
    expect(check('The ferry. It is late', { without: { en: ['late'] }, scope: 'text' })).toBe(0)
  })

  it.each([
    ['loaded', 'The amendment is a disgrace.', 'The Minister called the amendment “a disgrace”.', 'en'],
    ['loaded', 'The amendment is a “disgrace”.', 'Witnesses said that the amendment is a disgrace.', 'en'],
    ['loaded', 'Un scandale ce soir.', '« Un scandale », a déclaré la députée.', 'fr'],
    ['loaded', 'Un desastre esta noche.', '«Un desastre», declaró la diputada.', 'es'],
    ['attribution', 'The bill will create 900 jobs.', 'According to the Treasury, the bill will create 900 jobs.', 'en'],
    ['attribution', 'La loi créera 900 emplois.', 'Selon le ministre, la loi créera 900 emplois.', 'fr'],
    ['attribution', 'La ley creará 900 empleos.', 'Según el ministro, la ley creará 900 empleos.', 'es'],
    ['defamation', 'He committed fraud.', 'The Fraud (Amendment) Bill is read.', 'en'],
    ['partisan', 'Labour has a plan.', 'The labour market figures are out.', 'en'],
    ['hostile', 'You are an idiot.', 'The Member withdrew the word “idiot”.', 'en'],
  ])('%s: finds %j and lets %j be', (pack, bad, good, language) => {
    const packs = [pack]
    expect(found(bad, { language }, { packs })).not.toEqual([])
    expect(found(good, { language }, { packs })).toEqual([])
  })

  it('read each sentence in its own language', () => {
    const text = 'The House meets at two and the debate is on bees. Les députés ont voté cette loi honteuse hier soir.'
    expect(found(text, { language: null })).toEqual(['loaded/judging: honteuse'])
    expect(found('Ferme-la', { language: null })).toEqual(['hostile/insult: Ferme-la'])
    expect(found('Das ist eine Schande für das ganze Haus.', { language: 'de' })).toEqual([])
  })

  it('know the names and embargoes of the office', () => {
    const partisan = ['Blue Alliance', '@BlueAlliance']
    expect(found('The BLUE  Alliánce met', {}, { context: { partisan } })).toEqual(['partisan/listed: BLUE  Alliánce'])
    expect(found('Thanks @bluealliance', {}, { context: { partisan } })).toEqual(['partisan/listed: @bluealliance'])
    const embargoes = [{ terms: ['ferry report'], until: '2026-03-03T00:00:00Z' }]
    expect(found('The ferry report is here', {}, { context: { embargoes } })).toEqual(['confidential/embargo: ferry report'])
    const over = [{ terms: ['ferry report'], until: '2026-03-01T00:00:00Z' }]
    expect(found('The ferry report is here', {}, { context: { embargoes: over } })).toEqual([])
  })

  it('tell each variant apart, the gravest first', () => {
    const both = draft('Sadly, it fell.')
    both.variants.push({ ...both.variants[0], id: 'b', text: 'You idiot' } as (typeof both.variants)[0])
    const { findings, worst } = guard.check(both)
    expect(findings.map(({ variant, severity }) => [variant, severity])).toEqual([
      ['b', 'stop'],
      ['', 'reason'],
    ])
    expect(worst).toBe('stop')
    expect(guard.check(draft('The House meets at two.'))).toMatchObject({ findings: [], worst: null })
  })
})

describe('ordinary posts of an institution', () => {
  it.each([
    'We’re delighted to welcome pupils from Northfield Primary today.',
    'Vote by 5 pm for your favourite photograph of the building.',
    'The lobby is closed on Friday, and the west hall as well.',
    'Share your experience of visiting us in this short survey.',
    'Thanks for joining us today!',
    'The Bill would make it easier to build homes.',
    'Ministers will be asked about violence against women and girls.',
    'The Committee says the Government should do more to protect rivers.',
    'Le Sénat s’oppose à la suppression de l’article 4.',
    'Les députés ont rendu hommage aux pompiers.',
    'Appelez notre standard, du lundi au vendredi.',
    'La commission examine la proposition de loi visant à lutter contre le racisme.',
    'Los diputados rindieron homenaje a bomberos y policías.',
    'La Mesa acuerda el calendario de sesiones. Se publicará en la web.',
    'Con 12 votos.',
    '¡Gracias!',
    'La ministra de Igualdad comparece para informar sobre violencia de género.',
  ])('nothing in %j', (text) => {
    expect(found(text, { language: null })).toEqual([])
  })
})

describe('words in disguise', () => {
  it.each([
    ['look-alike letters', 'You are an іdіоt'],
    ['Greek letters', 'You are an ιdιοt'],
    ['accents', 'You are an ídïöt'],
    ['zero-width characters', 'You are an id\u200Bi\u2060ot'],
    ['soft hyphens', 'You are an id\u00ADiot'],
    ['full width', 'You are an ｉｄｉｏｔ'],
    ['mathematical letters', 'You are an 𝓲𝓭𝓲𝓸𝓽'],
    ['circled letters', 'You are an ⓘⓓⓘⓞⓣ'],
    ['digits', 'You are an 1d10t'],
    ['letters drawn out', 'You are an idiooooot'],
    ['spaced letters', 'You are an i d i o t'],
    ['dotted letters', 'You are an i.d.i.o.t'],
    ['capitals', 'YOU ARE AN IDIOT'],
    ['a hashtag', 'You are an #Idiot'],
    ['a hashtag of several', '#YouIdiot'],
  ])('are found: %s', (_, text) => {
    const words = found(text).filter((line) => line.startsWith('hostile/insult'))
    expect(words).toHaveLength(1)
  })

  it('are told of as such', () => {
    expect(found('The cоmmittee')).toEqual(['form/lookalikes: cоmmittee'])
    expect(found('Plain \u202Etxet')).toEqual(['form/direction-marks: \u202E'])
    expect(found('The com\u200Bmittee')).toEqual(['form/hidden-characters: \u200B'])
    expect(found('The 𝐝𝐞𝐛𝐚𝐭𝐞')).toEqual(['form/styled-letters: 𝐝𝐞𝐛𝐚𝐭𝐞'])
    expect(found('The r e p o r t')).toEqual(['form/spaced-letters: r e p o r t'])
  })

  it('are not seen where a script is at home', () => {
    expect(found('The Москва exhibition and the Ελλάδα evening, 👩‍👩‍👧 welcome ❤️ A B C')).toEqual([])
    expect(found('مجلس النواب يعقد جلسته اليوم عند الساعة العاشرة', { language: 'ar' })).toEqual([])
    expect(found('می‌خواهم', { language: 'fa' })).toEqual([])
  })
})
