import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { memoryWires } from '#hosts/transport/memory.ts'
import { contractSockets } from '#hosts/transport/sockets.ts'
import { type PortLike, portWire, socketWire } from '#shared/contract/wire.ts'
import { contractSuite } from './suite.ts'

contractSuite('in one process', async (transport) => ({
  async open() {
    const [here, there] = memoryWires()
    transport.serve(there)
    return here
  },
  close: async () => undefined,
}))

contractSuite('over a MessagePort', async (transport) => {
  const ports: MessageChannel['port1'][] = []
  return {
    async open() {
      const { port1, port2 } = new MessageChannel()
      ports.push(port1, port2)
      transport.serve(portWire(domPort(port2)))
      return portWire(domPort(port1))
    },
    close: async () => {
      for (const port of ports) port.close()
    },
  }
})

contractSuite('over a WebSocket', async (transport) => {
  const sockets = contractSockets(transport)
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    sockets.server.handleUpgrade(request, socket as Socket, head, (opened) => sockets.server.emit('connection', opened, request))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    async open() {
      const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`)
      await once(socket, 'open')
      return socketWire(socket)
    },
    async close() {
      sockets.close()
      server.close()
      await once(server, 'close')
    },
  }
})

/** Node's ports hand their listeners DOM events too; only their types do not say so. */
function domPort(port: MessageChannel['port1']): PortLike {
  return port as unknown as PortLike
}
