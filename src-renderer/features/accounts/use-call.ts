import { useCallback, useEffect, useRef, useState } from 'react'
import type { Problem } from '#shared/model/index.ts'
import { toProblem } from '../../data/faults.ts'

export interface Call<Input, Output> {
  busy: boolean
  problem: Problem | null
  /** Runs the call; null when it failed (the problem then says why) or when the form has gone meanwhile. */
  run: (input: Input) => Promise<Output | null>
  reset: () => void
}

/** One call that a form makes: whether it runs, and what went wrong. */
export function useCall<Input, Output>(work: (input: Input) => Promise<Output>): Call<Input, Output> {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null }>({ busy: false, problem: null })
  const latest = useRef(work)
  latest.current = work
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])
  const run = useCallback(async (input: Input) => {
    setState({ busy: true, problem: null })
    try {
      const output = await latest.current(input)
      if (!alive.current) return null
      setState({ busy: false, problem: null })
      return output
    } catch (error) {
      if (alive.current) setState({ busy: false, problem: toProblem(error) })
      return null
    }
  }, [])
  const reset = useCallback(() => setState({ busy: false, problem: null }), [])
  return { ...state, run, reset }
}
