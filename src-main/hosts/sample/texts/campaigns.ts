/** A campaign: one text that many people send, most of them unchanged, with a paragraph of their own here and there. */
export interface Campaign {
  key: string
  language: 'en' | 'fr' | 'es'
  /** Letters by days before now: from, until. */
  days: [number, number]
  count: number
  subjects: string[]
  /** The shared text by paragraphs; a paragraph with several wordings was offered so by the campaign's page. */
  paragraphs: string[][]
  /** What some people write in between, in their own words. */
  own: string[]
  /** Real emergencies hidden in it. Each is used once. */
  cries: string[]
}

export const campaigns: Campaign[] = [
  {
    key: 'ward',
    language: 'en',
    days: [27, 0],
    count: 236,
    subjects: [
      'Keep the Brackwater maternity ward open',
      'Keep the Brackwater maternity ward open',
      'Please save our maternity ward',
      'Brackwater maternity ward',
    ],
    paragraphs: [
      ['I am writing as your constituent to ask you to oppose the closure of the maternity ward at Brackwater Infirmary.'],
      [
        'If the ward closes, families on the Tern Isles will be more than ninety minutes from the nearest delivery room, and in winter the ferry does not run at night at all.',
        'If the ward closes, mothers on the Tern Isles will have to travel for more than ninety minutes. In winter there is no ferry at night.',
      ],
      [
        'The health board’s own report says that the ward is safe, valued and nearly full. The only reason given for closing it is the cost of two midwives.',
      ],
      ['Please speak in the debate, vote against the closure, and ask the Minister to publish the figures on which it is based.'],
      ['I look forward to your reply, and to hearing how you voted.'],
    ],
    own: [
      'Both my boys were born there.',
      'I was born there myself, and so was my mother.',
      'My wife is due in the spring. We live on Little Tern. I do not want to think about it.',
      'I have worked in that ward for nineteen years. It is the best team that I have ever known.',
      'As a retired skipper I can tell you exactly what the strait is like at night in February.',
      'I do not usually write letters like this one.',
      'I am too old to need it, but somebody must stand up for those who do.',
      'My sister’s baby came in fifty minutes. Do the sum.',
      'P.S. You promised this on my doorstep. I remember because it was raining and you took your boots off.',
      'I voted for you. I should like to be able to do so again.',
      'I did not vote for you, but on this I hope that we agree.',
    ],
    cries: [
      'I am thirty-six weeks and they have moved me to the mainland list, but I have no one to go with me and my partner has taken my bank card and my phone. I am writing this from the library. I am frightened to go home. Please do not write to the address below, he reads the post.',
      'I am sorry to put this here. My daughter lost her baby on the boat on Sunday. She does not get up any more and says that she does not want to be here. I do not know who to ring. We are at 14 Kittiwake Terrace.',
      'My insulin has not come on the boat since Thursday because of the strike and the chemist on Great Tern has none. I have enough until tomorrow night. Is there anybody who can bring some?',
    ],
  },
  {
    key: 'dredging',
    language: 'en',
    days: [160, 118],
    count: 118,
    subjects: ['Stop the dredging of the Tern Strait', 'Say no to dredging in the strait', 'Tern Strait: please act'],
    paragraphs: [
      ['I am deeply concerned about the licence to dredge the Tern Strait for a second shipping lane.'],
      [
        'The strait is the only place in Merrovia where the grey seal and the sand eel breed together, and four hundred families live from what is caught there.',
        'The strait feeds four hundred families and is the only breeding ground of its kind in Merrovia.',
      ],
      ['The environmental report was written before the storm that moved the sandbank, and has not been updated since.'],
      ['I urge you to support the motion to suspend the licence until a new study has been made.'],
    ],
    own: [
      'I swim there every morning, all year, and I have never seen the water so brown.',
      'My grandson counts the seals for his school. There were eleven fewer this year.',
      'I fish out of Hallowquay. We were not asked.',
      'I am a marine engineer and have read the whole report. Page 61 contradicts page 12.',
      'Please do not send me the standard answer. I have had it.',
    ],
    cries: [
      'There is another thing. Since the boats stopped we have had no income and the bailiffs are coming on the 14th for the house. There are five of us. I have asked everyone else.',
    ],
  },
  {
    key: 'loyers',
    language: 'fr',
    days: [74, 52],
    count: 62,
    subjects: ['Encadrement des loyers : votez l’amendement 31', 'Amendement 31', 'Pour un loyer juste à Saint-Ervan'],
    paragraphs: [
      [
        'Habitant de votre circonscription, je vous demande de voter l’amendement 31 sur l’encadrement des loyers.',
        'Habitante de votre circonscription, je vous demande de voter l’amendement 31 sur l’encadrement des loyers.',
      ],
      [
        'Dans les communes du littoral, un logement sur trois est loué à la semaine et reste vide l’hiver, pendant que ceux qui y travaillent dorment dans leur voiture.',
      ],
      ['L’amendement protège les baux à l’année et n’interdit rien à personne. Il demande seulement que chacun prenne sa part.'],
      ['Je serai attentif à votre vote.', 'Je serai attentive à votre vote.'],
    ],
    own: [
      'Ma fille est aide-soignante et vit chez moi, à trente-quatre ans, faute de mieux.',
      'Je suis moi-même propriétaire, et je suis pour.',
      'Dans ma rue, cinq volets ouverts en janvier.',
      'Nous avons fermé le restaurant deux jours par semaine : le cuisinier n’a pas trouvé à se loger.',
    ],
    cries: [
      'Je dois ajouter que nous sommes expulsés lundi matin, avec nos deux petits, et que le numéro d’urgence ne répond pas. Si quelqu’un chez vous peut nous appeler avant, au 0700 552…',
    ],
  },
]
