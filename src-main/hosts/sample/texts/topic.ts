/** What one kind of letter says. Every list is a choice; `{name}`s are filled in for each letter. */
export interface Topic {
  subjects: string[]
  /** One entry for each paragraph: its wordings. */
  paragraphs: string[][]
  /** The office's answer. */
  replies: string[]
  /** What comes back after the answer. */
  thanks: string[]
  enclosure?: 'damp' | 'seaside' | 'form'
}

/** How letters in a language begin and end. */
export interface Manners {
  greetings: string[]
  closings: string[]
  replyGreeting: string
  replyClosing: string
  wrote: string
}

export const manners: Record<'en' | 'fr' | 'es', Manners> = {
  en: {
    greetings: ['Dear Ms Ardoval,', 'Dear Tamsin,', 'Hello,', 'To whom it may concern,', 'Good morning,', 'Dear Member,'],
    closings: ['Yours sincerely,', 'Kind regards,', 'Many thanks,', 'With best wishes,', 'Thank you in advance,'],
    replyGreeting: 'Dear {first},',
    replyClosing: 'With kind regards,',
    wrote: 'On {date}, {name} wrote:',
  },
  fr: {
    greetings: ['Madame la Députée,', 'Bonjour Madame,', 'Madame,', 'Chère Madame Ardoval,', 'Bonjour,'],
    closings: [
      'Veuillez agréer mes salutations distinguées,',
      'Bien cordialement,',
      'Merci d’avance,',
      'Avec mes remerciements,',
    ],
    replyGreeting: 'Bonjour {first},',
    replyClosing: 'Bien cordialement,',
    wrote: 'Le {date}, {name} a écrit :',
  },
  es: {
    greetings: ['Estimada señora Ardoval:', 'Estimada diputada:', 'Buenos días:', 'Hola:', 'A quien corresponda:'],
    closings: ['Atentamente,', 'Un cordial saludo,', 'Muchas gracias de antemano,', 'Reciba un saludo,'],
    replyGreeting: 'Hola, {first}:',
    replyClosing: 'Un cordial saludo,',
    wrote: 'El {date}, {name} escribió:',
  },
}
