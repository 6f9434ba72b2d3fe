import { ProblemError } from '#shared/model/index.ts'
import { openControl } from '../control.ts'
import { openLog, openPorts, silentNotify } from '../ports/index.ts'
import { startOffice } from '../start.ts'
import { fillSample } from '../transport/fill-sample.ts'
import { createTransport } from '../transport/serve.ts'
import { openBrowser } from './browser.ts'
import { type HttpHost, openHttpHost } from './http-server.ts'

export interface ServerOptions {
  /** Folder; null: this person's default office. */
  office: string | null
  /** 0: any free port. */
  port: number
  /** Make the office when the folder holds none. */
  create: boolean
  /** Fill an office that has no account with the sample parliament. */
  sample: boolean
  /** Folder of the built interface. */
  pages: string
}

export interface RunningServer extends HttpHost {
  /** Opens a new link in the browser, if there is one. @returns whether one was asked. */
  browse(): Promise<boolean>
}

/**
 * Runs an office for a browser on this computer.
 * @throws what `startOffice` throws; `conflict` when the port is taken. Nothing is left running then.
 */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const log = openLog('server')
  const ports = await openPorts({ office: options.office, create: options.create, log, notify: silentNotify })
  const office = await startOffice({ host: 'server', ports, create: options.create })
  const transport = createTransport(office.router, log)
  const undo: (() => Promise<void>)[] = [() => office.close(), async () => transport.close()]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const host = await openHttpHost({ transport, pages: options.pages, port: options.port, log })
    undo.push(() => host.close())
    const control = await openControl(transport, ports.paths, log)
    undo.push(() => control.close())
    if (options.sample) await fillSample(transport)
    log.info('server_started', { origin: host.origin })
    return {
      origin: host.origin,
      link: () => host.link(),
      browse: () => openBrowser(host.link(), ports.paths.data),
      close,
    }
  } catch (error) {
    await close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new ProblemError(
        'conflict',
        { detail: `Port ${options.port} is in use. Choose another with --port.` },
        { cause: error },
      )
    }
    throw error
  }
}
