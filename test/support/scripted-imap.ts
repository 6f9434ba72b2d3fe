import { createServer, type Socket } from 'node:net'

/** A mail on the scripted server. */
export interface ScriptedMail {
  raw: string
  flags?: string[]
  /** Gmail's ids of the message and its thread. */
  gmail?: { message: string; thread: string }
  /** How the server fails to hand it over. */
  trouble?: 'refused' | 'left out' | 'nil' | 'drop' | 'drop once'
}

export interface ScriptedOptions {
  folders: Record<string, { uses?: string[]; mails: ScriptedMail[] }>
  capabilities?: string[]
  /** Answers a sign-in; null lets it in. The argument is what was sent, decoded for XOAUTH2. */
  signIn?: (sent: string) => string | null
}

export interface ScriptedImap {
  readonly port: number
  /** Commands received, without tags. */
  readonly received: string[]
  stop(): Promise<void>
}

/** A small IMAP server on loopback for what no real server does on command: Gmail's names, damaged mail, odd refusals. */
export async function startScriptedImap(options: ScriptedOptions): Promise<ScriptedImap> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const session = new ScriptedSession(socket, options, received)
    let rest = ''
    socket.on('data', (data) => {
      const lines = (rest + data.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) session.line(line)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    received,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

class ScriptedSession {
  private readonly socket: Socket
  private readonly options: ScriptedOptions
  private readonly received: string[]
  private selected: ScriptedMail[] = []
  private pendingAuth: string | null = null

  constructor(socket: Socket, options: ScriptedOptions, received: string[]) {
    this.socket = socket
    this.options = options
    this.received = received
    socket.write('* OK ready\r\n')
  }

  line(line: string): void {
    if (this.pendingAuth !== null) {
      // the client gives up after it was told why
      this.socket.write(`${this.pendingAuth} NO [AUTHENTICATIONFAILED] no\r\n`)
      this.pendingAuth = null
      return
    }
    const space = line.indexOf(' ')
    const tag = line.slice(0, space)
    const command = line.slice(space + 1)
    this.received.push(command)
    const [first = '', second = ''] = command.toUpperCase().split(' ')
    const verb = first === 'UID' ? `UID ${second}` : first
    if (verb === 'CAPABILITY') this.done(tag, `* CAPABILITY IMAP4rev1 ${(this.options.capabilities ?? []).join(' ')}`)
    else if (verb === 'LOGIN' || verb === 'AUTHENTICATE') this.signIn(tag, command)
    else if (verb === 'LIST' || verb === 'LSUB') this.list(tag, verb, command)
    else if (verb === 'SELECT' || verb === 'EXAMINE') this.select(tag, command)
    else if (verb === 'UID SEARCH') this.search(tag, command)
    else if (verb === 'UID FETCH') this.fetch(tag, command)
    else if (verb === 'LOGOUT') this.done(tag, '* BYE')
    else this.done(tag)
  }

  private done(tag: string, ...untagged: string[]): void {
    this.socket.write(`${untagged.map((line) => `${line}\r\n`).join('')}${tag} OK done\r\n`)
  }

  private signIn(tag: string, command: string): void {
    const [, mechanism = '', token = ''] = command.split(' ')
    const sent = /^AUTHENTICATE/i.test(command) ? Buffer.from(token, 'base64').toString() : command
    const refusal = this.options.signIn?.(sent) ?? null
    if (refusal === null) this.done(tag)
    else if (/^XOAUTH2$/i.test(mechanism)) {
      this.socket.write(`+ ${Buffer.from(refusal).toString('base64')}\r\n`)
      this.pendingAuth = tag
    } else this.socket.write(`${tag} NO ${refusal}\r\n`)
  }

  private list(tag: string, verb: string, command: string): void {
    if (command.endsWith(' ""')) this.done(tag, `* ${verb} (\\Noselect) "/" ""`)
    else
      this.done(
        tag,
        ...Object.entries(this.options.folders).map(([name, { uses = [] }]) => `* ${verb} (${uses.join(' ')}) "/" "${name}"`),
      )
  }

  private select(tag: string, command: string): void {
    const name = /^\w+ "?([^"]*)"?/.exec(command)?.[1] ?? ''
    this.selected = this.options.folders[name]?.mails ?? []
    this.done(
      tag,
      '* FLAGS (\\Seen \\Answered)',
      `* ${this.selected.length} EXISTS`,
      '* OK [UIDVALIDITY 7] x',
      `* OK [UIDNEXT ${this.selected.length + 1}] x`,
    )
  }

  private search(tag: string, command: string): void {
    const uids = /ALL/i.test(command) ? this.all() : /UID SEARCH UID ([\d:,*]+)/i.exec(command) ? this.inSet(command) : []
    this.done(tag, `* SEARCH ${uids.join(' ')}`)
  }

  private all(): number[] {
    return this.selected.map((_, index) => index + 1)
  }

  private inSet(command: string): number[] {
    const set = / ([\d:,*]+)/.exec(command.replace(/^UID SEARCH UID|^UID FETCH/i, ''))?.[1] ?? ''
    const ranges = set.split(',').map((part) => part.split(':').map((end) => (end === '*' ? this.selected.length : Number(end))))
    return this.all().filter((uid) =>
      ranges.some(([from = 0, to = from]) => uid >= Math.min(from, to) && uid <= Math.max(from, to)),
    )
  }

  private fetch(tag: string, command: string): void {
    const body = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(command)
    const uids = this.inSet(command)
    if (body !== null && uids.some((uid) => this.selected[uid - 1]?.trouble === 'refused')) {
      this.socket.write(`${tag} NO [SERVERBUG] damaged\r\n`)
      return
    }
    for (const uid of uids) {
      const mail = this.selected[uid - 1] as ScriptedMail
      if (body !== null && mail.trouble === 'left out') continue
      if (body !== null && (mail.trouble === 'drop' || mail.trouble === 'drop once')) {
        if (mail.trouble === 'drop once') delete mail.trouble
        // What comes before is sent, and then the connection ends in the middle of an answer.
        this.socket.end(`* ${uid} FETCH (UID ${uid} BODY[]<0> {${mail.raw.length}}\r\nMessa`)
        return
      }
      const names = mail.gmail === undefined ? '' : ` X-GM-MSGID ${mail.gmail.message} X-GM-THRID ${mail.gmail.thread}`
      const items = `UID ${uid} FLAGS (${(mail.flags ?? []).join(' ')}) INTERNALDATE "05-Jan-2026 10:00:00 +0000" RFC822.SIZE ${mail.raw.length}${names}`
      const from = Number(body?.[1] ?? 0)
      const part = mail.raw.slice(from, from + Number(body?.[2] ?? mail.raw.length))
      const content = mail.trouble === 'nil' ? 'NIL' : `{${part.length}}\r\n${part}`
      this.socket.write(`* ${uid} FETCH (${items}${body === null ? '' : ` BODY[]<${from}> ${content}`})\r\n`, 'latin1')
    }
    this.done(tag)
  }
}
