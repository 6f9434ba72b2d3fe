import { type CalendarWord, foldLabel, type ParliamentState } from '#shared/model/index.ts'

const spaced = (text: string): string =>
  ` ${foldLabel(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `

/**
 * What an event means by the words of an office: the longest word that its title or one of its categories has, as a whole word, whatever
 * the case and accents. Null: nothing.
 */
export function meaningOf(words: readonly CalendarWord[]): (texts: readonly string[]) => ParliamentState | null {
  const known = words
    .map(({ word, state }) => ({ word: spaced(word), state }))
    .sort((one, two) => two.word.length - one.word.length)
  return (texts) => {
    const where = texts.map(spaced)
    return known.find(({ word }) => where.some((text) => text.includes(word)))?.state ?? null
  }
}
