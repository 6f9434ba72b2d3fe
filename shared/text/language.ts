/** Words that make up much of any text in a language and of few others; folded. */
const functionWords: Record<string, string> = {
  en: 'the of and to in is you that it for on with as this be have at from or we will your an by not can our but if was are please has they about which would them what there their been who when were more',
  fr: 'de a le la les des et en un une du que est pour qui dans par plus pas au sur ne se ce il sont avec son aux vous nous mais comme ou leur cette bien fait ses ete ces votre je mes nos elle etre avons',
  es: 'de se el la los las del y en que es un una por con no su para al lo como mas pero sus le ha me si sin sobre este entre cuando esta ser son tambien fue muy hasta desde usted nos todo hay',
  de: 'der die das und ist nicht ein eine zu den von mit sich auf fur im dem des wir sie ich auch es an werden aus er hat dass bei nach sind wird einer um noch wie',
  it: 'se il di che la e un una per non con del della sono gli le dei si nel alla piu come anche questo questa da ho ha lo ma al delle',
  pt: 'o a os as de do da em que e um uma para com nao por mais dos das no na se foi ao ser tem mas como sua seu pelo pela nos sao',
  nl: 'de het een en van ik te dat die in is niet zijn op met voor er maar aan om ook als bij door uit naar dan nog werd wij kan',
  ca: 'se el la els les de del i que en un una per amb no es al dels mes com pero son aquest aquesta ha seva seu tambe hi',
}

const languages = Object.keys(functionWords)
/** For each function word, the languages that have it, as bits. */
const known = new Map<string, number>()
languages.forEach((language, at) => {
  for (const word of new Set(functionWords[language]?.split(' '))) known.set(word, (known.get(word) ?? 0) | (1 << at))
})
const longestKnown = Math.max(...[...known.keys()].map(({ length }) => length))

/** Scripts that say the language, or nearly: where several are written in one, letters that only one of them has decide. */
const scripts: { ranges: [number, number][]; language: (text: string) => string }[] = [
  {
    ranges: [[0x600, 0x6ff]],
    language: (text) => (/[\u0679\u0688\u0691\u06D2]/.test(text) ? 'ur' : /[\u067E\u0686\u0698\u06AF]/.test(text) ? 'fa' : 'ar'),
  },
  { ranges: [[0x400, 0x4ff]], language: (text) => (/[\u0456\u0457\u0454\u0491]/.test(text) ? 'uk' : 'ru') },
  { ranges: [[0x370, 0x3ff]], language: () => 'el' },
  { ranges: [[0x590, 0x5ff]], language: () => 'he' },
  {
    ranges: [
      [0x3040, 0x30ff],
      [0x4e00, 0x9fff],
    ],
    language: (text) => (/[\u3040-\u30FF]/.test(text) ? 'ja' : 'zh'),
  },
  { ranges: [[0xac00, 0xd7af]], language: () => 'ko' },
  { ranges: [[0xe00, 0xe7f]], language: () => 'th' },
  { ranges: [[0x900, 0x97f]], language: () => 'hi' },
  { ranges: [[0x530, 0x58f]], language: () => 'hy' },
  { ranges: [[0x10a0, 0x10ff]], language: () => 'ka' },
]

/** Words that are looked at: enough to tell, and quick on a book. */
const lookedAt = 300
/** Characters that are looked at for their script. */
const startLength = 4000
/** Letters of the scripts above; signs and emoji are in texts of all languages. */
const otherScript = /[\u0370-\u1FFF\u3040-\uD7FF]/

/**
 * The language of a text, ISO 639-1; null where too little speaks for one. By its script, or by the function words in it.
 * @param tokens Its words, folded.
 */
export function languageOf(text: string, tokens: readonly string[]): string | null {
  const byScript = beyond(text)
  if (byScript !== null) return byScript
  const scores = scoresOf(tokens)
  // Of two that are as likely, the one that stands first above.
  let best = 0
  for (let language = 1; language < scores.length; language++) if ((scores[language] ?? 0) > (scores[best] ?? 0)) best = language
  const top = scores[best] ?? 0
  return top < 3 ? null : (languages[best] ?? null)
}

/** Languages that something speaks for, the likeliest first, with how much; a script that says it counts for more than any words. */
export function functionWordsOf(text: string, tokens: readonly string[]): { language: string; score: number }[] {
  const byScript = beyond(text)
  if (byScript !== null) return [{ language: byScript, score: Number.MAX_SAFE_INTEGER }]
  return scoresOf(tokens)
    .map((score, at) => ({ language: languages[at] ?? '', score }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
}

function beyond(text: string): string | null {
  const start = text.slice(0, startLength)
  return otherScript.test(start) ? scriptLanguage(start) : null
}

function scoresOf(tokens: readonly string[]): number[] {
  const scores = new Array<number>(languages.length).fill(0)
  const end = Math.min(tokens.length, lookedAt)
  for (let at = 0; at < end; at++) {
    const token = tokens[at] as string
    const bits = token.length > longestKnown ? undefined : known.get(token)
    if (bits === undefined) continue
    // A word of one language says more than one of several.
    const weight = (bits & (bits - 1)) === 0 ? 3 : 1
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const language = 31 - Math.clz32(rest & -rest)
      scores[language] = (scores[language] ?? 0) + weight
    }
  }
  return scores
}

/** The script that most letters of a text are of. */
function scriptLanguage(text: string): string | null {
  const letters = text.match(/\p{L}/gu) ?? []
  const counts = scripts.map(() => 0)
  for (const letter of letters) {
    const code = letter.charCodeAt(0)
    if (code < 0x370) continue
    const script = scripts.findIndex(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last))
    if (script >= 0) counts[script] = (counts[script] ?? 0) + 1
  }
  const script = counts.findIndex((found) => found * 2 > letters.length)
  return scripts[script]?.language(text) ?? null
}
