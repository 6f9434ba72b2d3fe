import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { smsConnector } from '#connectors/sms/connector.ts'
import { limits } from '#connectors/sms/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import type { KitDriver, KitNetwork } from '../kit/driver.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { named, nameOf } from './named.ts'
import { faults, TOKEN, TwilioServer } from './twilio-server.ts'

async function startTwilio(): Promise<KitNetwork<SmsSettings>> {
  const server = new TwilioServer()
  await server.start()
  return {
    settings: server.settings(),
    secret: TOKEN,
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: server.stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (const { subject, text, at } of messages)
        server.add({ body: `${subject}\n${text}`, created: at.getTime(), sent: at.getTime() })
    },
    duplicate: async (subject) => {
      const kept = server.messages.find(({ body }) => nameOf(body) === subject)
      if (kept) server.messages.push(kept)
    },
    remove: async (subject) => {
      const at = server.messages.findIndex(({ body }) => nameOf(body) === subject)
      server.messages.splice(at, 1)
    },
    list: async () => [...new Set(server.messages.map(({ body }) => nameOf(body)))],
    rateLimit: async (seconds) => {
      server.faults.push(faults.status(429, '', { 'retry-after': String(seconds) }))
      return true
    },
    refuse: async (on) => {
      server.refusing = on
    },
    fail: async (times, how) => {
      const fault = how === 'error' ? faults.status(500, '<html>oops') : how === 'cut' ? faults.cut : faults.closed
      server.faults.push(...Array.from({ length: times }, () => fault))
    },
    garbage: async () => {
      server.faults.push(faults.body(createHash('sha512').update('garbage').digest()))
    },
    huge: async () => {
      server.faults.push(faults.body(Buffer.alloc(limits.answerBytes + 1, '[')))
    },
    stall: async (on) => {
      server.stalling = on
      if (!on) server.drop()
    },
    stop: async () => {
      expect(server.specFaults).toEqual([])
      await server.stop()
    },
  }
}

const driver: KitDriver<SmsSettings> = { connector: named(smsConnector), several: limits.pageItems * 2 + 50, start: startTwilio }
runConnectorKit('sms, Twilio', driver)
