import 'react'

declare module 'react' {
  /** Custom properties that this program sets in `style`. */
  interface CSSProperties {
    '--rail-size'?: string
    '--list-size'?: string
    '--details-size'?: string
    '--columnAt-size'?: string
    '--columnFrom-size'?: string
    '--columnAccount-size'?: string
    '--columnKind-size'?: string
  }
}
