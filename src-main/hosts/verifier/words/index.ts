import { ar } from './ar.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { Words } from './words.ts'

export const languages: Record<string, Words> = { en, fr, es, ar }

/** The words of the first of these languages that there are words in (`fr-CA`, `es_ES.UTF-8`); else English. */
export function wordsFor(wanted: readonly string[]): { code: string; words: Words } {
  for (const name of wanted) {
    const [code = ''] = name.toLowerCase().split(/[-_.]/)
    const words = Object.hasOwn(languages, code) ? languages[code] : undefined
    if (words !== undefined) return { code, words }
  }
  return { code: 'en', words: en }
}
