import { parentPort, workerData } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { ProblemError } from '#shared/model/index.ts'
import { backup } from './backup.ts'
import { dropUnnamed } from './blobs.ts'
import { foldLog, tidyLog } from './checkpoint.ts'
import { toProblem } from './faults.ts'
import { readHandle, transact, writeHandle } from './handle.ts'
import { databaseIn } from './office.ts'
import { type Answer, type Call, type Go, type ThreadData, unpackBatch } from './protocol.ts'
import { runRead } from './read/run.ts'
import { dropFresh, exchange, writeFresh } from './rewrite.ts'
import { openForReading, openForWriting } from './start.ts'
import { writes } from './write/index.ts'
import { maintain } from './write/maintain.ts'

/** The one entry of every database thread. The first message it sends says whether the database could be opened. */
const data = workerData as ThreadData
const port = parentPort
if (!port) throw new Error('this file runs as a worker thread only')

const send = (answer: Answer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer)

type Untyped = (...args: unknown[]) => unknown

function serveReads(db: Database.Database): (call: Call) => unknown {
  const stop = new Int32Array(data.stop)
  let current = 0
  const handle = readHandle(db, data.dir, () => {
    if (Atomics.load(stop, 0) === current) throw new ProblemError('cancelled')
  })
  return ({ id, method, args }) => {
    current = id
    if (method === 'backup') return backup(db, data, String(args[0]))
    if (method === 'writeFresh') return writeFresh(db, data.dir)
    return runRead(db, handle, method, args)
  }
}

function serveWrites(db: Database.Database): (call: Call) => unknown {
  const handle = writeHandle(db, data.dir)
  const functions = writes as unknown as Record<string, Untyped | undefined>
  return ({ method, args }) => {
    if (method === 'maintain') {
      const more = transact(db, handle, () => maintain(handle, Date.now()))
      if (!more) tidyLog(db)
      return more
    }
    const run = functions[method]
    if (!run) throw new ProblemError('unknown_call', { name: method })
    const given = method === 'applyBatch' ? [unpackBatch(args[0] as Parameters<typeof unpackBatch>[0])] : args
    return transact(db, handle, () => run(handle, ...given))
  }
}

/** Buffers of an answer that can be handed over: those of a message's source. */
function handOver(value: unknown): { value: unknown; transfer: ArrayBuffer[] } {
  if (value === null || typeof value !== 'object' || !('raw' in value) || !(value.raw instanceof Uint8Array))
    return { value, transfer: [] }
  const raw = new Uint8Array(value.raw)
  return { value: { ...value, raw }, transfer: [raw.buffer] }
}

/** Closes the connection and lets the thread end. A log that could not be folded in is read at the next start. */
function end(db: Database.Database, call: number): void {
  let answer: Answer = { kind: 'done', id: call, value: null }
  try {
    if (data.role === 'writer') foldLog(db)
  } catch (error) {
    answer = { kind: 'fault', id: call, problem: toProblem(error).toProblem() }
  } finally {
    db.close()
  }
  send(answer)
  port?.close()
}

function serve(db: Database.Database, run: (call: Call) => unknown): void {
  port?.on('message', (call: Call) => {
    try {
      if (call.method === 'close') {
        end(db, call.id)
        return
      }
      if (call.method === 'exchange') {
        // Its own connection is one too many.
        db.close()
        send({ kind: 'done', id: call.id, value: exchange(data) })
        return
      }
      const { value, transfer } = handOver(run(call))
      send({ kind: 'done', id: call.id, value }, transfer)
    } catch (error) {
      send({ kind: 'fault', id: call.id, problem: toProblem(error).toProblem() })
    }
  })
}

/** Opens the database, when it is this thread's turn. */
function begin(): void {
  const file = databaseIn(data.dir)
  if (data.role === 'writer') {
    dropFresh(data.dir)
    const db = openForWriting(data, file)
    if (db && data.tidy) dropUnnamed(db, data.dir)
    send({ kind: 'ready', readOnly: db === null })
    if (db) serve(db, serveWrites(db))
  } else {
    const db = openForReading(data, file)
    send({ kind: 'ready', readOnly: false })
    serve(db, serveReads(db))
  }
}

port.once('message', (_: Go) => {
  try {
    begin()
  } catch (error) {
    send({ kind: 'failed', problem: toProblem(error).toProblem() })
  }
})
