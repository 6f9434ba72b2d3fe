import type { Topic } from './topic.ts'

/** Letters to the Assembly itself, answered impartially. */
export const institutionTopics: Record<'en' | 'fr' | 'es', Topic[]> = {
  en: [
    {
      subjects: ['School visit for {count} pupils', 'Guided tour in {month}?', 'Visit request: class from {town}'],
      paragraphs: [
        [
          'I teach civics in {town} and should like to bring {count} pupils, aged {youngAge}, to the Assembly in {month}.',
          'Our history society ({count} members, some with sticks) would love to see the old chamber.',
        ],
        [
          'Two of them use wheelchairs. Is the public gallery accessible?',
          'Is it possible to see a sitting, and may the children ask questions?',
        ],
        ['We come by the morning boat and could be with you at half past ten.', 'Any {weekday} would do.'],
      ],
      replies: [
        'Thank you for your interest in visiting the National Assembly. We have reserved Thursday at 10.45 for your group. The tour takes an hour; the gallery is reached by lift and has room for four wheelchairs. Please send us the names of the accompanying adults a week before.\n\nChildren are welcome to ask anything. Our guides have been asked worse.',
        'Thank you for writing. On the day that you suggest the Assembly is not sitting, so that your group may stand in the chamber itself, which we think is better. The request has the number {ref}.',
      ],
      thanks: [
        'Thursday is perfect. The list of adults is below.',
        'The children have not stopped talking about the mace. Thank you!',
      ],
    },
    {
      subjects: [
        'Transcript of the debate of {day} {month}',
        'Where can I find the vote on the fisheries bill?',
        'Question about the record',
      ],
      paragraphs: [
        [
          'I am looking for the transcript of the debate on the fisheries bill in {month}. The search on your site finds the vote but not the speeches.',
          'I am writing a thesis on the Assembly between the two reforms and cannot find the committee minutes before that year.',
        ],
        [
          'Could you tell me whether the corrections that Members make are published too?',
          'Are the recordings kept, and may they be quoted?',
        ],
      ],
      replies: [
        'Thank you for your question. The transcript is published three working days after a sitting; corrections are marked in the margin and both versions stay available. The debate that you are looking for is in volume 214, from column 1180.',
        'The committee minutes of those years have been scanned but are not yet searchable. The library will gladly look up single names or dates for you: please quote {ref}.',
      ],
      thanks: ['Found it, thank you. Column 1186 is worth the whole thesis.', 'That is very kind. I shall write to the library.'],
    },
    {
      subjects: ['Freedom of information request', 'Request for documents under the Openness Act', 'FOI: catering contract'],
      paragraphs: [
        [
          'Under the Openness Act I request the catering contract of the Assembly and the sums paid under it in the last two years.',
          'Please send me all correspondence between the Bureau and the company that supplies the voting system since {month}.',
        ],
        [
          'I would prefer electronic copies. If a part must be withheld, please say which and why.',
          'If this would take more than the free limit, kindly tell me how to narrow it.',
        ],
      ],
      replies: [
        'We confirm that your request was received today and has the number {ref}. The law gives us twenty working days; the answer will name every document, including those that we may not release, with the reason. You will not be charged.',
      ],
      thanks: ['Thank you for the confirmation.', 'Twenty-one working days. May I ask where it stands?'],
      enclosure: 'form',
    },
    {
      subjects: ['Petition {ref}: what happens now?', 'How to submit a petition', 'Signatures for the petition on sign language'],
      paragraphs: [
        [
          'We have collected {count}00 signatures for the recognition of sign language. What is the next step?',
          'My petition {ref} has been “admissible” for {weeks} weeks. What happens now?',
        ],
        [
          'Some of our supporters cannot use the online form. May they sign on paper?',
          'Will there be a hearing, and will it be interpreted?',
        ],
      ],
      replies: [
        'Paper signatures count like any others; please use the sheet attached. When the petition passes the threshold, the committee must consider it in public within eight weeks, and hearings are interpreted on request.',
      ],
      thanks: ['Eleven sheets are on their way to you by post.', 'Thank you. We should like to request an interpreter.'],
    },
  ],
  fr: [
    {
      subjects: ['Visite de groupe en {month}', 'Assister à une séance', 'Journée portes ouvertes'],
      paragraphs: [
        [
          'Je souhaite organiser pour {count} personnes une visite de l’Assemblée en {month}, si possible en français.',
          'Est-il possible d’assister à une séance sans invitation d’un député ?',
        ],
        ['Nous venons de {town} par le train de neuf heures.', 'Y a-t-il un vestiaire pour les poussettes ?'],
      ],
      replies: [
        'Merci de votre message. Les séances sont publiques : il suffit de se présenter à l’accueil avec une pièce d’identité, dans la limite des places. Pour un groupe, nous vous proposons le mardi à 14 h, avec une guide francophone. Votre demande porte le numéro {ref}.',
      ],
      thanks: ['C’est parfait, nous serons là mardi.', 'Merci pour cette visite : la guide était remarquable.'],
    },
    {
      subjects: [
        'Traduction du projet de loi sur le littoral',
        'Version française du compte rendu',
        'Erreur dans la version française',
      ],
      paragraphs: [
        [
          'L’article 7 du projet de loi sur le littoral dit en anglais « shall » et en français « peut ». Lequel fait foi ?',
          'La version française du compte rendu du {day} n’est toujours pas en ligne.',
        ],
        ['Je suis notaire et la différence n’est pas mince.', 'Pourriez-vous m’indiquer le délai habituel ?'],
      ],
      replies: [
        'Merci de votre vigilance. Les trois versions font également foi, et vous avez raison : il s’agit d’une erreur de traduction. Un rectificatif sera publié cette semaine sous le numéro {ref}.',
      ],
      thanks: ['Le rectificatif est paru. Merci de votre célérité.', 'Merci de cette réponse précise.'],
    },
  ],
  es: [
    {
      subjects: ['Visita con alumnos de {town}', 'Pregunta sobre el pleno del {day}', 'Servicio de intérpretes'],
      paragraphs: [
        [
          'Somos un instituto de {town} y queremos visitar la Asamblea con {count} alumnos en {month}.',
          '¿Se puede seguir el pleno en español por internet? El canal solo me da inglés.',
        ],
        [
          'Los alumnos han preparado una moción sobre los barcos y les haría ilusión entregarla.',
          'Gracias por el trabajo que hacen; las transcripciones me sirven para mis clases.',
        ],
      ],
      replies: [
        'Gracias por su mensaje. Les hemos reservado el miércoles a las once, con visita en español; la moción pueden entregarla en el Registro, que les dará un número. La solicitud es la {ref}.',
        'El pleno se transmite en los tres idiomas: en el reproductor, el botón de la bandera. Hemos añadido una nota para que se vea mejor.',
      ],
      thanks: ['¡Allí estaremos! Llevamos {count} alumnos y un nervioso profesor.', 'Encontrado, muchas gracias.'],
    },
    {
      subjects: ['Datos abiertos de votaciones', 'Solicitud de información {ref}', 'Descarga de los presupuestos'],
      paragraphs: [
        [
          'Hago un análisis de las votaciones y el archivo de {month} no se puede descargar.',
          'Solicito el detalle del presupuesto de publicidad institucional de los dos últimos años.',
        ],
        ['En los demás meses no hay ningún problema.', 'Prefiero recibirlo en formato abierto.'],
      ],
      replies: [
        'Gracias por avisar: el archivo estaba dañado y ya está sustituido. Su mensaje quedó registrado con el número {ref}.',
      ],
      thanks: ['Ahora funciona. Gracias.', 'Recibido, muy amables.'],
    },
  ],
}
