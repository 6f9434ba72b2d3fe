/** Abuse, as mild as it can be and still be recognised: insults and threats that an office has to record. Nobody is meant. */
export const abuse: { subject: string; text: string }[] = [
  {
    subject: 'DISGRACE',
    text: 'YOU ARE A DISGRACE TO THIS COUNTRY. RESIGN. RESIGN. RESIGN. I WILL WRITE EVERY DAY UNTIL YOU DO.',
  },
  {
    subject: '(no subject)',
    text: 'I know which boat you take on Thursdays. Funny how empty that quay is at night. Think about it before you vote.',
  },
  {
    subject: 'Re: your so-called answer',
    text: 'Do not bother to write to me again you useless woman. People like you should be thrown off the pier and I would gladly help to push.',
  },
  { subject: 'liar', text: 'Liar. Liar. You stood in my street and lied to my face. You had better not come back to it.' },
  { subject: 'A warning', text: 'We are many and we are patient. Your office has large windows. Glass breaks.' },
  {
    subject: 'pathetic',
    text: 'You and your whole pathetic little staff are parasites. I hope that somebody frightens you as much as you deserve.',
  },
  { subject: 'you will regret this', text: 'Keep talking about the strait and you will regret it. So will that dog of yours.' },
  { subject: 'Tick tock', text: 'Tick tock, Member. Not long now. Watch your back on the way home.' },
  { subject: 'Honte', text: 'Vous êtes une honte. On sait où vous habitez et on viendra vous le dire en face, à plusieurs.' },
  {
    subject: 'vendida',
    text: 'Eres una vendida. Cuando te vea por el puerto te vas a enterar, y no vas a tener policía al lado.',
  },
  {
    subject: 'FAO the clown in charge',
    text: 'Your parliament is a circus and you are all clowns. Somebody should lock the doors and throw away the key while you are inside.',
  },
  {
    subject: 'Leave',
    text: 'Nobody here wants you. Pack your things and leave before somebody packs them for you.',
  },
]
