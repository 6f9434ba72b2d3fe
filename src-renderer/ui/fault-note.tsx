import { type ReactNode, useEffect, useRef } from 'react'
import type { Problem } from '#shared/model/index.ts'
import { useProblemText } from '../i18n/text.ts'

/** Why what was just asked for did not work. Read out, and brought into view: in a long form it may stand below the edge. */
export function FaultNote({ problem, children }: { problem: Problem | null; children?: ReactNode }) {
  const say = useProblemText()
  const note = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) note.current?.scrollIntoView({ block: 'nearest' })
  }, [problem])
  if (!problem) return null
  return (
    <div className="note bad" role="alert" ref={note}>
      <p>{say(problem)}</p>
      {children}
    </div>
  )
}
