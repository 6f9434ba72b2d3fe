import { describe, expect, test, vi } from 'vitest'
import type { Client } from '#shared/contract/client.ts'
import { AccountId, type Draft, DraftId, IdentityId, type Message, ProblemError } from '#shared/model/index.ts'
import { answered, answerSubject, answerWords } from '../../src-renderer/features/compose/answer.ts'
import { missing } from '../../src-renderer/features/compose/ready.ts'
import {
  looksLikeMail,
  looksLikeNumber,
  parseRecipients,
  writeRecipients,
} from '../../src-renderer/features/compose/recipients.ts'
import { noWords, Writing } from '../../src-renderer/features/compose/writing.ts'
import { passages } from '../../src-renderer/features/conversation/quiet.tsx'

const mail = (typed: string) => parseRecipients(typed, looksLikeMail)

describe('recipients as people type them', () => {
  test.each([
    ['ada@house.test', [{ name: '', handle: 'ada@house.test' }]],
    ['Ada <ada@house.test>', [{ name: 'Ada', handle: 'ada@house.test' }]],
    ['"Writer, Ada" <ada@house.test>', [{ name: 'Writer, Ada', handle: 'ada@house.test' }]],
    ['ada@house.test, ADA@house.test', [{ name: '', handle: 'ada@house.test' }]],
    ['a@x.test; b@x.test\nc@x.test,', ['a@x.test', 'b@x.test', 'c@x.test'].map((handle) => ({ name: '', handle }))],
    ['用户@例子.广告', [{ name: '', handle: '用户@例子.广告' }]],
    ['', []],
  ])('%j', (typed, parties) => expect(mail(typed)).toEqual({ parties, wrong: [] }))

  test.each(['ada', 'ada@', '@house.test', 'a b@c.test', 'Ada <ada>', 'a@b@c'])('%j is no address, and is named', (typed) => {
    expect(mail(`ok@house.test, ${typed}`)).toEqual({ parties: [{ name: '', handle: 'ok@house.test' }], wrong: [typed] })
  })

  test('are written so that they are read the same', () => {
    const parties = [
      { name: 'Writer, Ada "the pen"', handle: 'ada@house.test' },
      { name: '', handle: 'b@house.test' },
      { name: 'c@house.test', handle: 'c@house.test' },
    ]
    expect(mail(writeRecipients(parties)).parties).toEqual([parties[0], parties[1], { name: '', handle: 'c@house.test' }])
  })

  test('numbers are numbers', () => {
    expect(parseRecipients('+1 555 0100, x', looksLikeNumber)).toEqual({
      parties: [{ name: '', handle: '+1 555 0100' }],
      wrong: ['x'],
    })
  })
})

const message = (change: Partial<Message>): Message =>
  ({
    id: '4',
    network: 'mail',
    kind: 'mail',
    direction: 'inbound',
    from: { name: 'Ada', handle: 'ada@constituent.test' },
    to: [
      { name: 'Office', handle: 'office@house.test' },
      { name: '', handle: 'clerk@house.test' },
    ],
    cc: [
      { name: '', handle: 'press@house.test' },
      { name: '', handle: 'OFFICE@house.test' },
    ],
    subject: 'Harbour wall',
    ...change,
  }) as Message

describe('an answer', () => {
  test('goes to the sender alone', () => {
    const words = answerWords({ message: message({}), own: 'office@house.test', all: false, quote: null, signature: '' })
    expect(words).toMatchObject({ kind: 'mail', subject: 'Re: Harbour wall', to: 'Ada <ada@constituent.test>', cc: '', text: '' })
  })

  test('to all goes to everybody but ourselves', () => {
    const words = answerWords({ message: message({}), own: 'office@house.test', all: true, quote: null, signature: '' })
    expect(words.to).toBe('Ada <ada@constituent.test>, clerk@house.test')
    expect(words.cc).toBe('press@house.test')
  })

  test('to our own mail goes to whom that went', () => {
    const own = message({
      direction: 'outbound',
      from: { name: '', handle: 'office@house.test' },
      to: [{ name: '', handle: 'ada@constituent.test' }],
    })
    expect(answerWords({ message: own, own: 'office@house.test', all: false, quote: null, signature: '' }).to).toBe(
      'ada@constituent.test',
    )
  })

  test('quotes below an empty start', () => {
    const quote = { intro: 'Ada wrote:', text: 'One\n\n> older\n' }
    const { text } = answerWords({ message: message({}), own: 'office@house.test', all: false, quote, signature: 'The office' })
    expect(text).toBe('\n\n-- \nThe office\n\nAda wrote:\n> One\n>\n>> older')
  })

  test.each([
    ['Re: AW: RE: RE[2]: Réunion', 'Re: Réunion'],
    ['Réf : x', 'Re: x'],
    ['', 'Re: '],
    ['Response: yes', 'Re: Response: yes'],
  ])('the subject %j becomes %j', (from, to) => expect(answerSubject(from)).toBe(to))

  test('is for what somebody said, not for a like', () => {
    const said = message({ id: '1' as Message['id'] })
    const own = message({ id: '2' as Message['id'], direction: 'outbound' })
    const like = message({ id: '3' as Message['id'], kind: 'act' })
    expect(answered([said, own, like])?.id).toBe('1')
    expect(answered([own, like])?.id).toBe('2')
    expect(answered([like])).toBeNull()
  })
})

