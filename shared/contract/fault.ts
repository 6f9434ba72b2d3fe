import { z } from 'zod'
import { ProblemCode } from '../model/index.ts'

/**
 * Every fault crosses the contract as this: `code` from the one list, `params` for its sentence. In a file of its own, so that a
 * window that only calls does not carry every schema.
 */
export const Fault = z.object({ code: ProblemCode, params: z.record(z.string(), z.string()) })
