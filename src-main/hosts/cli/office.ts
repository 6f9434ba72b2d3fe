import { setTimeout as pause } from 'node:timers/promises'
import { type Client, connect } from '#shared/contract/client.ts'
import type { Wire } from '#shared/contract/wire.ts'
import { ProblemError } from '#shared/model/index.ts'
import { connectControl, openControl } from '../control.ts'
import { openLog, openPorts, silentNotify } from '../ports/index.ts'
import { startOffice } from '../start.ts'
import { memoryWires } from '../transport/memory.ts'
import { createTransport, type Transport } from '../transport/serve.ts'
import { Cancelled } from './errors.ts'

/** An office that commands can talk to, wherever its engine runs. */
export interface OpenOffice {
  readonly client: Client
  close(): Promise<void>
}

/** How long a command waits for another one that has the office open but does not answer yet (it is just starting or ending). */
const WAIT_MS = 15_000
const LOOK_AGAIN_MS = 100
/** How long the end of a command is put off for others that still talk to its engine. */
const DRAIN_MS = 10_000

/**
 * Opens an office: through the program that has it open where there is one, else here.
 * @throws `office_missing`, `office_key`, `office_locked` when its owner does not answer for 15 s, `Cancelled`
 */
export async function openOffice(dir: string, create: boolean, signal: AbortSignal): Promise<OpenOffice> {
  const deadline = performance.now() + WAIT_MS
  for (;;) {
    const owner = await openThere(dir)
    if (owner) return owner
    try {
      return await openHere(dir, create)
    } catch (error) {
      const locked = error instanceof ProblemError && error.code === 'office_locked'
      if (!locked || performance.now() > deadline) throw error
    }
    if (signal.aborted) throw new Cancelled()
    // Nothing tells when another process lets go of a lock.
    await pause(LOOK_AGAIN_MS)
  }
}

/** @returns null when nobody has it open, or is about to close it. */
async function openThere(dir: string): Promise<OpenOffice | null> {
  let control: Awaited<ReturnType<typeof connectControl>> = null
  try {
    control = await connectControl(dir)
    // An owner that is closing lets nobody in any more: whoever gets this answer is waited for.
    await control?.client.office.status()
  } catch (error) {
    control?.close()
    if (error instanceof ProblemError && error.code === 'disconnected') return null
    throw error
  }
  if (!control) return null
  const { client, closed, close } = control
  return {
    client,
    async close() {
      close()
      await closed
    },
  }
}

async function openHere(dir: string, create: boolean): Promise<OpenOffice> {
  const log = openLog('cli')
  const ports = await openPorts({ office: dir, create, log, notify: silentNotify })
  const office = await startOffice({ host: 'cli', ports, create })
  const transport = createTransport(office.router, log)
  const guests = new Guests(transport)
  const control = await openControl(guests, ports.paths, log).catch(async (error: unknown) => {
    await office.close()
    throw error
  })
  const [served, mine] = memoryWires()
  transport.serve(served)
  const connection = connect(mine)
  return {
    client: connection.client,
    async close() {
      await guests.gone(DRAIN_MS)
      await control.close()
      connection.close()
      transport.close()
      await office.close()
    },
  }
}

/** A transport that can be closed when its last guest has gone, without cutting off one who has just come in. */
class Guests implements Transport {
  private readonly inner: Transport
  private readonly waiting: (() => void)[] = []
  private present = 0
  private closing = false

  constructor(inner: Transport) {
    this.inner = inner
  }

  serve(wire: Wire): void {
    if (this.closing) {
      wire.close()
      return
    }
    this.present++
    wire.onClose(() => {
      this.present--
      for (const look of this.waiting.splice(0)) look()
    })
    this.inner.serve(wire)
  }
  get connections(): number {
    return this.inner.connections
  }
  get calls(): number {
    return this.inner.calls
  }
  close(): void {
    this.inner.close()
  }

  /** Resolves when nobody is left, or after `ms`; from then on nobody is let in. */
  async gone(ms: number): Promise<void> {
    const deadline = performance.now() + ms
    while (this.present > 0 && performance.now() < deadline) {
      const stop = new AbortController()
      const left = new Promise<void>((resolve) => this.waiting.push(resolve))
      const late = pause(deadline - performance.now(), undefined, { signal: stop.signal }).catch(() => undefined)
      await Promise.race([left, late])
      stop.abort()
    }
    this.closing = true
  }
}
