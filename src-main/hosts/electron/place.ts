import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writePrivate } from '../ports/secret-file.ts'

const Box = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() })
export type Box = z.infer<typeof Box>
/** Where the window was: its box when not maximised, and whether it was. */
export const Place = z.object({ box: Box, maximized: z.boolean() })
export type Place = z.infer<typeof Place>

const START = { width: 1280, height: 840 }
const LEAST = { width: 480, height: 360 }
/** This much of the window's upper edge must be on some screen, or nobody could move it back. */
const GRIP = 100

/** The kept place where a screen still shows it, else a usual size in a place that the system chooses. */
export function fitPlace(kept: Place | null, screens: Box[]): { width: number; height: number; x?: number; y?: number } {
  if (!kept) return START
  const { x, y, width, height } = kept.box
  const size = { width: Math.max(width, LEAST.width), height: Math.max(height, LEAST.height) }
  const seen = screens.some(
    (screen) =>
      x + width >= screen.x + GRIP &&
      x <= screen.x + screen.width - GRIP &&
      y >= screen.y - 10 &&
      y <= screen.y + screen.height - GRIP,
  )
  return seen ? { ...size, x, y } : size
}

const placeFile = (dir: string) => join(dir, 'place.json')

/** @returns null when there is none, or none that can be used. */
export function readPlace(dir: string): Place | null {
  try {
    const parsed = Place.safeParse(JSON.parse(readFileSync(placeFile(dir), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    // No file on the first start; a damaged one is worth no more than none.
    return null
  }
}

export function writePlace(dir: string, place: Place): Promise<void> {
  return writePrivate(placeFile(dir), place)
}
