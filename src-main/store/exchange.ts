import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '#shared/model/index.ts'
import { takeLock } from './lock.ts'
import { writeWhole } from './office.ts'

/**
 * How a restored office takes its place, so that a kill at any step leaves something that the next start sets right.
 * Beside the office lies `<dir>.restoring/` with a lock of its own and:
 *
 * - `office/`: the new office, being built;
 * - `plan.json`: written once the new office is whole; names the folder to which the old one goes.
 *
 * Then `<dir>` is renamed as the plan says, `office/` becomes `<dir>`, and `<dir>.restoring/` is removed. Found by a later
 * start: without a plan it is thrown away; with one, and the old office still in its place, it is thrown away too; with the
 * old office out of the way, the new one is put in.
 */
const Plan = z.object({ replaced: z.string().nullable() })

const stageOf = (dir: string): string => `${dir}.restoring`
const planIn = (stage: string): string => join(stage, 'plan.json')
const officeIn = (stage: string): string => join(stage, 'office')

/** Whether there is anything in a folder. */
export function isTaken(dir: string): boolean {
  return existsSync(dir) && readdirSync(dir).length > 0
}

/**
 * Sets right what a restore into `dir` left when it was killed. Costs one look where there was none.
 * @throws `office_locked` when a restore is under way and there is no office to be used meanwhile.
 */
export function settleExchange(dir: string): void {
  const stage = stageOf(dir)
  if (!existsSync(stage)) return
  try {
    takeLock(stage)
  } catch (error) {
    // Under way in another process; until it takes the office's own lock, that one can be used.
    if (error instanceof ProblemError && error.code === 'office_locked' && isTaken(dir)) return
    throw error
  }
  const plan = readPlan(stage)
  if (plan !== null && isBetween(dir)) moveIn(stage, dir)
  endExchange(dir, plan?.replaced ?? null)
}

/** The old office is out of the way and the new one not in its place yet. */
function isBetween(dir: string): boolean {
  const stage = stageOf(dir)
  return existsSync(planIn(stage)) && existsSync(officeIn(stage)) && !isTaken(dir)
}

/** Ends a restore that failed. What cannot be taken back at once is left for the next start. */
export function abandonExchange(dir: string): void {
  if (!isBetween(dir)) endExchange(dir, null)
}

function readPlan(stage: string): z.infer<typeof Plan> | null {
  if (!existsSync(planIn(stage))) return null
  return Plan.parse(JSON.parse(readFileSync(planIn(stage), 'utf8')))
}

/**
 * Begins a restore into `dir`: nobody else does meanwhile.
 * @returns the folder in which the new office is to be built.
 * @throws `office_locked` when another restore into it is under way.
 */
export function beginExchange(dir: string): string {
  settleExchange(dir)
  const stage = stageOf(dir)
  mkdirSync(stage, { recursive: true, mode: 0o700 })
  takeLock(stage)
  return officeIn(stage)
}

/**
 * Puts the office that was built in its place, and the one that was there beside it. The new one is whole and on the disk.
 * @returns where the old one is; null when there was none.
 */
export function exchange(dir: string): string | null {
  const stage = stageOf(dir)
  const replaced = isTaken(dir) ? `${basename(dir)}.replaced-${new Date().toISOString().replace(/[:.]/g, '-')}` : null
  // Held for its own sake: whoever has the office open keeps it, and nobody opens it from here on.
  const lock = replaced === null ? null : takeLock(dir)
  try {
    writeWhole(planIn(stage), `${JSON.stringify({ replaced })}\n`)
    if (replaced === null) moveIn(stage, dir)
    else swap(stage, dir, join(dirname(dir), replaced))
  } finally {
    lock?.release()
  }
  return endExchange(dir, replaced)
}

function moveIn(stage: string, dir: string): void {
  if (existsSync(dir)) rmdirSync(dir)
  renameSync(officeIn(stage), dir)
}

function swap(stage: string, dir: string, replaced: string): void {
  renameSync(dir, replaced)
  try {
    renameSync(officeIn(stage), dir)
  } catch (error) {
    renameSync(replaced, dir)
    throw error
  }
}

/** Removes what a restore needed, whether it came to its end or not. @returns the path of the office that was replaced. */
function endExchange(dir: string, replaced: string | null): string | null {
  const old = replaced === null ? null : join(dirname(dir), replaced)
  // It went along with the folder; whoever opens that one takes a lock of their own.
  if (old !== null) rmSync(join(old, 'lock'), { force: true })
  const stage = stageOf(dir)
  // First what is large; a kill in between finds the old or the new office in its place, and goes on removing.
  rmSync(officeIn(stage), { recursive: true, force: true })
  rmSync(stage, { recursive: true, force: true })
  return old !== null && existsSync(old) ? old : null
}
