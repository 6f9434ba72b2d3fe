import type { Block } from './blocks.ts'
import { perBlock } from './facts.ts'

/** A message that was found. */
export interface Hit {
  id: number
  part: number
  number: number
  block: Block
}

/** Neighbouring numbers of a part, first and last. */
export interface Run {
  part: number
  from: number
  to: number
}

/** The newest of some hits, newest first. Most of many are dropped before they are put in order. */
export function newestOf(hits: Hit[], most: number): Hit[] {
  const ids = hits.length > 4 * most ? Float64Array.from(hits, ({ id }) => id).sort() : new Float64Array()
  const least = ids.at(-most) ?? 0
  const kept = least > 0 ? hits.filter(({ id }) => id >= least) : hits
  kept.sort((a, b) => b.id - a.id)
  return kept.length > most ? kept.slice(0, most) : kept
}

/** Where the first number that is not below another stands in an ascending list. */
export function firstAtLeast(list: Float64Array, least: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? 0) < least) low = middle + 1
    else high = middle
  }
  return low
}

/** Items by their part. */
export function byPart<Item extends { part: number }>(items: readonly Item[]): Map<number, Item[]> {
  const parts = new Map<number, Item[]>()
  for (const item of items) {
    const list = parts.get(item.part)
    if (list) list.push(item)
    else parts.set(item.part, [item])
  }
  return parts
}

/** Neighbouring blocks of one part joined, where they go together. */
export function runsOf(blocks: readonly Block[], together: (a: Block, b: Block) => boolean = () => true): Run[] {
  const runs: Run[] = []
  let last: { run: Run; block: Block } | null = null
  for (const block of [...blocks].sort((a, b) => a.low - b.low)) {
    const to = block.low + perBlock - 1
    if (last && last.run.to === block.low - 1 && together(last.block, block)) last.run.to = to
    else {
      last = { run: { part: block.part, from: block.low, to }, block }
      runs.push(last.run)
    }
  }
  return runs
}
