import type { Catalog } from './catalog.ts'

/** Languages with a whole catalog. */
export const languages = ['en', 'fr', 'es', 'ar'] as const
export type Language = (typeof languages)[number]

/** Each language's name in itself. */
export const languageNames: Record<Language, string> = { en: 'English', fr: 'Français', es: 'Español', ar: 'العربية' }

const load: Record<Language, () => Promise<{ default: Catalog }>> = {
  en: () => import('./en/index.ts'),
  fr: () => import('./fr/index.ts'),
  es: () => import('./es/index.ts'),
  ar: () => import('./ar/index.ts'),
}

export async function loadCatalog(language: Language): Promise<Catalog> {
  return (await load[language]()).default
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

export interface Tongue {
  /** Which catalog. */
  language: Language
  /** For dates and numbers: the person's own region where the language is the same. */
  locale: string
}

/** The language to show: the one chosen, else the first of the person's languages that there is, else English. */
export function chooseTongue(chosen: string, preferred: readonly string[]): Tongue {
  const known = (tag: string): Language | undefined => languages.find((language) => language === tag.toLowerCase().split('-')[0])
  const picked = known(chosen)
  const match = preferred.find((tag) => (picked ? known(tag) === picked : known(tag) !== undefined))
  const language = picked ?? (match === undefined ? undefined : known(match)) ?? 'en'
  return { language, locale: match ?? language }
}
