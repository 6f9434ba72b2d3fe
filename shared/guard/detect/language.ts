import { functionWordsOf } from '../../text/language.ts'
import type { Token } from '../tokens.ts'
import type { Detector } from './detector.ts'

/** Words below which nothing is said of a text's language. */
const FEWEST_WORDS = 4
/** What must speak for a language; more where only a short list of its words is known. */
const ENOUGH = 4
const CERTAIN = 9
/** How much more must speak for another language than for those of the account. */
const CLEARLY = 1.6

/** Further words that few other languages have: posts are short, and the lists of the search are made for letters. */
const more: Record<string, string> = {
  en: 'he she his her him they them these those than then so do does did will would could should may might must here there how why where after before over under between through during into up down out off only also very much many some any each every no nor yet about today tomorrow tonight new first last next open see read watch join find said says question week day vote house bill debate committee member members minister',
  fr: 'd l j qu n c s y on leurs notre nos votre elles ils ou deux trois tous tout toute toutes meme aussi encore deja jamais toujours tres trop peu sans sous entre vers chez apres avant depuis pendant lors contre selon ont sera seront peut doit faire dit aujourd hui demain hier ce cet quel quelle comment pourquoi voici voila jour heure heures seance loi texte debat deputes deputee depute ministre commission question semaine',
  es: 'al lo nos su sus mi mis tu tus yo ella ellos ellas esto eso ese esa esos esas aqui alli hoy manana ayer ya aun todavia siempre nunca muy mucho muchos poco sin sobre bajo ante tras hacia durante contra segun fue sera seran puede debe hacer dice donde quien cual ni o e u asi solo despues antes desde dos tres dia horas pleno ley texto debate diputados diputada diputado ministro ministra comision pregunta semana camara votos voto',
}
const moreOf = new Map<string, string[]>()
for (const [language, list] of Object.entries(more))
  for (const word of new Set(list.split(' '))) moreOf.set(word, [...(moreOf.get(word) ?? []), language])

/** What is known of the language of some words. */
export interface Told {
  /** The one that most speaks for. */
  language: string
  /** Whether nothing else comes near it, and enough speaks for it. */
  sure: boolean
  /** It and those that come near it. */
  likely: string[]
}

/** The language that most speaks for these words; null where nothing does. */
export function languageOfWords(text: string, tokens: readonly Token[]): Told | null {
  const words = tokens.filter(({ kind, hashtag }) => kind === 'word' && !hashtag)
  const forms = words.map(({ forms }) => forms[0] ?? '')
  const scores = new Map(functionWordsOf(text, forms).map(({ language, score }) => [language, score]))
  for (const form of forms) {
    const languages = moreOf.get(form) ?? []
    for (const language of languages) scores.set(language, (scores.get(language) ?? 0) + (languages.length === 1 ? 2 : 1))
  }
  // Languages that are not known well share words with those that are: a few words speak for none of them.
  const ranked = [...scores]
    .map(([language, score]) => ({ language, score }))
    .filter(({ language, score }) => language in more || score >= CERTAIN)
    .sort((a, b) => b.score - a.score)
  const [first, second] = ranked
  if (first === undefined) return null
  const enough = words.length >= FEWEST_WORDS && first.score >= ENOUGH
  const likely = ranked.filter(({ score }) => score * CLEARLY > first.score).map(({ language }) => language)
  return { language: first.language, sure: enough && first.score >= CLEARLY * (second?.score ?? 0), likely }
}

/** A text in a language that its account does not write in. Quotations may be in any. */
export const wrongLanguage: Detector = ({ text, cut, variant }) => {
  if (variant.languages.length === 0) return []
  const words = cut.tokens.filter(({ quote }) => quote < 0)
  const found = languageOfWords(text, words)
  if (found === null || !found.sure || variant.languages.includes(found.language)) return []
  const [first, last] = [words[0], words.at(-1)]
  if (first === undefined || last === undefined) return []
  return [
    {
      ranges: [{ from: first.from, to: last.to }],
      params: { language: found.language, languages: variant.languages.join(', ') },
    },
  ]
}
