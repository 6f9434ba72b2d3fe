import type { Identity, IdentityShape } from '#shared/model/index.ts'

const shapes: Record<IdentityShape, string> = {
  square: 'M1.5 1.5h11v11h-11z',
  circle: 'M7 1a6 6 0 1 0 0 12A6 6 0 0 0 7 1',
  diamond: 'M7 .5 13.5 7 7 13.5.5 7z',
  triangle: 'M7 1.2 13.5 12.5H.5z',
  hexagon: 'M3.7 1.3h6.6L13.6 7l-3.3 5.7H3.7L.4 7z',
}

/** The mark of an identity: shape and colour. The name always stands beside it, or is read out where it cannot. */
export function Mark({
  identity,
  labelled = false,
}: {
  identity: Pick<Identity, 'name' | 'shape' | 'color'>
  labelled?: boolean
}) {
  const shape = <path d={shapes[identity.shape]} fill="currentColor" />
  return labelled ? (
    <svg className="mark" viewBox="0 0 14 14" data-color={identity.color} role="img" aria-label={identity.name}>
      {shape}
    </svg>
  ) : (
    <svg className="mark" viewBox="0 0 14 14" data-color={identity.color} aria-hidden="true" focusable="false">
      {shape}
    </svg>
  )
}
