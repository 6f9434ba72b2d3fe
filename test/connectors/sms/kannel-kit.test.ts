import { createHash } from 'node:crypto'
import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Client, Connector } from '#connectors/connector.ts'
import { smsConnector } from '#connectors/sms/connector.ts'
import { limits } from '#connectors/sms/limits.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import type { SmsSettings } from '#shared/model/index.ts'
import { freePorts } from '../../support/dovecot.ts'
import type { KitDriver, KitMessage, KitNetwork } from '../kit/driver.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { named } from './named.ts'

const TOKEN = 'token-of-the-listener-0001'
const PASSWORD = 'secret-of-the-test'
/** Texts that the gateway hands over at a time. */
const AT_ONCE = 4

/**
 * An smsbox as far as it receives: it hands each text over until it is told 200, and again after that where it is told to. What a real one does
 * is seen in `kannel-real.test.ts`; this one can also be broken.
 */
class Smsbox {
  readonly texts = new Map<string, KitMessage>()
  #undelivered: string[] = []
  faults: ((response: ServerResponse) => void)[] = []
  refusing = false
  stalling = false
  port = 0
  readonly listener: number
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => {
    if (this.stalling) return
    const fault = this.faults.shift()
    if (fault) return void fault(response)
    const known = new URL(request.url ?? '', 'http://localhost').searchParams.get('password') === PASSWORD && !this.refusing
    response.writeHead(known ? 400 : 403)
    response.end(known ? 'Missing receiver number, rejected' : 'Authorization failed for sendsms')
  })

  constructor(listener: number) {
    this.listener = listener
  }

  async start(): Promise<void> {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.drop()
    })
  }

  put(message: KitMessage): void {
    this.texts.set(message.subject, message)
    this.#undelivered.push(message.subject)
  }

  again(subject: string): void {
    this.#undelivered.push(subject)
  }

  /** The kit has one network for many offices, and a new one has nothing yet. */
  allAgain(): void {
    this.#undelivered = [...this.texts.keys()]
  }

  forget(subject: string): void {
    this.texts.delete(subject)
  }

  /** Hands over what is left, as long as the passes of the other side go well. */
  async handOver(client: Client, signal: AbortSignal): Promise<void> {
    while (this.#undelivered.length > 0) {
      const wave = this.#undelivered.splice(0, AT_ONCE)
      const ended = new AbortController()
      const outcomes = Promise.all(wave.map((subject) => this.#deliver(subject))).finally(() => ended.abort())
      try {
        while (!ended.signal.aborted) {
          await client.wait(AbortSignal.any([signal, ended.signal])).catch((error: unknown) => {
            if (!ended.signal.aborted) throw error
          })
          if (!ended.signal.aborted) await client.sync(signal)
        }
      } catch (error) {
        await client.close()
        throw error
      } finally {
        const taken = await outcomes
        this.#undelivered.push(...wave.filter((_, at) => taken[at] !== true))
      }
    }
  }

  #deliver(subject: string): Promise<boolean> {
    const message = this.texts.get(subject)
    if (!message) return Promise.resolve(true)
    const id = createHash('sha256').update(subject).digest('hex')
    const query = new URLSearchParams({
      token: TOKEN,
      from: '15550199199',
      to: '15550100100',
      text: `${subject}\n${message.text}`,
      charset: 'UTF-8',
      coding: '0',
      id,
      ts: String(message.at.getTime() / 1000),
    })
    return new Promise((resolve) => {
      const request = get({ host: '127.0.0.1', port: this.listener, path: `/sms?${query}`, agent: false }, (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode === 200))
        response.once('error', () => resolve(false))
      })
      request.once('error', () => resolve(false))
    })
  }
}

async function startSmsbox(): Promise<Started> {
  const [port] = (await freePorts(1)) as [number]
  const box = new Smsbox(port)
  await box.start()
  const fault =
    (status: number, body: string | Uint8Array, headers = {}) =>
    (response: ServerResponse) => {
      response.writeHead(status, headers)
      response.end(body)
    }
  const network: KitNetwork<SmsSettings> = {
    settings: {
      provider: 'kannel',
      number: '15550100100',
      country: null,
      url: `http://127.0.0.1:${box.port}/cgi-bin/sendsms`,
      user: 'office',
      receive: { port, token: TOKEN },
    },
    secret: PASSWORD,
    http: { fetch: (request) => systemHttp.fetch({ ...request, timeoutMs: box.stalling ? 300 : request.timeoutMs }) },
    put: async (messages) => {
      for (const message of messages) box.put(message)
    },
    duplicate: async (subject) => box.again(subject),
    remove: async (subject) => box.forget(subject),
    list: async () => [...box.texts.keys()],
    rateLimit: async (seconds) => {
      box.faults.push(fault(429, '', { 'retry-after': String(seconds) }))
      return true
    },
    refuse: async (on) => {
      box.refusing = on
    },
    fail: async (times, how) => {
      const broken = (response: ServerResponse) => {
        if (how === 'error') return fault(500, '<html>oops')(response)
        if (how === 'closed') return void response.destroy()
        response.writeHead(400, { 'content-length': '33' })
        response.write('Missing receiver', () => response.destroy())
      }
      box.faults.push(...Array.from({ length: times }, () => broken))
    },
    garbage: async () => {
      box.faults.push(fault(200, createHash('sha512').update('garbage').digest()))
    },
    huge: async () => {
      box.faults.push(fault(400, Buffer.alloc(limits.answerBytes + 1, 'x')))
    },
    stall: async (on) => {
      box.stalling = on
      if (!on) box.drop()
    },
    stop: () => box.stop(),
  }
  return { box, network }
}

interface Started {
  box: Smsbox
  network: KitNetwork<SmsSettings>
}

let current: Smsbox | null = null
const plain = named(smsConnector)
/** A pass of the kit: one of the connector, and then those in which Kannel hands over what it has. */
const handedOver: Connector<SmsSettings> = {
  ...plain,
  create: (context) => {
    const client = plain.create(context)
    const box = current
    return {
      check: (signal) => client.check(signal),
      sync: async (signal) => {
        const remark = await client.sync(signal)
        if ((await context.cursor('kannel')) === null) box?.allAgain()
        await box?.handOver(client, signal)
        return remark
      },
      wait: (signal) => client.wait(signal),
      act: (act, signal) => client.act(act, signal),
      close: () => client.close(),
    }
  },
}

const driver: KitDriver<SmsSettings> = {
  connector: handedOver,
  several: AT_ONCE * 3 + 2,
  start: async () => {
    const { box, network } = await startSmsbox()
    current = box
    return network
  },
}
runConnectorKit('sms, Kannel', driver)