describe('what happened in between', () => {
  const act = (id: string) => message({ id: id as Message['id'], kind: 'act' })
  const said = (id: string) => message({ id: id as Message['id'] })
  const shape = (messages: Message[], target: string | null = null) =>
    passages(messages, target as Message['id'] | null).map((one) =>
      'quiet' in one ? one.quiet.map(({ id }) => id).join('+') : one.said.id,
    )

  test('is one line where it stands together', () => {
    expect(shape([said('1'), act('2'), act('3'), said('4'), act('5'), act('6'), act('7')])).toEqual(['1', '2+3', '4', '5+6+7'])
  })
  test('stands by itself where it is alone, or what one looks for', () => {
    expect(shape([act('1'), said('2'), act('3'), act('4'), act('5')], '4')).toEqual(['1', '2', '3', '4', '5'])
  })
})

describe('what is missing before it can be sent', () => {
  const words = { ...noWords, kind: 'mail' as const, to: 'ada@constituent.test', text: 'Hello' }
  const ready = { words, limits: null, voice: 'mandate' as const, by: 'Clerk' }
  const keys = (change: object) => missing({ ...ready, ...change }).map(({ key }) => key)

  test('nothing', () => expect(keys({})).toEqual([]))
  test('a recipient', () => expect(keys({ words: { ...words, to: '' } })).toEqual(['compose.lacks.recipient']))
  test('a recipient that is one', () => expect(keys({ words: { ...words, cc: 'ada' } })).toEqual(['compose.wrongRecipient']))
  test('text', () => expect(keys({ words: { ...words, text: ' \n' } })).toEqual(['compose.lacks.text']))
  test('a name', () => expect(keys({ by: ' ' })).toEqual(['compose.lacks.by']))
})

describe('what is written', () => {
  const place = { identityId: IdentityId.parse('1'), accountId: AccountId.parse('2'), target: null }
  const first = { ...noWords, kind: 'mail' as const }

  function desk() {
    const saved: { call: string; text: string; version: number | null }[] = []
    let fault: Error | null = null
    let version = 0
    const answer = (call: string, input: { words: Draft['words']; version?: number }) => {
      if (fault) return Promise.reject(fault)
      saved.push({ call, text: input.words.text, version: input.version ?? null })
      version++
      return Promise.resolve({ id: DraftId.parse('9'), version } as Draft)
    }
    const client = {
      drafts: {
        add: (input: { words: Draft['words'] }) => answer('add', input),
        save: (input: { words: Draft['words']; version: number }) => answer('save', input),
        discard: () => Promise.resolve({ id: DraftId.parse('9') }),
      },
    } as unknown as Client
    const writing = new Writing({ client: () => client, by: () => 'Ada', place, words: first, draft: null })
    return { writing, saved, fail: (error: Error | null) => (fault = error) }
  }

  test('is stored after a pause, first as a new draft and then as a later version of it', async () => {
    vi.useFakeTimers()
    try {
      const { writing, saved } = desk()
      writing.write({ text: 'D' })
      writing.write({ text: 'De' })
      await vi.advanceTimersByTimeAsync(699)
      expect(saved).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      writing.write({ text: 'Dear' })
      await vi.advanceTimersByTimeAsync(700)
      expect(saved).toEqual([
        { call: 'add', text: 'De', version: null },
        { call: 'save', text: 'Dear', version: 1 },
      ])
      expect(writing.state.get().saved).toBe('saved')
    } finally {
      vi.useRealTimers()
    }
  })

  test('is not stored while nothing was written', async () => {
    const { writing, saved } = desk()
    await writing.flush()
    writing.write({ text: 'x' })
    writing.write({ text: '' })
    await writing.flush()
    expect(saved).toEqual([])
    expect(writing.state.get().saved).toBe('empty')
  })

  test('stays where saving fails, says why, and is stored with the next stroke', async () => {
    const { writing, saved, fail } = desk()
    fail(new ProblemError('disk_full'))
    writing.write({ text: 'Dear' })
    await writing.flush()
    expect(writing.state.get()).toMatchObject({ saved: 'unsaved', words: { text: 'Dear' } })
    expect(writing.state.get().problem).not.toBeNull()
    fail(null)
    writing.write({ text: 'Dear Ada' })
    await writing.flush()
    expect(saved.map(({ text }) => text)).toEqual(['Dear Ada'])
    expect(writing.state.get()).toMatchObject({ saved: 'saved', problem: null })
  })

  test('is stored no more once it was sent or thrown away', async () => {
    const { writing, saved } = desk()
    writing.write({ text: 'Dear' })
    writing.end()
    await writing.flush()
    writing.write({ text: 'Dear Ada' })
    await writing.flush()
    expect(saved).toEqual([])
  })
})
