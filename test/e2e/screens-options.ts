import { parseArgs } from 'node:util'

export const languages = ['en', 'fr', 'es', 'ar'] as const
export const schemes = ['light', 'dark'] as const

/** How the window looks in one picture. */
export interface Look {
  language: (typeof languages)[number]
  scheme: (typeof schemes)[number]
  /** The system's own few colours instead of the program's. */
  forced: boolean
  /** 1 is the usual size. */
  zoom: number
  /** Size of the window's page in pixels; null for the usual one. */
  size: { width: number; height: number } | null
}

export interface Wanted {
  /** Names of screens; all when empty. */
  names: string[]
  looks: Look[]
}

/**
 * Reads `[NAME...] [--language en,fr,es,ar] [--scheme light,dark] [--forced] [--zoom 2] [--size 640x900]`.
 * @throws Error for anything else.
 */
export function readOptions(args: string[]): Wanted {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      language: { type: 'string', default: 'en' },
      scheme: { type: 'string', default: 'light,dark' },
      forced: { type: 'boolean', default: false },
      zoom: { type: 'string', default: '1' },
      size: { type: 'string' },
    },
  })
  const zoom = Number(values.zoom)
  if (!(zoom >= 0.5 && zoom <= 4)) throw new Error('--zoom takes a number from 0.5 to 4.')
  const size = values.size === undefined ? null : /^(\d{3,4})x(\d{3,4})$/.exec(values.size)
  if (values.size !== undefined && !size) throw new Error('--size takes WIDTHxHEIGHT, such as 640x900.')
  return {
    names: positionals,
    looks: pick('--language', values.language, languages).flatMap((language) =>
      pick('--scheme', values.scheme, schemes).map((scheme) => ({
        language,
        scheme,
        forced: values.forced,
        zoom,
        size: size ? { width: Number(size[1]), height: Number(size[2]) } : null,
      })),
    ),
  }
}

/** What a picture's name says of its look, such as `ar-dark-zoom2`. */
export function lookName({ language, scheme, forced, zoom, size }: Look): string {
  const parts = [language === 'en' ? '' : language, scheme, forced ? 'forced' : '', zoom === 1 ? '' : `zoom${zoom}`]
  return [...parts, size ? `${size.width}x${size.height}` : ''].filter((part) => part !== '').join('-')
}

function pick<Value extends string>(option: string, text: string, known: readonly Value[]): Value[] {
  return text.split(',').map((word) => {
    const found = known.find((value) => value === word)
    if (found === undefined) throw new Error(`${option} takes ${known.join(', ')}, separated by commas.`)
    return found
  })
}
