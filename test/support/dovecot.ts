import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Certificate, makeCertificate } from './certificate.ts'

/** A real Dovecot on loopback, with one mailbox per user, for tests. */
export interface Dovecot {
  readonly dir: string
  readonly host: 'localhost'
  /** IMAP with STARTTLS offered, and plain logins allowed since it is loopback. */
  readonly imap: number
  readonly imaps: number
  /** PEM of the certificate that it shows, or of the authority that signed it. */
  readonly authority: string
  readonly user: string
  readonly password: string
  /** What the server logged so far. */
  log(): string
  /** Adds mails to a folder (made when missing) as one delivery; flags as IMAP writes them, e.g. `\\Seen`. */
  append(folder: string, mails: AppendedMail[]): Promise<void>
  /** Puts mails into INBOX as files, unread, in order; for many of them. */
  deliver(mails: Iterable<string>): void
  /** Runs IMAP commands as the user over a plain connection; @returns all answers. */
  command(...lines: string[]): Promise<string>
  /** Messages in a folder. */
  count(folder: string): Promise<number>
  /** Gives the folder a new UIDVALIDITY: every number known of it is void, the mails stay. */
  changeValidity(folder: string): Promise<void>
  /** Ends the server by its process id and removes its files. */
  stop(): Promise<void>
}

export interface AppendedMail {
  raw: Uint8Array | string
  flags?: string[]
  /** As IMAP writes it, e.g. `05-Jan-2026 10:00:00 +0000`. */
  date?: string
}

export interface DovecotOptions {
  /** IMAP4rev1 and nothing else: no CONDSTORE, QRESYNC, IDLE, SPECIAL-USE. */
  bare?: boolean
  /** Replaces the capability list. */
  capabilities?: string
  certificate?: Certificate
  /** Introspection address; then XOAUTH2 is offered next to passwords. */
  oauth?: string
  users?: string[]
}

/** Whether there is a Dovecot on this machine, and if not, how to get one. */
export function dovecotMissing(): string | null {
  const there = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].some((file) => existsSync(file))
  return there ? null : 'Dovecot is not installed (Debian: dovecot-imapd)'
}

const PASSWORD = 'secret-of-the-test'
const USER = 'office@parliament.example'

/** Starts a server and waits until it answers. @throws when Dovecot is missing or does not start. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const missing = dovecotMissing()
  if (missing !== null) throw new Error(missing)
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-dovecot-'))
  const runAs = ordinaryUser()
  const [imap, imaps] = (await freePorts(2)) as [number, number]
  mkdirSync(join(dir, 'run'))
  mkdirSync(join(dir, 'mail'))
  const authority = makeCertificate(dir, options.certificate ?? 'self-signed')
  const users = [USER, ...(options.users ?? [])]
  writeFileSync(join(dir, 'passwd'), users.map((user) => `${user}:{PLAIN}${PASSWORD}::::::\n`).join(''))
  if (options.oauth !== undefined) writeFileSync(join(dir, 'oauth.conf'), oauthConfig(options.oauth))
  writeFileSync(join(dir, 'dovecot.conf'), config(dir, runAs, imap, imaps, options))
  if (runAs.uid !== userInfo().uid) {
    chmodSync(dir, 0o755)
    execFileSync('chown', ['-R', `${runAs.uid}:${runAs.gid}`, dir])
  }
  const child = spawn('dovecot', ['-F', '-c', join(dir, 'dovecot.conf')], {
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`, HOME: dir },
    stdio: ['ignore', 'ignore', 'pipe'],
    uid: runAs.uid,
    gid: runAs.gid,
  })
  let complaint = ''
  child.stderr.on('data', (data: Buffer) => {
    complaint += data.toString()
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    await answering(imap, child)
  } catch (error) {
    await end(child, exited)
    const log = readIf(join(dir, 'dovecot.log'))
    rmSync(dir, { recursive: true, force: true })
    throw new Error(`Dovecot did not start: ${complaint}${log}`, { cause: error })
  }
  const command = (...lines: string[]) => talk(imap, [`LOGIN ${USER} ${PASSWORD}`, ...lines])
  return {
    dir,
    host: 'localhost',
    imap,
    imaps,
    authority,
    user: USER,
    password: PASSWORD,
    log: () => readIf(join(dir, 'dovecot.log')),
    command,
    deliver: (mails) => {
      const box = join(dir, 'mail', USER, 'new')
      mkdirSync(box, { recursive: true })
      let number = 0
      const start = Math.floor(Date.now() / 1000) - 1_000_000
      for (const mail of mails) writeFileSync(join(box, `${start + number}.M${number++}.test`), mail)
      if (runAs.uid !== userInfo().uid) execFileSync('chown', ['-R', `${runAs.uid}:${runAs.gid}`, join(dir, 'mail')])
    },
    append: (folder, mails) => append(imap, folder, mails),
    count: async (folder) => Number(/MESSAGES (\d+)/.exec(await command(`STATUS "${folder}" (MESSAGES)`))?.[1] ?? -1),
    changeValidity: async (folder) => {
      const now = Number(/UIDVALIDITY (\d+)/.exec(await command(`STATUS "${folder}" (UIDVALIDITY)`))?.[1])
      const update = ['mailbox', 'update', '-u', USER, '--uid-validity', String(now + 1000), folder]
      execFileSync('doveadm', ['-c', join(dir, 'dovecot.conf'), ...update], { uid: runAs.uid, gid: runAs.gid, stdio: 'pipe' })
    },
    stop: async () => {
      await end(child, exited)
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export interface RunAs {
  uid: number
  gid: number
  name: string
  group: string
}

/** Dovecot refuses to keep mail as root, so then it runs as `nobody`. */
export function ordinaryUser(): RunAs {
  const me = userInfo()
  const lookUp = (name: string) => execFileSync('id', name === '' ? ['-gn'] : ['-gn', name], { encoding: 'utf8' }).trim()
  if (me.uid !== 0) return { uid: me.uid, gid: me.gid, name: me.username, group: lookUp('') }
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g'), name: 'nobody', group: lookUp('nobody') }
}

