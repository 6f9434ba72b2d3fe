import { Automaton } from './automaton.ts'
import { type Node, parsePattern } from './pattern.ts'
import type { Cut, Token } from './tokens.ts'

/**
 * What stands around words and changes what they are: somebody who is quoted or reported, and titles. Told by words of each language, in
 * the pattern language of packs.
 */
interface Words {
  /** Somebody else says it. */
  reported: string[]
  /** Words that a title begins with (`projet de loi ...`) and runs on to the end of the part. */
  titleBegins: string[]
  /** Words that a title ends with (`... Bill`): capital letters before it belong to it. */
  titleEnds: string[]
}

const words: Record<string, Words> = {
  en: {
    reported: [
      'according to',
      '(said|says|told|tells|stated|states|argued|argues|claimed|claims|described|describes|called|replied|replies|asked|asks|explained|explains|announced|announces|warned|warns|added|adds|insisted|noted|notes|concluded|concludes|recommended|recommends|estimates|estimated|reports|reported|testified|questioned|denied|denies|urged|accused)',
      '(report|committee|inquiry|briefing|audit|commission|commissioner|court|witness~|government|department|minister|member~) _2 (finds|found|says|sets out|shows|put|puts|suggests)',
      '(debate~|debated|heard|hears|hear|examine~|examines|discuss~|questions|statement) _2 (claim~|criticism|concerns|evidence|allegation~|whether|about|on)',
      '(whether|withdrew the word|in a written answer|court records|motion (calls|called))',
      'members called on',
      '(committee|witness~|member~|peer~|mps|government|minister~) (recommends|recommended|concludes|asks|asked|calls for evidence|urged|urges)',
    ],
    titleBegins: ['(play|book|film|exhibition|lecture|podcast|talk)'],
    titleEnds: [
      '(bill|act|order|regulations|committee|inquiry|debate|report|paper|lecture|exhibition|motion|treaty|day|week|office|commission|court)',
    ],
  },
  fr: {
    reported: [
      '(selon|d’après)',
      '(dit|disent|a dit|déclare|déclaré|affirme|affirment|affirmé|indique|indiquent|indiqué|estime|estimé|explique|expliqué|ajoute|ajouté|souligne|souligné|annonce|annoncé|qualifie|qualifié|jugé|parlé|répond|répondu|conclut|recommande|recommandé|évoque|évoqué|conteste|déclarent|ont déclaré|demandé si|demande si|entendu|entend|traités|reproché|dénoncé)',
      '(rapport|commission|cour|témoins|gouvernement|ministère|ministre|tribunal|note) (indique|conclut|estime|affirme|présente|évoque|constate|relève)',
      '(débat~|débattu|débattent|examine|étudie|audition) _3 (critiques|accusations|inquiétudes)',
      'députés ont (appelé|demandé)',
      '(a retiré le mot|réponse écrite|par le tribunal)',
    ],
    titleBegins: [
      '(projet|proposition) de loi',
      'loi (de|du|des|sur|relative|visant|pour|contre|portant)',
      'titre de',
      '(pièce|livre|film|exposition|conférence|podcast|règlement|arrêté|commission|délégation)',
    ],
    titleEnds: [],
  },
  es: {
    reported: [
      '(según|de acuerdo con)',
      '(dijo|dijeron|dice|dicen|declaró|declara|afirma|afirmó|afirman|señala|señaló|indica|indicó|estima|estimó|explica|explicó|añadió|subrayó|anunció|anuncia|calificó|llamó|llamaron|habló|respondió|concluye|concluyó|recomienda|recomendó|informa|niega|negó|discreparon|preguntaron si|pregunta si|contaron|oyó|oye|acusó|denunció)',
      '(informe|comisión|tribunal|testigos|gobierno|ministerio|ministro|ministra|nota) (señala|concluye|estima|afirma|reúne|habla|indica|constata)',
      '(debat~|debatieron|estudia|comparecencia) _3 (críticas|acusaciones|preocupaciones)',
      'diputados instaron',
      '(retiró la palabra|respuesta escrita|sentencia)',
    ],
    titleBegins: [
      '(proyecto|proposición) de ley',
      'ley (de|del|sobre|contra|para|orgánica|integral|relativa)',
      'título de',
      '(obra|libro|película|exposición|conferencia|pódcast|reglamento|orden|comisión)',
    ],
    titleEnds: [],
  },
}

const slots = { reported: 0, begins: 1, ends: 2 } as const
const none = () => undefined

function compile(language: string): Automaton {
  const made = new Automaton(language)
  const add = (patterns: readonly string[], slot: number) => {
    for (const pattern of patterns) made.add(parsePattern(pattern, none) satisfies Node, slot)
  }
  const { reported, titleBegins, titleEnds } = words[language] ?? { reported: [], titleBegins: [], titleEnds: [] }
  add(reported, slots.reported)
  add(titleBegins, slots.begins)
  add(titleEnds, slots.ends)
  return made
}

const compiled = new Map<string, Automaton>()

/** What stands around the words of a text. */
export interface Surroundings {
  /** Whether somebody else is named as saying a sentence. */
  reported: readonly boolean[]
  /** For each word: whether it stands in a title. */
  title: readonly boolean[]
}

/** A stretch of words of one sentence and its language. */
export interface Stretch {
  begin: number
  end: number
  sentence: number
  languages: readonly string[]
}

export function surroundingsOf(
  { tokens, sentences }: Cut,
  stretches: readonly Stretch[],
  steps: { count: number },
): Surroundings {
  const reported = new Array<boolean>(sentences).fill(false)
  const title = new Array<boolean>(tokens.length).fill(false)
  for (const { begin, end, sentence, languages } of stretches) {
    for (const language of languages) {
      if (words[language] === undefined) continue
      const automaton = compiled.get(language) ?? compile(language)
      compiled.set(language, automaton)
      for (const { slot, first, last } of automaton.run(tokens, begin, end, steps)) {
        if (slot === slots.reported) reported[sentence] = true
        else if (slot === slots.begins) forward(tokens, title, first, end)
        else backward(tokens, title, last, begin)
      }
    }
  }
  return { reported, title }
}

/** The most words that a title has. */
const LONGEST_TITLE = 30

function forward(tokens: readonly Token[], title: boolean[], first: number, end: number): void {
  for (let at = first; at < Math.min(end, first + LONGEST_TITLE); at++) {
    if (at > first && tokens[at]?.opens && tokens[at]?.quote === tokens[first]?.quote) break
    title[at] = true
  }
}

const small = new Set('of and the on in for to a an amendment no'.split(' '))

/** Capital letters, and small words between them, up to the word that ends the title. */
function backward(tokens: readonly Token[], title: boolean[], last: number, begin: number): void {
  if (!tokens[last]?.capital) return
  title[last] = true
  for (let at = last - 1; at >= Math.max(begin, last - LONGEST_TITLE); at--) {
    const here = tokens[at]
    if (here === undefined || !(here.capital || small.has(here.forms[0] ?? ''))) break
    title[at] = true
  }
}
