import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { DraftWords, Identity } from '#shared/model/index.ts'
import { identityIn } from '../store/direct.ts'
import { mailSettings } from '../support/fake-connector.ts'
import { Machine } from './machine.ts'

let machine: Machine
let house: Identity

beforeEach(async () => {
  machine = new Machine(false)
  house = identityIn(machine.office, 'House', 'institutional')
  await machine.start()
})

const account = (identity: Identity) =>
  machine.engine.accounts.addPaused({ identityId: identity.id, label: 'Post', network: 'mail', settings: mailSettings })

const words = (text: string): DraftWords => ({
  kind: 'mail',
  text,
  subject: '',
  warning: '',
  language: 'en',
  media: [],
  to: '',
  cc: '',
  bcc: '',
  visibility: null,
})

async function check(identity: Identity, text: string, language = 'en') {
  const { id } = await account(identity)
  return machine.engine.guarding.check({ identityId: identity.id, accountId: id, words: words(text), language })
}

test('an electoral call of the institution must not leave, and the words are marked', async () => {
  const text = 'The sitting begins at ten. Vote for change this Sunday.'
  const { remarks, worst } = await check(house, text)
  expect(worst).toBe('stop')
  const [first] = remarks
  expect(first?.severity).toBe('stop')
  expect(first?.ranges.map(({ from, to }) => text.slice(from, to)).join(' ')).toMatch(/vote for/i)
  expect(first?.why).not.toBe('')
  expect((await check(house, text, 'fr')).remarks[0]?.why).not.toBe(first?.why)
})

test('what is only quoted is not held against who answers', async () => {
  const text = 'Thank you for your letter.\n\nOn Monday, Ada wrote:\n> Vote for change this Sunday.\n> Yours, Ada'
  expect((await check(house, text)).worst).toBeNull()
})

test('a text is looked at in the voice of its own identity only', async () => {
  const { id } = await account(house)
  const input = { identityId: machine.identity.id, accountId: id, words: words('Hello'), language: 'en' }
  await expect(machine.engine.guarding.check(input)).rejects.toMatchObject({ code: 'voice_mismatch' })
})

test('the office’s own packs count, and one that cannot be read keeps none of the others away', async () => {
  const folder = join(machine.office.dir, 'guard')
  await mkdir(folder)
  await writeFile(join(folder, 'broken.json'), '{')
  const { worst } = await check(house, 'Vote for change this Sunday.')
  expect(worst).toBe('stop')
})
