import type { Topic } from './topic.ts'

/** The Member's own voice: the party, the campaign, friends. None of it belongs in the office's mailbox. */
export const personalTopics: Topic[] = [
  {
    subjects: ['Canvassing on {weekday}', 'Doors in {town} this weekend?', 'Rota for the leaflets'],
    paragraphs: [
      [
        'We are {count} so far for {weekday}, which is not bad given the forecast. Can you do the first hour with us in {town}?',
        'I have put you down for {street} with the new people. They are keen and have the wrong shoes.',
      ],
      ['I will bring the clipboards. You bring the biscuits, as is tradition.', 'Please, please do not promise anyone a ferry.'],
    ],
    replies: [
      'Count me in from ten. I promise nothing, least of all ferries.',
      'I can only do the second hour: surgery until eleven, and that is the day job. Start without me.',
    ],
    thanks: ['Perfect. Second hour it is.', '46 doors, 11 good talks, one dog. A fine morning.'],
  },
  {
    subjects: ['Your speech at conference', 'Draft for Tolmere', 'Two thoughts on the draft'],
    paragraphs: [
      [
        'I have read the draft twice. The beginning is lovely. The middle is three speeches.',
        'You asked for an honest word on the draft, so: cut the second page.',
      ],
      [
        'And do not quote the poet. Everyone quotes the poet.',
        'The story about your father’s boat should be the end and not the beginning.',
      ],
    ],
    replies: ['You are right, and I hate it. New version tonight.', 'The poet goes. The boat moves. Thank you.'],
    thanks: ['Much better. Now leave it alone.', 'I laughed at the lighthouse. Keep that.'],
  },
  {
    subjects: ['Sunday lunch', 'Choir on {weekday}', 'Are you on the island at the weekend?'],
    paragraphs: [
      [
        'Your mother says that you are coming on Sunday, and that you do not know it yet.',
        'We are two altos short for the harbour concert, and you still know the tune.',
      ],
      ['Bring the dog. Do not bring the telephone.', 'There will be soup, and nobody will ask you about anything.'],
    ],
    replies: ['I do now. One o’clock?', 'Only if I may stand at the back. See you on {weekday}.'],
    thanks: ['One o’clock. The dog has her own plate.', 'At the back, next to the radiator. As ever.'],
  },
  {
    subjects: ['A donation, and a question', 'Standing order to the campaign', 'Receipt for my donation'],
    paragraphs: [
      [
        'I have given {amount} crowns to your campaign and should like a receipt, please, for my taxes.',
        'We should like to support you again. Is there a limit to what one may give before it has to be published?',
      ],
      ['We liked what you said about the strait.', 'Please keep my name off the leaflets, all the same.'],
    ],
    replies: [
      'Thank you very much, and for asking: anything above 500 crowns a year is published with the name. The treasurer will send the receipt. I answer this from my own account because the office must not deal with it.',
    ],
    thanks: ['Understood. We shall stay at 499, like everybody.', 'Receipt received. Good luck!'],
  },
]
