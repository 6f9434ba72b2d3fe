import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { postgresBinaries } from './needed.ts'
import { peerFolder, peerScript } from './peers.ts'

/** Somebody on the network of the tests. */
export interface Someone {
  did: string
  handle: string
  password: string
  /** A call to their server as them, past the program under test. @throws for anything but success. */
  call(method: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>
  /** The same with values in the address. */
  ask(method: string, params: Record<string, string>): Promise<Record<string, unknown>>
  /** Publishes a post. @returns its address and version. */
  post(record: Record<string, unknown>): Promise<{ uri: string; cid: string }>
}

/** The network's own servers, on loopback. */
export interface BlueskyNetwork {
  /** Address of the PDS. */
  pds: string
  /** Address of the directory of DIDs. */
  plc: string
  /** A new account. */
  join(name: string): Promise<Someone>
  /** Waits until what happened so far has reached the view service. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts them. They end with this process.
 * @param views with the view service too, which tells of what others do: 10 s and a database instead of 1 s.
 */
export async function startBluesky({ views }: { views: boolean }): Promise<BlueskyNetwork> {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-bluesky-'))
  const bin = postgresBinaries()
  if (views && bin === null) throw new Error('PostgreSQL is not installed')
  const script = readFileSync(peerScript('bluesky'), 'utf8')
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--no-deprecation', '--eval', script, dir, ...(views && bin !== null ? [bin] : [])],
    {
      cwd: peerFolder('bluesky'),
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', LOG_ENABLED: 'false' },
    },
  )
  const lines = new Lines(child)
  const { pds, plc } = JSON.parse(await lines.next()) as { pds: string; plc: string }
  let settling: Promise<unknown> = Promise.resolve()
  const settle = async () => {
    const turn = settling.then(() => {
      child.stdin.write('\n')
      return lines.next()
    })
    settling = turn
    await turn
  }
  return {
    pds,
    plc,
    join: (name) => joinNetwork(pds, name, settle),
    settle,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.stdin.end()
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function joinNetwork(pds: string, name: string, seen: () => Promise<void>): Promise<Someone> {
  const handle = `${name}.test`
  const password = `${name}-password`
  const made = await request(pds, 'POST', 'com.atproto.server.createAccount', null, {
    handle,
    password,
    email: `${name}@peer.test`,
  })
  const { did, accessJwt } = made as { did: string; accessJwt: string }
  const call: Someone['call'] = (method, input) => request(pds, 'POST', method, accessJwt, input ?? null)
  return {
    did,
    handle,
    password,
    call,
    ask: (method, params) => request(pds, 'GET', `${method}?${new URLSearchParams(params)}`, accessJwt, null),
    post: async (record) => {
      const full = { $type: 'app.bsky.feed.post', createdAt: new Date().toISOString(), ...record }
      const sent = await call('com.atproto.repo.createRecord', { repo: did, collection: 'app.bsky.feed.post', record: full })
      // The view service looks at repositories side by side: an answer that it sees before what it answers notifies nobody.
      await seen()
      const { uri, cid } = sent as { uri: string; cid: string }
      return { uri, cid }
    },
  }
}

async function request(
  pds: string,
  method: 'GET' | 'POST',
  name: string,
  token: string | null,
  input: Record<string, unknown> | null,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${pds}/xrpc/${name}`, {
    method,
    headers: {
      ...(input === null ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(input === null ? {} : { body: JSON.stringify(input) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${name}: HTTP ${response.status} ${text.slice(0, 500)}`)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** Lines that a process prints, one at a time. What it says of its faults comes with the end of it. */
class Lines {
  private readonly waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  private readonly reader: Interface
  private said = ''

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    child.stderr.on('data', (chunk: Buffer) => {
      this.said = (this.said + chunk.toString()).slice(-4000)
    })
    this.reader = createInterface({ input: child.stdout })
    this.reader.on('line', (line) => {
      if (line.startsWith('{')) this.waiting.shift()?.resolve(line)
    })
    child.once('exit', () => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`the servers ended: ${this.said}`))
    })
  }

  next(): Promise<string> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }))
  }
}
