import { closeSync, openSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { writeAll } from './append.ts'
import type { FileBatch, FileBatchDone } from './small-files.ts'

/** The thread that writes small files: making a file takes longer than everything else that an export does for a message. */
const port = parentPort
if (!port) throw new Error('this file runs as a worker thread only')

port.on('message', ({ bytes, files }: FileBatch) => {
  port.postMessage({ bytes, fault: write(bytes, files) } satisfies FileBatchDone, [bytes.buffer as ArrayBuffer])
})

function write(bytes: Uint8Array, files: FileBatch['files']): FileBatchDone['fault'] {
  let at = 0
  try {
    for (const { path, size } of files) {
      const handle = openSync(path, 'w')
      try {
        writeAll(handle, bytes.subarray(at, at + size))
      } finally {
        closeSync(handle)
      }
      at += size
    }
    return null
  } catch (error) {
    const { code, syscall, path, message } = error as NodeJS.ErrnoException
    return { message, fields: { ...(code && { code }), ...(syscall && { syscall }), ...(path && { path }) } }
  }
}
