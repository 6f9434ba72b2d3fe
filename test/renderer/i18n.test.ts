import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createIntl } from 'react-intl'
import { describe, expect, it } from 'vitest'
import ar from '#renderer/i18n/ar/index.ts'
import type { Catalog } from '#renderer/i18n/catalog.ts'
import en from '#renderer/i18n/en/index.ts'
import es from '#renderer/i18n/es/index.ts'
import fr from '#renderer/i18n/fr/index.ts'
import { chooseTongue, directionOf, languageNames, languages } from '#renderer/i18n/languages.ts'
import { problems } from '#shared/model/index.ts'

const catalogs: Record<string, Catalog> = { en, fr, es, ar }
const renderer = join(import.meta.dirname, '..', '..', 'src-renderer')
const counts = [0, 1, 2, 3, 11, 100]

/** Names of the values that a text asks for, in the plain and plural forms that the catalogs use. */
function placeholders(text: string): string[] {
  const names = new Set<string>()
  const read = (part: string) => {
    for (const inner of braces(part)) {
      const plural = /^(\w+), plural,(.*)$/s.exec(inner)
      names.add(plural?.[1] ?? inner)
      for (const branch of braces(plural?.[2] ?? '')) read(branch)
    }
  }
  read(text)
  return [...names].sort()
}

/** What stands between each outermost pair of braces. */
function braces(text: string): string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{' && depth++ === 0) start = i + 1
    else if (text[i] === '}' && --depth === 0) found.push(text.slice(start, i))
  }
  return found
}

/** What goes wrong when a text is used, with every kind of count. */
function faults(language: string, text: string): unknown[] {
  const found: unknown[] = []
  const intl = createIntl({ locale: language, messages: { text }, onError: (error) => found.push(error) })
  const values = Object.fromEntries(placeholders(text).map((name) => [name, 'x']))
  for (const count of counts) intl.formatMessage({ id: 'text' }, 'count' in values ? { ...values, count } : values)
  return found
}

async function sources(dir: string): Promise<{ path: string; text: string }[]> {
  const names = await readdir(dir, { recursive: true })
  const files = names.filter((name) => /\.tsx?$/.test(name))
  return Promise.all(files.map(async (path) => ({ path, text: await readFile(join(dir, path), 'utf8') })))
}

describe('the words of the interface', () => {
  it.each(languages.filter((language) => language !== 'en'))('are all there in %s, and no others', (language) => {
    expect(Object.keys(catalogs[language] ?? {}).sort()).toEqual(Object.keys(en).sort())
  })

  it.each(languages)('are well formed and ask for the same values in %s', (language) => {
    for (const [key, text] of Object.entries(catalogs[language] ?? {})) {
      expect(text.trim(), key).not.toBe('')
      expect([key, placeholders(text)]).toEqual([key, placeholders(en[key as keyof typeof en])])
      expect(faults(language, text)).toEqual([])
    }
  })

  it.each(languages)('name every plural that %s has', (language) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    // French and Spanish say "many" only for millions; lists and counts of this program have no such texts.
    const needed = categories.filter((category) => category !== 'many' || language === 'ar')
    for (const [key, text] of Object.entries(catalogs[language] ?? {})) {
      if (!text.includes(', plural,')) continue
      for (const category of needed) {
        if (category === 'zero' && text.includes('=0 {')) continue
        expect(text, key).toMatch(new RegExp(`\\b${category} \\{`))
      }
    }
  })

  it('are translated: no sentence is the same in two languages', () => {
    for (const language of ['fr', 'es', 'ar']) {
      const same = Object.entries(catalogs[language] ?? {}).filter(
        ([key, text]) => text.split(' ').length > 3 && !text.includes(', plural,') && text === en[key as keyof typeof en],
      )
      expect(same).toEqual([])
    }
  })

  it.each(languages)('have a sentence for every problem in %s', (language) => {
    for (const code of Object.keys(problems)) expect(catalogs[language]).toHaveProperty([`error.${code}`])
  })

  it('are all used', async () => {
    const code = (await sources(renderer)).filter(({ path }) => !path.startsWith('i18n')).map(({ text }) => text)
    const joined = code.join('\n')
    const made = [...joined.matchAll(/`([a-z][a-zA-Z.]*\.)\$\{/g)].map((match) => match[1] ?? '')
    const unused = Object.keys(en).filter(
      (key) =>
        !key.startsWith('error.') &&
        !key.startsWith('menu.') &&
        !joined.includes(`'${key}'`) &&
        !made.some((start) => key.startsWith(start)),
    )
    expect(unused).toEqual([])
  })

  it('are not in the code', async () => {
    const found: string[] = []
    for (const { path, text } of await sources(renderer)) {
      if (!path.endsWith('.tsx')) continue
      const plain = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      for (const match of plain.matchAll(/>\s*([A-Za-z][a-z]+(?: [a-z]+)*[.…!?]?)\s*<\//g)) found.push(`${path}: ${match[1]}`)
      for (const match of plain.matchAll(/(?:aria-label|title|placeholder|label|alt)="([^"]*[a-z]{3}[^"]*)"/g))
        found.push(`${path}: ${match[1]}`)
    }
    expect(found).toEqual([])
  })
})

describe('the choice of a language', () => {
  it('is the one chosen, with the region of the person', () => {
    expect(chooseTongue('fr', ['en-GB', 'fr-CH'])).toEqual({ language: 'fr', locale: 'fr-CH' })
    expect(chooseTongue('ar', ['en-GB'])).toEqual({ language: 'ar', locale: 'ar' })
  })
  it('is else the first of the person’s own that there is', () => {
    expect(chooseTongue('system', ['de-DE', 'es-MX', 'fr'])).toEqual({ language: 'es', locale: 'es-MX' })
    expect(chooseTongue('nonsense', ['ar-EG'])).toEqual({ language: 'ar', locale: 'ar-EG' })
  })
  it('is else English', () => {
    expect(chooseTongue('system', ['de-DE'])).toEqual({ language: 'en', locale: 'en' })
    expect(chooseTongue('', [])).toEqual({ language: 'en', locale: 'en' })
  })
  it('knows each language’s name and direction', () => {
    expect(languages.map((language) => languageNames[language]).every(Boolean)).toBe(true)
    expect(languages.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar'])
  })
})
