import { type PackFault, type ReadPack, readPack } from '../pack.ts'
import attribution from './attribution.json' with { type: 'json' }
import confidential from './confidential.json' with { type: 'json' }
import defamation from './defamation.json' with { type: 'json' }
import electoral from './electoral.json' with { type: 'json' }
import firstPerson from './first-person.json' with { type: 'json' }
import form from './form.json' with { type: 'json' }
import hostile from './hostile.json' with { type: 'json' }
import leftovers from './leftovers.json' with { type: 'json' }
import links from './links.json' with { type: 'json' }
import loaded from './loaded.json' with { type: 'json' }
import lobbying from './lobbying.json' with { type: 'json' }
import onesided from './onesided.json' with { type: 'json' }
import partisan from './partisan.json' with { type: 'json' }
import personalData from './personal-data.json' with { type: 'json' }

/** A pack may name the lists of those before it. */
const all: readonly unknown[] = [
  partisan,
  electoral,
  onesided,
  loaded,
  attribution,
  lobbying,
  firstPerson,
  personalData,
  confidential,
  hostile,
  defamation,
  leftovers,
  links,
  form,
]

let read: readonly ReadPack[] | undefined

/** The packs that come with the program. */
export function builtInPacks(): readonly ReadPack[] {
  if (read !== undefined) return read
  const packs: ReadPack[] = []
  for (const value of all) {
    const found = readPack(value, 'built in', packs)
    if (isRefused(found)) throw new Error(found.map(({ place, detail }) => `${place}: ${detail}`).join('\n'))
    packs.push(found)
  }
  read = packs
  return packs
}

function isRefused(found: ReadPack | PackFault[]): found is PackFault[] {
  return Array.isArray(found)
}
