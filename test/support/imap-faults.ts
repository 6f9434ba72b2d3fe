import { connect, createServer, type Socket } from 'node:net'

/** What a connection through the proxy meets. */
export type ImapFault =
  /** `NO [UNAVAILABLE]` to the sign-in. */
  | 'error'
  /** Closed without a word. */
  | 'closed'
  /** Closed in the middle of the first answer that carries a mail. */
  | 'cut'
  /** Bytes without meaning in place of the first answer that carries a mail. */
  | 'garbage'
  /** A mail of many gigabytes is announced. */
  | 'huge'
  /** `NO [AUTHENTICATIONFAILED]` to the sign-in. */
  | 'refused'
  /** `NO [LIMIT]` to the sign-in. */
  | 'rate'
  /** `* BYE [UNAVAILABLE]` for a greeting. */
  | 'bye'
  /** Taken, and never answered. */
  | 'silent'

export interface FaultyImap {
  readonly port: number
  /** The next connections meet these, one each; afterwards all is well again. */
  next(...faults: ImapFault[]): void
  /** Every connection meets this, until told otherwise; connections that are left waiting are closed then. */
  always(fault: ImapFault | null): void
  /** Lines that clients sent, oldest first, from all connections. */
  readonly sent: string[]
  /** Ends connections that are open now. */
  drop(): void
  stop(): Promise<void>
}

/** A proxy on loopback in front of a real IMAP server (no encryption) that can fail in every way that servers do. */
export async function startFaultyImap(upstream: number): Promise<FaultyImap> {
  const queue: ImapFault[] = []
  const sockets = new Set<Socket>()
  const sent: string[] = []
  let constant: ImapFault | null = null
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => client.destroy())
    client.on('data', (data) =>
      sent.push(
        ...data
          .toString('latin1')
          .split('\r\n')
          .filter((line) => line !== ''),
      ),
    )
    const fault = constant ?? queue.shift() ?? null
    if (fault === 'closed') client.destroy()
    else if (fault === 'silent') client.resume()
    else if (fault === 'bye') client.end('* BYE [UNAVAILABLE] Come back later\r\n')
    else if (fault === 'error') refuse(client, '[UNAVAILABLE] Internal error occurred')
    else if (fault === 'refused') refuse(client, '[AUTHENTICATIONFAILED] Authentication failed.')
    else if (fault === 'rate') refuse(client, '[LIMIT] Rate limit hit')
    else pass(client, connect(upstream, '127.0.0.1'), fault, sockets)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    sent,
    next: (...faults) => {
      queue.push(...faults)
    },
    always: (fault) => {
      constant = fault
      if (fault === null) drop()
    },
    drop,
    stop: async () => {
      drop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A server that does everything but let anyone in. */
function refuse(client: Socket, answer: string): void {
  client.write('* OK [CAPABILITY IMAP4rev1] Ready\r\n')
  let rest = ''
  client.on('data', (data) => {
    const lines = (rest + data.toString('latin1')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [tag = '*', command = ''] = line.split(' ')
      if (/^capability$/i.test(command)) client.write(`* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`)
      else if (/^(login|authenticate)$/i.test(command)) client.write(`${tag} NO ${answer}\r\n`)
      else if (/^logout$/i.test(command)) client.end(`* BYE\r\n${tag} OK done\r\n`)
      else client.write(`${tag} BAD Not now\r\n`)
    }
  })
}

const MAIL_ANSWER = /\* \d+ FETCH \([^\r\n]*\{\d+\}\r\n/

/** Hands bytes both ways until the first answer that carries a mail, where the fault comes in. */
function pass(client: Socket, server: Socket, fault: ImapFault | null, sockets: Set<Socket>): void {
  sockets.add(server)
  server.on('close', () => {
    sockets.delete(server)
    client.end()
  })
  server.on('error', () => client.destroy())
  client.on('close', () => server.destroy())
  client.on('data', (data) => server.write(data))
  let done = fault === null
  server.on('data', (data) => {
    if (done) {
      client.write(data)
      return
    }
    const text = data.toString('latin1')
    const match = MAIL_ANSWER.exec(text)
    if (match === null) {
      client.write(data)
      return
    }
    done = true
    const before = data.subarray(0, match.index)
    if (fault === 'garbage')
      client.end(Buffer.concat([before, Buffer.from('* 1 FETCH ((((\u0001\u00ff ]]] {x} )\r\n\u0000\r\n* * *\r\n', 'latin1')]))
    else if (fault === 'huge') client.write(Buffer.concat([before, Buffer.from('* 1 FETCH (UID 1 BODY[]<0> {999999999999}\r\n')]))
    else client.end(data.subarray(0, match.index + match[0].length + 40))
  })
}
