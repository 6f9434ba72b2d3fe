import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { connect as connectSocket, Socket } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Log, Paths } from '#ports/index.ts'
import { type Client, connect } from '#shared/contract/client.ts'
import { MAX_ANSWER_BYTES } from '#shared/contract/index.ts'
import { socketWire } from '#shared/contract/wire.ts'
import { ProblemError } from '#shared/model/index.ts'
import { writePrivate } from './ports/secret-file.ts'
import type { Transport } from './transport/serve.ts'
import { contractSockets, refuseUpgrade } from './transport/sockets.ts'

/** `host.json` in the office: who has it open, and how to talk to them. Readable by its owner only. */
const HostFile = z.object({ pid: z.number().int(), socket: z.string(), token: z.string() })

const hostFile = (office: string) => join(office, 'host.json')

/** How long the owner of an office may take to answer the door. */
const KNOCK_MS = 3000

/**
 * Lets other programs of the same person (the command line) talk to whoever has the office open: the contract over a Unix
 * socket or a named pipe, with a token that only the owner of the office can read.
 */
export async function openControl(transport: Transport, paths: Paths, log: Log): Promise<{ close(): Promise<void> }> {
  await removeStaleSocket(paths.office)
  const socketPath = await socketPlace(paths)
  const token = randomBytes(32).toString('base64url')
  const sockets = contractSockets(transport)
  const server = createServer((_request, response) => response.writeHead(404).end())
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    if (!(socket instanceof Socket)) return socket.destroy()
    socket.on('error', () => socket.destroy())
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${token}`) || request.headers.origin !== undefined) {
      log.warn('control_refused')
      return refuseUpgrade(socket, 403, 'forbidden_sender')
    }
    sockets.server.handleUpgrade(request, socket, head, (opened) => sockets.server.emit('connection', opened, request))
  })
  server.listen(socketPath)
  await once(server, 'listening')
  const file = hostFile(paths.office)
  await writePrivate(file, { pid: process.pid, socket: socketPath, token })
  return {
    async close() {
      // Before the socket goes: nobody should find an address that no longer answers.
      await rm(file, { force: true })
      sockets.close()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/**
 * Connects to whoever has an office open.
 * @returns null when nobody has (no `host.json`, or one left behind by a program that ended badly).
 * @throws `forbidden_sender` when the owner refuses, `office_key` when `host.json` cannot be read.
 */
export async function connectControl(office: string): Promise<{ client: Client; closed: Promise<void>; close(): void } | null> {
  const host = await readHostFile(office)
  if (host === null) return null
  const socket = new WebSocket('ws://localhost/rpc', {
    createConnection: () => connectSocket(host.socket),
    headers: { authorization: `Bearer ${host.token}` },
    maxPayload: MAX_ANSWER_BYTES,
    perMessageDeflate: false,
    handshakeTimeout: KNOCK_MS,
  })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
      socket.once('unexpected-response', () => reject(new ProblemError('forbidden_sender')))
    })
  } catch (error) {
    socket.on('error', () => undefined)
    socket.terminate()
    if (error instanceof ProblemError) throw error
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')) return null
    throw new ProblemError('disconnected', {}, { cause: error })
  }
  socket.on('error', () => socket.terminate())
  return connect(socketWire(socket))
}

/** The lock is ours by now, so whatever an earlier owner left behind has no one behind it. */
async function removeStaleSocket(office: string): Promise<void> {
  const old = await readHostFile(office)
  if (old?.socket.endsWith('.sock')) await rm(old.socket, { force: true })
}

async function readHostFile(office: string): Promise<z.infer<typeof HostFile> | null> {
  let text: string
  try {
    text = await readFile(hostFile(office), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw new ProblemError('file_unreadable', { path: hostFile(office), detail: 'no access' }, { cause: error })
  }
  const parsed = HostFile.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut short by a crash while it was written: as good as none.
    return null
  }
}

/** Unix sockets take paths of at most 104 to 108 bytes, depending on the system. */
const MAX_SOCKET_PATH = 100

/** A place for the socket that only this person can reach, and whose path is short enough. */
async function socketPlace(paths: Paths): Promise<string> {
  const name = randomBytes(8).toString('hex')
  if (platform() === 'win32') return `\\\\.\\pipe\\dispatch-box-${name}`
  const runtime = process.env.XDG_RUNTIME_DIR?.startsWith('/') ? join(process.env.XDG_RUNTIME_DIR, 'dispatch-box') : null
  const dir = runtime ?? join(paths.data, 'run')
  const path = join(dir, `${name}.sock`)
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) return join(await mkdtemp(join(tmpdir(), 'dispatch-')), 's')
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return path
}

function sameSecret(given: string, wanted: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
