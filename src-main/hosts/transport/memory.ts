import type { Frame, Wire } from '#shared/contract/wire.ts'

/** Two ends of a wire inside one process; frames are delivered in order, never within `send`. */
export function memoryWires(): [Wire, Wire] {
  const ends = [new MemoryEnd(), new MemoryEnd()] as const
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return [ends[0], ends[1]]
}

class MemoryEnd implements Wire {
  other: MemoryEnd | null = null
  #open = true
  #early: unknown[] = []
  #frame: ((frame: unknown) => void) | null = null
  #closed: (() => void) | null = null

  send(frame: Frame): void {
    if (!this.#open) throw new Error('The wire is closed.')
    const to = this.other
    queueMicrotask(() => to?.receive(frame))
  }
  receive(frame: unknown): void {
    if (this.#frame) this.#frame(frame)
    else this.#early.push(frame)
  }
  onFrame(listener: (frame: unknown) => void): void {
    this.#frame = listener
    for (const frame of this.#early.splice(0)) listener(frame)
  }
  onClose(listener: () => void): void {
    this.#closed = listener
  }
  close(): void {
    this.end()
    this.other?.end()
  }
  end(): void {
    if (!this.#open) return
    this.#open = false
    queueMicrotask(() => this.#closed?.())
  }
}
