import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Certificate, makeCertificate } from './certificate.ts'
import { answering, end, freePorts, ordinaryUser, readIf } from './dovecot.ts'

/** A real Exim on loopback that takes mail for `citizen.example` and lets none out, for tests. */
export interface Exim {
  readonly dir: string
  readonly host: 'localhost'
  /** SMTP with STARTTLS offered. */
  readonly smtp: number
  /** SMTP over TLS. */
  readonly smtps: number
  /** PEM of the certificate that it shows, or of the authority that signed it. */
  readonly authority: string
  readonly user: string
  readonly password: string
  /** What the server logged so far. */
  log(): string
  /** How often it took a mail with this Message-ID (without brackets). Written before it says so. */
  taken(messageId: string): number
  /** Mails that were delivered to an address so far, in no order. */
  delivered(address: string): string[]
  /** Resolves when everything that was taken has been delivered or has failed. */
  settled(): Promise<void>
  /** Ends the server by its process id and removes its files. */
  stop(): Promise<void>
}

export interface EximOptions {
  certificate?: Certificate
  /** No TLS at all, and the sign-in offered without it. */
  plain?: boolean
  /** Largest mail, as Exim writes it. */
  size?: string
  /** No SMTPUTF8. */
  ascii?: boolean
  /** A maildir folder that gets a copy of everything the user sends, as some providers do by themselves. */
  files?: string
  /** Maildir that gets mail for the user: bounces. */
  inbox?: string
}

const PASSWORD = 'secret-of-the-test'
const USER = 'office@parliament.example'

/** Starts a server and waits until it answers. `nobody@citizen.example` is refused, `later@` deferred, `lost@` taken and bounced. */
export async function startExim(options: EximOptions = {}): Promise<Exim> {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-exim-'))
  const runAs = ordinaryUser()
  const [smtp, smtps] = (await freePorts(2)) as [number, number]
  for (const folder of ['spool', 'boxes']) mkdirSync(join(dir, folder))
  const authority = makeCertificate(dir, options.certificate ?? 'self-signed')
  const file = join(dir, 'exim.conf')
  writeFileSync(file, config(dir, runAs.name, runAs.group, smtp, smtps, options))
  if (runAs.uid !== userInfo().uid) {
    chmodSync(dir, 0o755)
    execFileSync('chown', ['-R', `${runAs.uid}:${runAs.gid}`, dir])
  }
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin`, HOME: dir }
  // in the foreground Exim logs to its standard error
  const sink = openSync(join(dir, 'log'), 'a')
  const child = spawn('exim4', ['-C', file, '-bdf', '-q1s'], {
    env,
    stdio: ['ignore', 'ignore', sink],
    uid: runAs.uid,
    gid: runAs.gid,
  })
  closeSync(sink)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const log = () => readIf(join(dir, 'log'))
  try {
    await answering(smtp, child)
  } catch (error) {
    await end(child, exited)
    const complaint = log()
    rmSync(dir, { recursive: true, force: true })
    throw new Error(`Exim did not start: ${complaint}`, { cause: error })
  }
  return {
    dir,
    host: 'localhost',
    smtp,
    smtps,
    authority,
    user: USER,
    password: PASSWORD,
    log,
    taken: (messageId) =>
      log()
        .split('\n')
        .filter((line) => line.includes(' <= ') && line.includes(` id=${messageId}`)).length,
    delivered: (address) => {
      const box = join(dir, 'boxes/new')
      const all = existsSync(box) ? readdirSync(box).map((name) => readFileSync(join(box, name), 'utf8')) : []
      return all.filter((raw) => raw.split('\n').includes(`Envelope-to: ${address}`))
    },
    settled: async () => {
      const count = () => execFileSync('exim4', ['-C', file, '-bpc'], { env, uid: runAs.uid, gid: runAs.gid, encoding: 'utf8' })
      while (Number(count()) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    },
    stop: async () => {
      await end(child, exited)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function config(dir: string, user: string, group: string, smtp: number, smtps: number, options: EximOptions): string {
  const { plain = false, size = '25M', ascii = false, files, inbox } = options
  const secured = plain ? '' : `  server_advertise_condition = \${if def:tls_in_cipher}\n`
  return `primary_hostname = smtp.parliament.example
local_interfaces = 127.0.0.1.${smtp} : 127.0.0.1.${smtps}
daemon_smtp_ports =
tls_on_connect_ports = ${smtps}
exim_user = ${user}
exim_group = ${group}
never_users =
spool_directory = ${dir}/spool
pid_file_path = ${dir}/exim.pid
tls_advertise_hosts = ${plain ? '' : '*'}
tls_certificate = ${dir}/cert.pem
tls_privatekey = ${dir}/key.pem
auth_advertise_hosts = *
log_selector = +subject
message_size_limit = ${size}
smtputf8_advertise_hosts = ${ascii ? '' : '*'}
rfc1413_hosts =
host_lookup =
dns_again_means_nonexist = *
smtp_accept_max = 200
smtp_accept_reserve = 0
bounce_return_message = true
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
acl_smtp_mail = accept
keep_environment =
begin acl
rcpt:
  deny message = 550 5.1.2 no mail leaves this computer
       !domains = citizen.example : parliament.example
  defer message = 451 4.7.1 greylisted, come again
       local_parts = later
  deny message = 550 5.1.1 no such citizen
       local_parts = nobody
  accept authenticated = *
  deny message = 530 5.7.0 Authentication required
begin routers
${files === undefined ? '' : `filing:\n  driver = accept\n  condition = \${if eq{$sender_address}{${USER}}}\n  transport = filing\n  unseen\n`}lost:
  driver = redirect
  local_parts = lost
  data = :fail: the box of this citizen is gone
  allow_fail
own:
  driver = accept
  domains = parliament.example
  transport = own
boxes:
  driver = accept
  transport = boxes
begin transports
boxes:
  driver = appendfile
  directory = ${dir}/boxes
  maildir_format
  create_directory
  envelope_to_add
  user = ${user}
  group = ${group}
own:
  driver = appendfile
  directory = ${inbox ?? `${dir}/own`}
  maildir_format
  create_directory
  user = ${user}
  group = ${group}
filing:
  driver = appendfile
  directory = ${files ?? `${dir}/filed`}
  maildir_format
  create_directory
  user = ${user}
  group = ${group}
begin retry
* * F,10m,15s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${USER}}}{eq{$auth3}{${PASSWORD}}}}}
  server_set_id = $auth2
${secured}login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = \${if and{{eq{$auth1}{${USER}}}{eq{$auth2}{${PASSWORD}}}}}
  server_set_id = $auth1
${secured}`
}
