import type { Party } from '#shared/model/index.ts'
import { limits } from '../limits.ts'
import { cleanLine, decodeHeader } from './header.ts'

/** Addresses of one field, and whether some were left out for the limit. */
export interface Addresses {
  parties: Party[]
  damaged: boolean
}

const plain = /^(?:"([^"\\<>]*)" ?|([^"(),:;<>@\\[\]]*))<([^\s<>"(),:;]+)>$/
const bare = /^[^\s<>"(),:;]+@[^\s<>"(),:;]+$/

/**
 * Reads an address list (RFC 5322 section 3.4) in one pass, whatever its state: quoted names, comments, groups (their
 * members are kept, their name is not), semicolons for commas, missing brackets.
 */
export function readAddresses(field: string | undefined): Addresses {
  if (field === undefined || field === '') return { parties: [], damaged: false }
  const simple = field.length > limits.line ? null : plain.exec(field)
  if (simple !== null) return { parties: [party(simple[1] ?? simple[2] ?? '', simple[3] as string)], damaged: false }
  if (bare.test(field)) return { parties: [party('', field)], damaged: false }
  const parties: Party[] = []
  let name = ''
  let comment = ''
  let address: string | null = null
  const end = () => {
    const words = name.trim()
    if (address !== null) parties.push(party(words === '' ? comment : words, address))
    else if (words !== '') parties.push(loose(words, comment))
    name = ''
    comment = ''
    address = null
  }
  for (let i = 0; i < field.length; i++) {
    if (parties.length >= limits.addresses) return { parties, damaged: true }
    const c = field[i]
    if (c === '"') {
      const close = closing(field, i + 1, '"')
      name += field.slice(i + 1, close).replace(/\\(.)/gs, '$1')
      i = close
    } else if (c === '(') {
      const close = closing(field, i + 1, ')')
      if (comment === '') comment = field.slice(i + 1, close)
      i = close
    } else if (c === '<') {
      const close = field.indexOf('>', i + 1)
      const stop = close === -1 ? field.length : close
      if (address === null) address = field.slice(i + 1, stop).trim()
      i = stop
    } else if (c === ',' || c === ';') end()
    else if (c === ':' && address === null && !name.includes('@')) name = ''
    else name += c
  }
  end()
  return { parties, damaged: false }
}

function closing(field: string, from: number, mark: string): number {
  for (let i = from; i < field.length; i++) {
    if (field[i] === '\\') i++
    else if (field[i] === mark) return i
  }
  return field.length
}

/** No angle brackets: an address with words around it, or words alone. */
function loose(words: string, comment: string): Party {
  const parts = words.split(/\s+/)
  const at = parts.findIndex((part) => part.includes('@'))
  if (at === -1) return party(words, '')
  const address = parts[at] as string
  return party(parts.length === 1 ? comment : parts.filter((_, index) => index !== at).join(' '), address)
}

function party(name: string, address: string): Party {
  const handle = cleanLine(decodeHeader(address)).replace(/^mailto:/i, '')
  const shown = cleanLine(decodeHeader(name))
  return { name: shown === handle ? '' : shown, handle }
}
