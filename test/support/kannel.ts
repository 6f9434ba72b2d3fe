import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePorts, ordinaryUser } from './dovecot.ts'

/** A real Kannel on loopback (bearerbox and smsbox) with its fake message centre, and a phone connected to that. */
export interface Kannel {
  /** Of `sendsms`. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** Where the listener of the connector is expected. */
  readonly listener: { port: number; token: string }
  /** What the phone sends to our number. */
  text(from: string, to: string, text: string): void
  /** Resolves with the next text that the phone is sent, as the fake message centre writes it. */
  received(): Promise<string>
  /** Unplugs the phone: the message centre has nobody to send to. */
  unplug(): void
  plug(): Promise<void>
  stop(): Promise<void>
}

const TOKEN = 'token-of-the-listener-0001'
const PASSWORD = 'secret of the test & more'
const USER = 'office'

/** Starts a gateway and waits until it answers. @throws when Kannel does not start. */
export async function startKannel(): Promise<Kannel> {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-kannel-'))
  const runAs = ordinaryUser()
  const ports = (await freePorts(5)) as [number, number, number, number, number]
  const [admin, box, send, centre, listener] = ports
  mkdirSync(join(dir, 'store'))
  const settings = join(dir, 'kannel.conf')
  writeFileSync(settings, configuration(dir, { admin, box, send, centre, listener }))
  if (runAs.uid !== userInfo().uid) {
    chmodSync(dir, 0o755)
    execFileSync('chown', ['-R', `${runAs.uid}:${runAs.gid}`, dir])
  }
  const run = (program: string) =>
    spawn(program, ['-v', '4', settings], {
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin`, HOME: dir },
      cwd: dir,
      stdio: 'ignore',
      uid: runAs.uid,
      gid: runAs.gid,
    })
  const boxes = [run('bearerbox')]
  let phone: Phone | null = null
  const stop = async () => {
    phone?.close()
    await Promise.all(boxes.map(end))
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    // The smsbox gives up where no bearerbox listens yet.
    for (const port of [box, centre]) await listening(port, boxes)
    boxes.push(run('smsbox'))
    await listening(send, boxes)
    phone = await Phone.plug(centre)
  } catch (error) {
    const log = ['bearerbox.log', 'smsbox.log'].map((name) => readIf(join(dir, name))).join('')
    await stop()
    throw new Error(`Kannel did not start: ${log.slice(-4000)}`, { cause: error })
  }
  let plugged: Phone = phone
  return {
    url: `http://127.0.0.1:${send}/cgi-bin/sendsms`,
    user: USER,
    password: PASSWORD,
    listener: { port: listener, token: TOKEN },
    text: (from, to, text) => plugged.send(from, to, text),
    received: () => plugged.received(),
    unplug: () => plugged.close(),
    plug: async () => {
      plugged = await Phone.plug(centre)
      phone = plugged
    },
    stop,
  }
}

/** A phone at the fake message centre: lines of `sender receiver type text`. */
class Phone {
  readonly #socket: Socket
  readonly #lines: string[] = []
  readonly #waiting: ((line: string) => void)[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    createInterface({ input: socket }).on('line', (line) => {
      const next = this.#waiting.shift()
      if (next) next(line)
      else this.#lines.push(line)
    })
    socket.on('error', () => socket.destroy())
  }

  static plug(port: number): Promise<Phone> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Phone(socket)))
      socket.once('error', reject)
    })
  }

  send(from: string, to: string, text: string): void {
    this.#socket.write(`${from} ${to} text ${text}\n`)
  }

  received(): Promise<string> {
    const line = this.#lines.shift()
    return line === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(line)
  }

  close(): void {
    this.#socket.destroy()
  }
}

interface Ports {
  admin: number
  box: number
  send: number
  centre: number
  listener: number
}

/** @see https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html */
function configuration(dir: string, { admin, box, send, centre, listener }: Ports): string {
  const fields = 'from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&ts=%T'
  return `
group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = ${TOKEN}
admin-allow-ip = 127.0.0.1
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = "${dir}/bearerbox.log"
log-level = 1
store-type = file
store-location = "${dir}/store/messages"

group = smsc
smsc = fake
smsc-id = centre
host = 127.0.0.1
our-host = 127.0.0.1
port = ${centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${box}
sendsms-port = ${send}
sendsms-interface = 127.0.0.1
log-file = "${dir}/smsbox.log"
log-level = 1
http-request-retry = 50
http-queue-delay = 1

group = sendsms-user
username = ${USER}
password = "${PASSWORD}"
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
concatenation = true
max-messages = 12

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:${listener}/sms?token=${TOKEN}&${fields}"
`
}

async function listening(port: number, boxes: ChildProcess[]): Promise<void> {
  const deadline = Date.now() + 20_000
  while (boxes.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null) && Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens at ${port}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}

function readIf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
