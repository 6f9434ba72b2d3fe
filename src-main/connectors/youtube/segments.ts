import { z } from 'zod'

/** A piece of a comment: text, and where it leads when it is a link, a name or a point of the film. */
export interface Segment {
  text: string
  href: string | null
}

const Piece = z.object({
  text: z.string(),
  link: z.object({ linkUrl: z.string() }).optional().catch(undefined),
  mention: z.object({ channelId: z.string().optional(), externalChannelId: z.string().optional() }).optional().catch(undefined),
})
const Wrapped = z.object({ takeoutSegments: z.array(Piece) })

/** A comment with this many pieces is no comment; what follows is text of one piece. */
const MOST = 2000

/**
 * The pieces of a comment. Takeout has written them as `{"takeoutSegments":[...]}`, as objects with commas between them and no list
 * around, and as plain text. What is none of the first two is plain text, even if it begins with a bracket.
 */
export function readSegments(text: string): Segment[] {
  const trimmed = text.trim()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const list = tryParse(trimmed.startsWith('[') ? trimmed : `[${trimmed}]`)
    const wrapped = z.tuple([Wrapped]).safeParse(list).data?.[0].takeoutSegments
    const pieces = wrapped ?? z.array(Piece).min(1).max(MOST).safeParse(list).data
    if (pieces !== undefined) return pieces.map(toSegment)
  }
  return [{ text, href: null }]
}

export function textOfSegments(segments: Segment[]): string {
  return segments.map((segment) => segment.text).join('')
}

function toSegment({ text, link, mention }: z.infer<typeof Piece>): Segment {
  const channel = mention?.channelId ?? mention?.externalChannelId
  if (link !== undefined) return { text, href: link.linkUrl }
  return {
    text,
    href: channel === undefined ? null : `https://www.youtube.com/channel/${encodeURIComponent(Buffer.from(channel).toString())}`,
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
