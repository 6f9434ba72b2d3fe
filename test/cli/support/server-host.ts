import { runServer } from '#hosts/server/run.ts'

/** A server host without its interface, in a process of its own: `server-host.ts OFFICE PAGES`. Ends on SIGTERM. */
const [office = '', pages = ''] = process.argv.slice(2)
const server = await runServer({ office, port: 0, create: false, sample: false, pages })
process.on('SIGTERM', () => {
  void server.close().then(() => process.exit(0))
})
process.stdout.write('ready\n')
