/** Enquiries of newspapers and stations, with the answers of the office. `{deadline}` is an hour of the day. */
export interface Enquiry {
  outlet: string
  reporter: string
  address: string
  language: 'en' | 'fr' | 'es'
}

export const newsrooms: Enquiry[] = [
  { outlet: 'The Aldane Courier', reporter: 'Hesper Stavering', address: 'h.stavering@aldane-courier.example', language: 'en' },
  { outlet: 'Merrovia Public Radio', reporter: 'Jorah Wexcombe', address: 'newsdesk@mpr.example', language: 'en' },
  { outlet: 'The Lamp', reporter: 'Verity Ashquay', address: 'verity.ashquay@thelamp.example', language: 'en' },
  { outlet: 'Le Fanal', reporter: 'Amaury Tressaleix', address: 'a.tressaleix@lefanal.example', language: 'fr' },
  { outlet: 'La Gaceta del Faro', reporter: 'Zoraida Peñalmar', address: 'zpenalmar@gacetadelfaro.example', language: 'es' },
]

export const enquiries: Record<'en' | 'fr' | 'es', { subjects: string[]; paragraphs: string[][]; replies: string[] }> = {
  en: {
    subjects: [
      'Press enquiry: {subject}',
      'URGENT – comment on {subject} by {deadline}',
      'Interview request: {subject}',
      'Fact check: {subject}',
    ],
    paragraphs: [
      [
        'I am working on a piece about {subject} for tomorrow’s edition and should like to have your response.',
        'We are running an item on {subject} in the programme at six. Would somebody be free to come on, live or recorded?',
        'I am checking the following before publication: that {subject} was raised with you in {month}, and that no answer was given before last week.',
      ],
      [
        'My deadline is {deadline} today.',
        'Two or three sentences by {deadline} would be ideal; I am on {phone} if it is easier to talk.',
        'If I have not heard by {deadline} I will say that you were asked.',
      ],
    ],
    replies: [
      'Thanks for asking. You can use this: “The people who depend on it should have the facts before a decision is made, and not after. I have asked for the figures to be published and I will ask again on Tuesday.” Happy to talk until seven.',
      'Thank you. For the record: the question was raised on the 3rd, answered in writing on the 19th, and both are on the Assembly’s site. Nothing further today.',
    ],
  },
  fr: {
    subjects: ['Demande d’interview : {subject}', 'Réaction avant {deadline} ? {subject}'],
    paragraphs: [
      [
        'Je prépare pour l’édition de demain un article sur {subject} et souhaiterais votre réaction.',
        'Nous consacrons notre page Région à {subject}. Quelques phrases de votre part seraient précieuses.',
      ],
      ['Bouclage à {deadline}.', 'Vous pouvez me joindre jusqu’à {deadline} au {phone}.'],
    ],
    replies: [
      'Merci. Vous pouvez citer : « Les habitants ont droit aux chiffres avant la décision, pas après. » Je reste joignable jusqu’à 19 h.',
    ],
  },
  es: {
    subjects: ['Consulta de prensa: {subject}', 'Declaraciones sobre {subject}, antes de las {deadline}'],
    paragraphs: [
      [
        'Preparo una información sobre {subject} y me gustaría contar con su valoración.',
        'Mañana abrimos con {subject}. ¿Tendría cinco minutos para una entrevista telefónica?',
      ],
      ['Cierro a las {deadline}.', 'Estoy hasta las {deadline} en el {phone}.'],
    ],
    replies: [
      'Gracias por preguntar. Puede citar esto: «Quienes dependen de ello tienen derecho a los datos antes de la decisión, no después».',
    ],
  },
}

export const pressSubjects: Record<'en' | 'fr' | 'es', string[]> = {
  en: [
    'the Brackwater maternity ward',
    'the second shipping lane',
    'the cost of the chamber’s new roof',
    'Members’ travel expenses',
    'the late ferry review',
    'the vote on rents',
    'the storm fund',
    'the Speaker’s trip to the isles',
    'empty seats in Question Time',
  ],
  fr: [
    'la maternité de Brackwater',
    'l’amendement 31',
    'la classe de Saint-Ervan',
    'les frais de déplacement des députés',
    'le chantier de la digue',
  ],
  es: [
    'la maternidad de Brackwater',
    'la subida de los alquileres',
    'los barcos de la tarde',
    'el fondo para el temporal',
    'los gastos de viaje de los diputados',
  ],
}
