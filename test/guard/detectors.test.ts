import { describe, expect, it } from 'vitest'
import { found } from './support.ts'

const of = (pack: string, text: string, rest: Parameters<typeof found>[2] = {}) =>
  found(text, {}, { packs: [pack], ...rest }).map((line) => line.replace(`${pack}/`, ''))

describe('personal data', () => {
  it.each([
    ['phone', 'Call 07700 900123 now', '07700 900123'],
    ['phone', '(020) 7946 0123', '(020) 7946 0123'],
    ['phone', 'au 06 39 98 12 34.', '06 39 98 12 34'],
    ['phone', '+34 612 00 45 67', '+34 612 00 45 67'],
    ['phone', 'al 612 345 678', '612 345 678'],
    ['phone', '(212) 555-0142', '(212) 555-0142'],
    ['mail', 'to anna_k@example.net.', 'anna_k@example.net'],
    ['address', 'lives at 14 Millbrook Lane', '14 Millbrook Lane'],
    ['address', '14 rue du Moulin', '14 rue du Moulin'],
    ['address', 'calle del Molino 14', 'calle del Molino 14'],
    ['iban', 'GB29 NWBK 6016 1331 9268 19 AND MORE', 'GB29 NWBK 6016 1331 9268 19'],
    ['card', '4111 1111 1111 1111', '4111 1111 1111 1111'],
    ['national-id', 'QQ 12 34 56 C', 'QQ 12 34 56 C'],
    ['national-id', '943 476 5919', '943 476 5919'],
    ['national-id', '046 454 286', '046 454 286'],
    ['national-id', '1 84 12 76 451 089 46', '1 84 12 76 451 089 46'],
    ['national-id', '85.07.30-033.28', '85.07.30-033.28'],
    ['national-id', '12345678Z', '12345678Z'],
    ['national-id', '20-12345678-6', '20-12345678-6'],
  ])('%s: %j', (rule, text, words) => {
    expect(of('personal-data', text)).toContain(`${rule}: ${words}`)
  })

  it.each([
    'GB29 NWBK 6016 1331 9268 18',
    '4111 1111 1111 1112',
    '12345678A',
    'HC 412, paper 2024-25/113',
    'by 312 to 208, with 14 abstentions',
    'from 1,250,000 to 1,310,000',
    'on 12/05/2026 at 11:30, 2026-03-02',
    'ISBN 978-3-16-148410-0',
    '0800 123 4567 or 112 or 0 800 12 34 56 or 900 123 456',
    'enquiries@parliament.example, press@example.org, jane@lords.parliament.uk',
    '1 Parliament Street, 33 quai de l’Assemblée, plaza del Congreso 1',
  ])('nothing in %j', (text) => {
    expect(of('personal-data', text)).toEqual([])
  })

  it('leaves alone what the office publishes', () => {
    const context = { ownContacts: ['+44 20 7946 0123', 'example.net', '7 Rosebery Avenue'] }
    expect(of('personal-data', 'Call 020 7946 0123 or anna@example.net at 7 Rosebery Avenue', { context })).toEqual([])
    expect(of('personal-data', 'Call 020 7946 0124', { context })).toEqual(['phone: 020 7946 0124'])
  })
})

describe('links', () => {
  it.each([
    ['broken', 'htps://example.org/a'],
    ['broken', 'https:/example.org/a'],
    ['broken', 'https://example..org/a'],
    ['broken', 'www.example'],
    ['local', 'http://localhost:3000/a'],
    ['local', 'http://192.168.1.20/a.pdf'],
    ['local', 'https://intranet/agenda'],
    ['local', 'file:///C:/a.docx'],
    ['secret', 'https://user:word@example.org/a'],
    ['secret', 'https://example.org/a?token=abc'],
    ['short', 'https://bit.ly/3xAmple'],
    ['tracking', 'https://example.org/a?id=1&utm_source=x'],
  ])('%s: %s', (rule, link) => {
    expect(of('links', `See ${link}.`)).toEqual([`${rule}: ${link}`])
  })

  it.each([
    'https://example.org/a?date=2026-03-02&lang=en',
    'http://example.org',
    'www.example.org',
    'mailto:a@example.org',
    '10:30/11',
  ])('nothing in %s', (link) => {
    expect(of('links', `See ${link}`)).toEqual([])
  })

  it('are looked at in cards as well', () => {
    expect(found('See', { links: ['http://localhost/a'] }, { packs: ['links'] })).toEqual(['links/local: '])
  })
})

describe('what is left over', () => {
  it.each([
    ['parts', 'It is out.\n-- \nTeam', '-- '],
    ['parts', 'FW: It is out', 'FW:'],
    ['parts', 'From: Press\nTo: Web\nIt is out', 'From: Press | To: Web'],
    ['parts', '> can you post?\nYes', '> can you post?'],
    ['signature', 'It is out.\n\nSent from my iPhone', 'Sent from my iPhone'],
    ['signature', 'It is out.\n\nKind regards,\nSam', 'Kind regards'],
    ['placeholder', 'See [insert link]', '[insert link]'],
  ])('%s in %j', (rule, text, words) => {
    expect(of('leftovers', text)).toContain(`${rule}: ${words}`)
  })

  it.each(['From Monday: tours at ten', 'From: Monday', 'Regards to all of you', 'Agenda:\n- questions\n- votes', '[Applause]'])(
    'nothing in %j',
    (text) => {
      expect(of('leftovers', text)).toEqual([])
    },
  )
})

describe('form', () => {
  it('hears shouting, not names', () => {
    expect(of('form', 'THE DEBATE IS STARTING now')).toEqual(['shouting: THE DEBATE IS STARTING'])
    expect(of('form', 'Come!!!!')).toEqual(['shouting: !!!!'])
    expect(of('form', 'BREAKING NEWS from NATO, UNESCO and the BBC')).toEqual([])
  })

  it('wants descriptions', () => {
    const media = [
      { kind: 'image' as const, alt: ' ' },
      { kind: 'image' as const, alt: 'A hall' },
    ]
    expect(found('Photos', { media }, { packs: ['form'] })).toEqual(['form/alt-text: '])
    expect(found('Photos', { media: media.slice(1) }, { packs: ['form'] })).toEqual([])
  })

  it('knows the language of an account', () => {
    const text = 'La séance est ouverte et les députés débattent de la loi sur les abeilles.'
    expect(found(text, { languages: ['en'], language: null }, { packs: ['form'] })).toEqual([
      `form/language: ${text.slice(0, -1)}`,
    ])
    expect(found(text, { languages: ['fr', 'en'], language: null }, { packs: ['form'] })).toEqual([])
    expect(found(text, { languages: [], language: null }, { packs: ['form'] })).toEqual([])
    expect(found('Bonjour !', { languages: ['en'] }, { packs: ['form'] })).toEqual([])
  })
})
