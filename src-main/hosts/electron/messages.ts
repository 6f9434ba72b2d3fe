import { z } from 'zod'

/** What main tells the engine. A `port` message carries the engine's end of a window's channel. */
export const ToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('port') }),
  z.object({ type: z.literal('close') }),
])
export type ToEngine = z.infer<typeof ToEngine>

/** What the engine tells main: things for the desktop to show. */
export const FromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('notify'), title: z.string(), body: z.string(), conversationId: z.string().nullable() }),
  z.object({ type: z.literal('badge'), count: z.number().int().nonnegative() }),
])
export type FromEngine = z.infer<typeof FromEngine>
