import type { MessagePortMain } from 'electron'
import type { Notify, Ports } from '#ports/index.ts'
import type { Wire } from '#shared/contract/wire.ts'
import { type Problem, ProblemError } from '#shared/model/index.ts'
import { readOptions } from '../launch/options.ts'
import { openOfficeStore } from '../open-store.ts'
import { openLog, openPorts } from '../ports/index.ts'
import type { Transport } from '../transport/serve.ts'
import { type FromEngine, ToEngine } from './messages.ts'

/* The engine's process: one office, served on the ports that main hands over. */
const log = openLog('engine')
/** The larger half of the program is loaded while the database is being opened. */
const loading = import('./engine-parts.ts')
const options = readOptions(process.argv.slice(2))
const tell = (message: FromEngine) => process.parentPort.postMessage(message)
const notify: Notify = {
  show: ({ title, body, conversationId }) => tell({ type: 'notify', title, body, conversationId: conversationId ?? null }),
  badge: (count) => tell({ type: 'badge', count }),
}

/** Asking again more often than this changes nothing. */
const RETRY_MS = 1000

/** Windows that asked before the office was open; they are served, or told why not, when that is known. */
const waiting: Wire[] = []
let transport: Transport | null = null
let shut: () => Promise<void> = async () => undefined

process.parentPort.on('message', (event) => {
  const message = ToEngine.safeParse(event.data)
  if (!message.success) return
  const [port] = event.ports
  if (message.data.type === 'port' && port) {
    const wire = mainPortWire(port)
    if (transport) transport.serve(wire)
    else waiting.push(wire)
  }
  if (message.data.type === 'close') finish()
})

void open()

/** Opens the office. Where that fails, windows are told why, and it is tried again when one of them asks again. */
async function open(): Promise<void> {
  try {
    serve(await start())
  } catch (error) {
    await refuse(problemOf(error))
  }
}

function serve(next: Transport): void {
  const before = transport
  transport = next
  for (const wire of waiting.splice(0)) next.serve(wire)
  // Windows that were refused connect again, and then find the office open.
  before?.close()
}

async function refuse(first: Problem): Promise<void> {
  const { createRefusal } = await loading
  let problem = first
  let attempt = false
  let last = performance.now()
  const again = () => {
    if (attempt || performance.now() - last < RETRY_MS) return
    attempt = true
    start()
      .then(serve, (error: unknown) => {
        problem = problemOf(error)
      })
      .finally(() => {
        attempt = false
        last = performance.now()
      })
  }
  const asked = () => {
    again()
    return problem
  }
  serve(createRefusal(asked, log))
}

function problemOf(error: unknown): Problem {
  log.error('start_failed', { text: error instanceof Error ? (error.stack ?? error.message) : '' })
  return error instanceof ProblemError ? error.toProblem() : { code: 'internal', params: { detail: 'start' } }
}

async function start(): Promise<Transport> {
  const ports: Ports = await openPorts({ office: options.office, create: true, log, notify })
  const opening = openOfficeStore({ ports, create: true, readers: 2, readsFirst: true })
  const [{ startOffice, createTransport, fillSample }] = await Promise.all([loading, opening])
  const office = await startOffice({ host: 'electron', ports, create: true, opening })
  shut = () => office.close()
  const running = createTransport(office.router, log)
  // For the command line, which can wait until the window has what it asks for first.
  const control = import('../control.ts').then(({ openControl }) => openControl(running, ports.paths, log))
  control.catch((error: unknown) => log.error('control_failed', { text: error instanceof Error ? (error.stack ?? '') : '' }))
  shut = async () => {
    await control.then(
      (opened) => opened.close(),
      // It never opened; that was said when it happened.
      () => undefined,
    )
    running.close()
    await office.close()
  }
  if (options.sample) await fillSample(running)
  return running
}

function finish(): void {
  shut().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error('close_failed', { text: error instanceof Error ? (error.stack ?? error.message) : '' })
      process.exit(1)
    },
  )
}

/** A wire over Electron's main-side port, which has events of its own kind. */
function mainPortWire(port: MessagePortMain): Wire {
  let open = true
  port.on('close', () => {
    open = false
  })
  return {
    send(frame) {
      if (!open) throw new Error('The port is closed.')
      port.postMessage(frame)
    },
    onFrame(listener) {
      port.on('message', (event) => listener(event.data))
      port.start()
    },
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  }
}
