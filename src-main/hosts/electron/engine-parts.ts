/* Everything that the engine's process needs besides the database: loaded while that is being opened. */
export { startOffice } from '../start.ts'
export { fillSample } from '../transport/fill-sample.ts'
export { createRefusal, createTransport } from '../transport/serve.ts'
