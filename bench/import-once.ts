import { connectors } from '#connectors/registry.ts'
import { Engine } from '#engine/engine.ts'
import { keepHeapsSmall } from '#hosts/heap.ts'
import { defaultMark } from '#shared/model/index.ts'
import { testOffice } from '../test/support/office.ts'

/** Imports one archive of X into a new office, in a process that does nothing else, and prints what that took as JSON. */
const [, , path = ''] = process.argv
// As every host does before it opens an office.
keepHeapsSmall()
const office = await testOffice()
const engine = new Engine({ store: office.store, ports: office.ports, connectors, autostart: false, random: () => 0 })
await engine.open()
const identity = await engine.addIdentity({ name: 'Office', voice: 'institutional', ...defaultMark.institutional })
const account = await engine.accounts.addArchive({
  identityId: identity.id,
  label: null,
  network: 'x',
  handle: null,
  server: null,
})
const control = { signal: new AbortController().signal, progress: () => undefined }
const before = process.cpuUsage()
const started = performance.now()
const report = await engine.accounts.importFiles(account.id, identity.id, { format: 'archive', path, parts: [] }, control)
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
await engine.close()
await office.remove()
const measured = { new: report.new, seconds, cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 }
console.log(JSON.stringify(measured))
