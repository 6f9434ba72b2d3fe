/** Mailings that nobody answers. Each issue picks some of the stories. */
export interface Newsletter {
  name: string
  address: string
  list: string
  color: [number, number, number]
  /** Days between issues. */
  every: number
  to: 'mandate' | 'institution' | 'personal'
  subjects: string[]
  intro: string
  stories: { title: string; text: string }[]
  footer: string
}

export const newsletters: Newsletter[] = [
  {
    name: 'Chamber & Committee Weekly',
    address: 'weekly@chamberandcommittee.example',
    list: 'weekly.chamberandcommittee.example',
    color: [34, 62, 104],
    every: 14,
    to: 'institution',
    subjects: ['Chamber & Committee Weekly, no. {number}', 'This fortnight: {first}'],
    intro: 'Practice, procedure and people from parliaments large and small.',
    stories: [
      {
        title: 'Plain language in bills',
        text: 'Three assemblies now publish a one-page summary beside each bill. Readers stay four times as long.',
      },
      { title: 'What a gallery is for', text: 'An architect, an usher and a school class on where the public should sit.' },
      { title: 'Recording who said what', text: 'New machines, old errors: how the Hansard of a small island checks its own.' },
      { title: 'Petitions that worked', text: 'Of 412 petitions in a year, nine changed a law. We read all nine.' },
      {
        title: 'Committees on the road',
        text: 'Hearings in sports halls cost less than you think, and bring people who never write.',
      },
      { title: 'Keeping what was posted', text: 'When a parliament deletes a post, who keeps it? A records manager answers.' },
    ],
    footer: 'You receive this because your library subscribes.',
  },
  {
    name: 'Tern Isles Community Council',
    address: 'bulletin@tern-isles.example',
    list: 'bulletin.tern-isles.example',
    color: [20, 98, 92],
    every: 11,
    to: 'mandate',
    subjects: ['Isles bulletin – {first}', 'Tern Isles bulletin no. {number}'],
    intro: 'News from Great Tern, Little Tern and the Skerries.',
    stories: [
      {
        title: 'Boat times from Monday',
        text: 'The 7.10 calls at Little Tern on request. Ring before six. The 17.40 is, we are sorry to say, still the last.',
      },
      { title: 'Seal count', text: 'One hundred and eighty-three, and one that may have been a buoy.' },
      { title: 'Shop hours', text: 'The shop is closed on Wednesday afternoon for the dentist. Not ours: the shop’s.' },
      { title: 'Seawall meeting', text: 'The engineer will answer questions in the hall at seven. Bring a chair.' },
      { title: 'Lost', text: 'One oar, green. Sentimental value.' },
      { title: 'Library boat', text: 'The library boat is back, with the new crime novels and the old librarian.' },
    ],
    footer: 'To stop this bulletin, tell anyone on the council.',
  },
  {
    name: 'Réseau des communes littorales',
    address: 'lettre@communes-littorales.example',
    list: 'lettre.communes-littorales.example',
    color: [28, 84, 138],
    every: 21,
    to: 'mandate',
    subjects: ['La lettre du littoral n° {number}', 'Littoral : {first}'],
    intro: 'Toutes les trois semaines, l’actualité des communes du bord de mer.',
    stories: [
      { title: 'Le trait de côte recule', text: 'Carte à l’appui, ce que change le nouveau relevé pour douze communes.' },
      { title: 'Logements d’hiver', text: 'À Vaux-le-Sel, la mairie loue à l’année ce que d’autres louent à la semaine.' },
      { title: 'Écoles : le car ou la classe', text: 'Le coût d’un car, comparé à celui d’une classe. Le résultat surprend.' },
      { title: 'Analyses en ligne', text: 'Les résultats d’analyse des coquillages seront publiés le jour même.' },
    ],
    footer: 'Vous recevez cette lettre en tant qu’élu du littoral.',
  },
  {
    name: 'The Lantern, members’ letter',
    address: 'members@lanternparty.example',
    list: 'members.lanternparty.example',
    color: [150, 92, 16],
    every: 10,
    to: 'personal',
    subjects: ['The Lantern: {first}', 'Members’ letter no. {number}'],
    intro: 'For members and friends of the Lantern Party.',
    stories: [
      {
        title: 'Conference in Tolmere',
        text: 'Motions close on Friday. There are bunks in the boathouse for those who do not snore.',
      },
      { title: 'Doorsteps', text: 'Two hundred and twelve doors last weekend. Thank you. Dry socks are a political instrument.' },
      { title: 'New members', text: 'Thirty-one, of whom six are under twenty.' },
      { title: 'Quiz night', text: 'The treasurer won again. There will be an inquiry.' },
      { title: 'Leaflets', text: 'The new leaflets are at the chandlery. Please take two bags.' },
    ],
    footer: 'Sent to members. To leave the list, use the link or tell your branch.',
  },
]