function config(dir: string, runAs: RunAs, imap: number, imaps: number, options: DovecotOptions): string {
  const capability = options.capabilities ?? (options.bare ? 'IMAP4rev1' : null)
  const uses = options.bare ? [] : ['Sent', 'Archive', 'Drafts', 'Trash', 'Junk']
  return `base_dir = ${dir}/run
state_dir = ${dir}/run
log_path = ${dir}/dovecot.log
auth_verbose = yes
listen = 127.0.0.1
protocols = imap
default_internal_user = ${runAs.name}
default_internal_group = ${runAs.group}
default_login_user = ${runAs.name}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:${dir}/mail/%u
mail_fsync = never
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login${options.oauth === undefined ? '' : ' xoauth2 oauthbearer'}
${capability === null ? '' : `imap_capability = ${capability}`}
ssl = yes
ssl_cert = <${dir}/cert.pem
ssl_key = <${dir}/key.pem
passdb {
  driver = passwd-file
  args = username_format=%u ${dir}/passwd
}
${options.oauth === undefined ? '' : `passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = ${dir}/oauth.conf\n}`}
userdb {
  driver = static
  args = uid=${runAs.uid} gid=${runAs.gid} home=${dir}/mail/%u
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${imap}
  }
  inet_listener imaps {
    port = ${imaps}
    ssl = yes
  }
}
protocol imap {
  mail_max_userip_connections = 100
}
namespace inbox {
  inbox = yes
  separator = /
${uses.map((use) => `  mailbox ${use} {\n    special_use = \\${use}\n    auto = create\n  }`).join('\n')}
}
`
}

function oauthConfig(url: string): string {
  return `introspection_mode = post
introspection_url = ${url}
username_attribute = email
active_attribute = active
active_value = true
`
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer()
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Resolves when something greets on the port; rejects when the process ended first or nothing answers for long. */
export async function answering(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000
  while (child.exitCode === null && Date.now() < deadline) {
    if (await greets(port)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('no greeting')
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => done(true))
    socket.once('error', () => done(false))
    socket.once('end', () => done(false))
  })
}

/** Ends the server; its processes end when it has gone. Asked to end, Dovecot would sleep a second first, every time. */
export async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await exited
}

export function readIf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

async function append(port: number, folder: string, mails: AppendedMail[]): Promise<void> {
  const session = await Session.open(port)
  try {
    await session.run(`LOGIN ${USER} ${PASSWORD}`)
    if (folder !== 'INBOX') await session.run(`CREATE "${folder}"`, true)
    // one command for all: MULTIAPPEND (RFC 3502)
    for (let at = 0; at < mails.length; at += 500) {
      const parts = mails.slice(at, at + 500).map(({ raw, flags, date }) => {
        const bytes = Buffer.from(raw as Uint8Array)
        const when = date === undefined ? '' : ` "${date}"`
        return ` (${(flags ?? []).join(' ')})${when} {${bytes.length}+}\r\n${bytes.toString('latin1')}`
      })
      await session.run(`APPEND "${folder}"${parts.join('')}`)
    }
  } finally {
    session.close()
  }
}

async function talk(port: number, lines: string[]): Promise<string> {
  const session = await Session.open(port)
  let answers = ''
  try {
    for (const line of lines) answers += await session.run(line, true)
  } finally {
    session.close()
  }
  return answers
}

/** A few lines of IMAP, independent of the client that is tested. */
class Session {
  private readonly socket: ReturnType<typeof connect>
  private received = ''
  private wake: () => void = () => undefined
  private tag = 0

  private constructor(socket: ReturnType<typeof connect>) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      this.received += data
      this.wake()
    })
    socket.on('close', () => {
      this.received += '\r\nclosed '
      this.wake()
    })
    socket.on('error', () => this.wake())
  }

  static async open(port: number): Promise<Session> {
    const session = new Session(connect(port, '127.0.0.1'))
    await session.until(/^\* OK.*\r\n/)
    return session
  }

  async run(line: string, mayFail = false): Promise<string> {
    const tag = `t${++this.tag}`
    this.received = ''
    this.socket.write(`${tag} ${line}\r\n`, 'latin1')
    const answer = await this.until(new RegExp(`(?:^|\\r\\n)(?:${tag} (OK|NO|BAD).*\\r\\n|closed )`))
    if (!mayFail && !new RegExp(`(?:^|\\r\\n)${tag} OK`).test(answer))
      throw new Error(`${line.slice(0, 60)}: ${answer.slice(0, 300)}`)
    return answer
  }

  close(): void {
    this.socket.destroy()
  }

  private async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received))
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    return this.received
  }
}
