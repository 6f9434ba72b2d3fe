/**
 * Text from outside, made harmless for a terminal: no control characters (escape sequences, CSI, OSC), no line breaks, and
 * no characters that turn the direction of what follows. One line.
 */
export function oneLine(text: string): string {
  return blockText(text).replace(/\s+/g, ' ').trim()
}

/** The same for a text of several lines; tabs and line breaks stay. */
export function blockText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
      .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\ue000\ue001]/g, '')
  )
}

let segmenter: Intl.Segmenter | null = null

/** What a reader takes for single characters. Made at the first use: it takes longer than most commands need for everything else. */
function graphemes(text: string): Iterable<{ segment: string }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** East Asian Wide and Fullwidth (Unicode Standard Annex 11), by block; emoji are told by their own property. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u
const emoji = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f|^\p{Regional_Indicator}/u
const nothing = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Cf}]+$/u
const plain = /^[\x20-\x7e]*$/

/** Columns that a text takes in a terminal: 2 for wide characters and emoji, 0 for marks that stand on others. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment)
  return width
}

function graphemeWidth(grapheme: string): number {
  if (nothing.test(grapheme)) return 0
  return emoji.test(grapheme) || wide.test(grapheme) ? 2 : 1
}

/** The beginning of a text that fits into `width` columns, with an ellipsis where it was cut. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes(text)) {
    const next = graphemeWidth(segment)
    if (used + next > width - 1) break
    kept += segment
    used += next
  }
  return width > 0 ? `${kept.trimEnd()}…` : ''
}

/** Fills a text with spaces up to `width` columns. */
export function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return right ? space + text : text + space
}
