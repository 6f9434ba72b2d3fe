import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * Where a line is cut. `unsent` cuts before the end of a mail goes on to the server, `race` together with it, `taken` when the server has
 * answered it and the answer is not handed on.
 */
export const cuts = ['connect', 'greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'body', 'unsent', 'race', 'taken'] as const
export type Cut = (typeof cuts)[number]

/** A line to an SMTP server without encryption that breaks where a test says. */
export interface SmtpCutter {
  readonly port: number
  /** The next connection is cut there; null: whole. */
  next: Cut | null
  /** Called as the line is cut. */
  onCut: (() => void) | null
  /** Resolves when the server has closed every line: what was handed on has been judged by then. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const VERBS: Record<string, Cut> = { EHLO: 'ehlo', AUTH: 'auth', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data' }

export async function startSmtpCutter(target: number): Promise<SmtpCutter> {
  const open = new Set<Socket>()
  const waiting: (() => void)[] = []
  const server = createServer({ noDelay: true }, (client) => {
    const cut = cutter.next
    cutter.next = null
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        if (open.size === 0) for (const wake of waiting.splice(0)) wake()
        client.destroy()
        // what was handed on still has to arrive
        upstream.end()
      })
    }
    const sever = (afterwards: 'all' | 'client' = 'all') => {
      cutter.onCut?.()
      client.destroy()
      if (afterwards === 'all') upstream.destroy()
    }
    if (cut === 'connect') return sever()
    let text = ''
    let body = false
    let ended = false
    upstream.on('data', (data) => {
      if (cut === 'greeting') return sever()
      if (cut === 'taken' && ended) return sever()
      client.write(data)
      if (/^354/m.test(data.toString('latin1'))) body = true
    })
    client.on('data', (data) => {
      if (!body) {
        const verb = VERBS[data.toString('latin1', 0, 4).toUpperCase()]
        if (verb !== undefined && verb === cut) return sever()
        upstream.write(data)
        return
      }
      text = (text + data.toString('latin1')).slice(-5)
      ended = text === '\r\n.\r\n'
      if (cut === 'body' && !ended) return sever()
      if (cut === 'unsent' && ended) return sever()
      upstream.write(data)
      if (cut === 'race' && ended) sever('client')
      if (ended) body = false
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutter: SmtpCutter = {
    port: (server.address() as AddressInfo).port,
    next: null,
    onCut: null,
    idle: async () => {
      while (open.size > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return cutter
}
