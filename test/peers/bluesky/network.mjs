/**
 * The network's own servers on loopback: directory and PDS, and with POSTGRES_BIN also the AppView, with a database of its own in DIR.
 * Run with the package's folder as the working folder: `node --input-type=module --eval "$(cat network.mjs)" DIR [POSTGRES_BIN]`. Prints
 * one JSON line when it is ready. Each line on the standard input has all events carried to the AppView, and is answered by a line.
 * It ends with its input.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [dir, bin] = process.argv.slice(1)
// The database refuses to run as root.
const root = process.getuid?.() === 0
const user = root ? { uid: 65_534, gid: 65_534 } : {}
const children = []

// These servers listen on every interface: kept to this computer.
const { listen } = net.Server.prototype
net.Server.prototype.listen = function (...args) {
  const [first] = args
  if (typeof first === 'number' || /^\d+$/.test(String(first))) args.splice(1, typeof args[1] === 'string' ? 1 : 0, '127.0.0.1')
  else if (first?.port !== undefined) args[0] = { ...first, host: '127.0.0.1' }
  return listen.apply(this, args)
}

/** A port that is free now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Starts a program and waits until it takes connections. */
async function start(program, args, port) {
  const child = spawn(program, args, { ...user, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  for (;;) {
    if (ended) throw new Error(`${program} ended`)
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function startDatabases() {
  const data = join(dir, 'data')
  mkdirSync(data)
  if (root) for (const path of [dir, data]) chownSync(path, user.uid, user.gid)
  chmodSync(dir, 0o755)
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'peer', '--no-sync'], {
    ...user,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const [database, cache] = [await freePort(), await freePort()]
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`, 'fsync=off', 'log_min_messages=panic']
  await Promise.all([
    start(join(bin, 'postgres'), ['-D', data, '-p', String(database), ...settings.flatMap((one) => ['-c', one])], database),
    start(
      'redis-server',
      ['--port', String(cache), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir],
      cache,
    ),
  ])
  process.env.DB_POSTGRES_URL = `postgresql://peer@127.0.0.1:${database}/postgres`
  process.env.REDIS_HOST = `127.0.0.1:${cache}`
}

function stop(code) {
  for (const child of children) child.kill('SIGKILL')
  process.exit(code)
}
process.on('SIGTERM', () => stop(0))
process.stdin.once('end', () => stop(0))

/** Directory, PDS, and the view service with what it needs. */
async function startAll(pds) {
  if (bin === undefined) return (await import('@atproto/dev-env')).TestNetworkNoAppView.create({ pds })
  await startDatabases()
  const { TestNetwork } = await import('@atproto/dev-env')
  return TestNetwork.create({ pds, dbPostgresSchema: 'peer', bsky: { dbPostgresSchema: 'bsky' } })
}

try {
  const network = await startAll({ hostname: 'localhost', port: await freePort() })
  process.stdout.write(`${JSON.stringify({ pds: network.pds.url, plc: network.plc.url })}\n`)
  for await (const _ of createInterface({ input: process.stdin })) {
    await network.processAll()
    process.stdout.write('{}\n')
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  stop(1)
}
