import { join } from 'node:path'
import { fromSource } from '../threads.ts'

/** The folder of the program, whether this runs from the sources or from `out/main`. */
export const root = join(import.meta.dirname, fromSource ? '../../..' : '../..')
