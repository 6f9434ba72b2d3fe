import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { AccountShape } from '#hosts/cli/shapes.ts'
import { AndroidServer, PASSWORD } from '../connectors/sms/android-server.ts'
import { ACCOUNT, TOKEN, TwilioServer } from '../connectors/sms/twilio-server.ts'
import { startKannel } from '../support/kannel.ts'
import { needs } from '../support/needs.ts'
import { type Desk, newDesk } from './support/dispatch.ts'
import { startProgram } from './support/program.ts'

const Row = z.object({ network: z.string(), from: z.string(), snippet: z.string(), messages: z.number() })
const Inbox = z.array(Row)

let desk: Desk
beforeEach(async () => {
  desk = await newDesk({ inProcess: true })
  await desk.run(['identity', 'add', '--name', 'Office of the Member', '--voice', 'mandate'])
})
afterEach(() => desk.remove())

const inbox = () => desk.json(Inbox, ['inbox', 'list'])

it('a number at Twilio: added, synced, read', async () => {
  const server = new TwilioServer()
  await server.start()
  server.add({ body: 'My street floods', from: '+442079460123' })
  server.add({ body: 'We are on it', direction: 'outbound-api', to: '+442079460123' })
  const add = [
    'account',
    'add',
    'sms-twilio',
    '--identity',
    '1',
    '--number',
    '+1 555 010 0100',
    '--account-sid',
    ACCOUNT,
    '--server',
    server.url,
  ]
  const refused = await desk.fails([...add, '--password-env', 'TOKEN'], { TOKEN: 'wrong' })
  expect(refused.error.code).toBe('login_failed')
  const account = await desk.json(AccountShape, [...add, '--password-env', 'TOKEN'], { TOKEN })
  expect(account).toMatchObject({ network: 'sms', address: '+15550100100', label: '+15550100100' })
  await desk.run(['sync'])
  expect(await inbox()).toMatchObject([{ network: 'sms', from: '+442079460123', messages: 2 }])
  const [row] = await desk.json(z.array(z.object({ id: z.string() })), ['inbox', 'list'])
  const conversation = z.object({ messages: z.array(z.object({ id: z.string(), direction: z.string() })) })
  const { messages } = await desk.json(conversation, ['conversation', 'show', row?.id ?? ''])
  const question = messages.find(({ direction }) => direction === 'inbound')?.id ?? ''
  const item = z.object({ state: z.string() })
  const send = ['send', 'The pump comes today.', '--account', '+15550100100', '--reply', question, '--by', 'Ada']
  expect(await desk.json(item, send)).toMatchObject({ state: 'sent' })
  expect(server.messages.at(-1)).toMatchObject({ to: '+442079460123', body: 'The pump comes today.', direction: 'outbound-api' })
  server.add({ body: 'STOP', from: '+442079460123' })
  await desk.run(['sync'])
  const [sent, refusal] = [server.messages.length, await desk.run([...send, '--json'])]
  expect(refusal.stdout + refusal.stderr).toContain('opted_out')
  expect(server.messages.length).toBe(sent)
  expect(server.specFaults).toEqual([])
  await server.stop()
})

it('a phone: added, synced, read; a country that there is not is refused', async () => {
  const server = new AndroidServer()
  await server.start()
  server.receive({ text: 'Bonjour', sender: '01 42 34 56 78' })
  const add = [
    'account',
    'add',
    'sms-android',
    '--identity',
    '1',
    '--number',
    '+33142340000',
    '--url',
    server.url,
    '--user',
    'sms',
    '--password-env',
    'P',
  ]
  expect((await desk.fails([...add, '--country', 'XX'], { P: PASSWORD })).error.code).toBe('bad_request')
  await desk.json(AccountShape, [...add, '--country', 'fr'], { P: PASSWORD })
  await desk.run(['sync'])
  expect(await inbox()).toMatchObject([{ from: '+33142345678', snippet: 'Bonjour' }])
  await server.stop()
})

needs('kannel')('a real Kannel', () => {
  it('added, and what a phone writes comes while the office is open', async () => {
    const kannel = await startKannel()
    const { url, user, password, listener } = kannel
    const secrets = { P: password, T: listener.token }
    const add = ['account', 'add', 'sms-kannel', '--identity', '1', '--number', '15550100100', '--url', url, '--user', user]
    const receive = ['--receive-port', String(listener.port), '--receive-token-env', 'T']
    await desk.json(AccountShape, [...add, ...receive, '--password-env', 'P'], secrets)
    const host = startProgram(desk.env, desk.dir, 'test/cli/support/server-host.ts', [desk.office, desk.dir])
    await host.says('ready')
    kannel.text('15550199199', '15550100100', 'Hello from a phone')
    // Each sync waits for a whole pass of the host, which what Kannel hands over begins too.
    while ((await inbox()).length === 0) await desk.run(['sync'])
    expect(await inbox()).toMatchObject([{ from: '+15550199199', snippet: 'Hello from a phone' }])
    host.child.kill('SIGTERM')
    expect((await host.ended).code).toBe(0)
    await kannel.stop()
  })
})
