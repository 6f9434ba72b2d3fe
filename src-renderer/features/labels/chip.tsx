import type { Label } from '#shared/model/index.ts'
import './labels.css'

const shapes: Record<Label['kind'], string> = {
  label: 'M1 1.5h6L12.5 7 7 12.5 1 6.5z',
  topic: 'M5 1.5 3.5 12.5M10.5 1.5 9 12.5M1.5 4.75h11M1.5 9.25h11',
}

/** The mark of a label or topic: the shape of its kind, in its colour. Its name stands beside it. */
export function LabelMark({ label }: { label: Pick<Label, 'kind' | 'color'> }) {
  return (
    <svg className={`label-mark ${label.kind}`} viewBox="0 0 14 14" data-color={label.color} aria-hidden="true" focusable="false">
      <path d={shapes[label.kind]} />
    </svg>
  )
}

/** A label or topic beside what has it. */
export function LabelChip({ label }: { label: Pick<Label, 'kind' | 'name' | 'color'> }) {
  return (
    <span className="label-chip">
      <LabelMark label={label} />
      <bdi className="truncate">{label.name}</bdi>
    </span>
  )
}
