/** What the sample's three feeds bring. `{number}` counts, `{month}` is the month of the item. */
export interface FeedText {
  key: 'news' | 'committees' | 'courier'
  title: string
  description: string
  author: string
  /** Days between items, about. */
  every: number
  items: { title: string; text: string }[]
}

export const feedTexts: FeedText[] = [
  {
    key: 'news',
    title: 'National Assembly of Merrovia: news',
    description: 'What the Assembly does, in plain words.',
    author: 'Communications, National Assembly of Merrovia',
    every: 15,
    items: [
      {
        title: 'Assembly passes the Openness Act (third reading)',
        text: 'By 61 votes to 44 the Assembly has passed the Openness Act. From next year, papers of committees are published on the day on which they are received.',
      },
      {
        title: 'Question Time moves to Tuesday',
        text: 'From {month}, Question Time will be on Tuesday at two, so that Members from the isles can attend and go home on the same day.',
      },
      {
        title: 'Speaker opens the restored gallery',
        text: 'The public gallery is open again. It now has a lift, forty more seats, and a view of the whole chamber.',
      },
      {
        title: 'Sitting suspended because of the storm',
        text: 'The sitting was suspended at 16.20 because the building could no longer be reached by boat. It will go on tomorrow at ten.',
      },
      {
        title: 'Budget debate: how to follow it',
        text: 'The debate takes three days. All of it can be watched with English, French or Spanish sound, and with sign language.',
      },
      {
        title: 'Twelve schools in the children’s parliament',
        text: 'Pupils from twelve schools debated ferries, homework and the voting age. The motion on homework was lost by one vote.',
      },
      {
        title: 'Petition on sign language passes the threshold',
        text: 'The petition on the recognition of sign language has enough signatures. A public hearing will be held within eight weeks.',
      },
      {
        title: 'New roof: the final account',
        text: 'The roof of the chamber cost 4.1 million crowns, two per cent less than was approved. The full account is in the library.',
      },
    ],
  },
  {
    key: 'committees',
    title: 'Comisiones · Commissions · Committees',
    description: 'Convocatorias, comptes rendus and reports of the committees.',
    author: 'Secretariat of the committees',
    every: 13,
    items: [
      {
        title: 'Committee on the Sea: report on the Tern Strait',
        text: 'The committee recommends that the licence be suspended until a new study has been made. Two members added a separate opinion.',
      },
      {
        title: 'Commission de la Santé : auditions sur la maternité de Brackwater',
        text: 'La commission entendra le conseil de santé, les sages-femmes et les familles des îles. Les auditions sont publiques.',
      },
      {
        title: 'Comisión de Vivienda: orden del día',
        text: 'La comisión debatirá el informe sobre los alquileres en la costa y la enmienda 31. La sesión se transmite en directo.',
      },
      {
        title: 'Committee on Procedure: minutes, meeting {number}',
        text: 'The committee considered the length of speeches, and agreed to consider it again.',
      },
      {
        title: 'Commission des Finances : rapport n° {number}',
        text: 'Le rapport porte sur l’exécution du budget au dernier trimestre et propose trois amendements.',
      },
      {
        title: 'Comisión de Educación: transporte escolar',
        text: 'Comparecen los alcaldes de Salinas Bajas y Punta Garza. Se admiten preguntas por escrito hasta el jueves.',
      },
      {
        title: 'Petitions: hearing on sign language',
        text: 'The hearing will be interpreted and recorded. Twelve witnesses have been invited.',
      },
    ],
  },
  {
    key: 'courier',
    title: 'The Aldane Courier: politics',
    description: 'Local politics from the harbour and the isles.',
    author: 'The Aldane Courier',
    every: 9,
    items: [
      {
        title: 'Midwives march to the quay',
        text: 'Some four hundred people walked from the infirmary to the ferry on Saturday. The ferry, for once, waited.',
      },
      {
        title: 'Ardoval: “Publish the figures”',
        text: 'The Member for Port Aldane and the Tern Isles has asked for the third time to see how the closure of the ward was calculated.',
      },
      { title: 'Last boat at 17.40: who agreed to that?', text: 'Nobody that we rang remembers having been a stakeholder.' },
      {
        title: 'Quarry lorries to avoid the school',
        text: 'After a morning of counting by parents, the quarry will use the upper road until a quarter to nine.',
      },
      {
        title: 'Bakery of 1911 may close',
        text: 'The new rates are more than it earns in the winter. The oven has been lit every day for a century.',
      },
      {
        title: 'Storm takes another piece of the wall',
        text: 'Four metres were lost below Old Lighthouse Road. The engineer asks people to keep their distance.',
      },
      {
        title: 'Editorial: on being answered',
        text: 'A letter to a Member is not a coin in a machine. But it should not be a stone in a well, either.',
      },
      {
        title: 'Seal count up, says child of nine',
        text: 'The official figure is a hundred and eighty-three. Ours counted the one behind the buoy.',
      },
      {
        title: 'Rents: the vote was closer than it looked',
        text: 'Amendment 31 fell by two votes. We print how each Member voted, and who had missed the boat.',
      },
    ],
  },
]
