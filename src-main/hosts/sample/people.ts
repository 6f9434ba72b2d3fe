import type { Random } from './random.ts'

/** Merrovia does not exist, nor does anybody in it. Addresses end in `.example`, which nobody can own (RFC 2606). */
export type Language = 'en' | 'fr' | 'es'

export interface Person {
  name: string
  address: string
  language: Language
  town: string
  street: string
}

export const names = {
  country: { en: 'Merrovia', fr: 'Merrovie', es: 'Merrovia' },
  assembly: {
    en: 'National Assembly of Merrovia',
    fr: 'Assemblée nationale de Merrovie',
    es: 'Asamblea Nacional de Merrovia',
  },
  member: 'Tamsin Ardoval',
  constituency: 'Port Aldane and the Tern Isles',
  party: 'Lantern Party',
} as const

const given: Record<Language, string[]> = {
  en: 'Odell Maren Corwin Tilda Perrin Isolde Halden Linnet Garrick Junia Osric Wynne Elsbet Brannoch Merrin Thaddeus Cressida Alaric Posy Rafferty Bettany Lowell Averil Doran Hesper Jorah Nerys Quill Sabeth Tobin Ursel Verity'.split(
    ' ',
  ),
  fr: 'Sidonie Anselme Maëlys Théobald Clothilde Basile Ysaline Aurélien Hermance Gaspard Éloïse Léandre Philippine Côme Séraphine Amaury Noémie Célestin Béatrix Gaël'.split(
    ' ',
  ),
  es: 'Casilda Leandro Ximena Baltasar Inés Fermín Jimena Evaristo Belén Gaspar Nuria Álvaro Rocío Íñigo Begoña Martín Zoraida Tomás Amparo Simón'.split(
    ' ',
  ),
}
const family: Record<Language, string[]> = {
  en: 'Quennick Fallowby Harrowmere Tidswick Brackenthorpe Oldershay Pellmarsh Wexcombe Larkhollow Drumsall Penhallick Stavering Thornaby-Voss Gullford Merriwick Ashquay Copperwhite Saltmarch Nettlecross Fenwright Hobsway Marlpit Ravensoke Tollivane'.split(
    ' ',
  ),
  fr: 'Merlevent Rivesault Lannebière Desroseaux Courtebise Vauxclair-Noé Bellerive-Aumont Pontfarcy Grévillard Ormesson-Lys Tressaleix Sauvebrise Moulinoir Château-Rieux Fontvaire Mirevoix'.split(
    ' ',
  ),
  es: 'Tavaresco Quesalver Brisaldo Cañaveda Orbañejo Lindarón Peñalmar Sotoluengo Villabruna Zarzamora Arrecifal Montesclaro Ribalaguna Salinero-Paz Torreguada Úrculo'.split(
    ' ',
  ),
}
const towns: Record<Language, string[]> = {
  en: ['Port Aldane', 'Brackwater', 'Tolmere', 'Lowen Cross', 'Hallowquay', 'Great Tern', 'Little Tern', 'Marsh End'],
  fr: ['Saint-Ervan', 'Vaux-le-Sel', 'Pont-Lisière', 'Port Aldane', 'Île-aux-Hérons'],
  es: ['Puerto Lindara', 'Villa del Faro', 'Salinas Bajas', 'Port Aldane', 'Punta Garza'],
}
const streets: Record<Language, string[]> = {
  en: [
    'Ropewalk Lane',
    'Chandler Street',
    'Old Lighthouse Road',
    'Kittiwake Terrace',
    'Saltpan Row',
    'Harbour Steps',
    'Mill Leat',
  ],
  fr: ['rue des Cordiers', 'quai des Brumes', 'allée du Phare', 'rue de la Saline', 'place du Vieux-Marché'],
  es: ['calle de las Redes', 'paseo del Faro', 'plaza de la Lonja', 'calle Salinera', 'cuesta del Molino'],
}
const mailHosts = ['post.example', 'inbox.example', 'courriel.example', 'correo.example', 'isles-net.example']

/** Somebody who writes to the office. */
export function somebody(random: Random, language: Language): Person {
  const name = `${random.pick(given[language])} ${random.pick(family[language])}`
  return {
    name,
    address: `${plain(name)}${random.chance(0.4) ? random.int(2, 98) : ''}@${random.pick(mailHosts)}`,
    language,
    town: random.pick(towns[language]),
    street: `${random.int(1, 140)} ${random.pick(streets[language])}`,
  }
}

/** A name as it stands before the `@`: `Éloïse Château-Rieux` is `eloise.chateau-rieux`. */
export function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z-]+/g, '.')
}
