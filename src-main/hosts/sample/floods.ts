import { fill, type Letter, messageId } from './letter.ts'
import { type Person, plain, somebody } from './people.ts'
import { banner } from './pictures.ts'
import { asHtml, type Box, day, inbound, moment, reply, valuesFor } from './post.ts'
import { abuse } from './texts/abuse.ts'
import { type Campaign, campaigns } from './texts/campaigns.ts'
import { type Newsletter, newsletters } from './texts/newsletters.ts'
import { enquiries, newsrooms, pressSubjects } from './texts/press.ts'
import { manners } from './texts/topic.ts'

/** Campaign mail: hundreds of near-identical letters, with a few people in need among them. */
export function addCampaigns(box: Box): void {
  for (const campaign of campaigns) {
    const random = box.random.fork(campaign.key)
    const places = random.shuffle(Array.from({ length: campaign.count }, (_, index) => index))
    const cries = new Map(campaign.cries.map((cry, index) => [places[index], cry]))
    for (let index = 0; index < campaign.count; index++) addCampaignLetter(box, campaign, cries.get(index) ?? null)
  }
}

function addCampaignLetter(box: Box, campaign: Campaign, cry: string | null): void {
  const { random, now } = box
  const [from, until] = campaign.days
  const person = somebody(random, campaign.language)
  // Most write in the first days after the call went out.
  const age = (until + (from - until) * (1 - random.next() ** 1.8)) * day
  const paragraphs = campaign.paragraphs.map((wordings) => random.pick(wordings))
  const own = cry ?? (random.chance(0.24) ? random.pick(campaign.own) : null)
  if (own !== null) paragraphs.splice(random.int(1, paragraphs.length - 1), 0, own)
  const kind = manners[campaign.language]
  const greeting = random.chance(0.85) ? (kind.greetings[0] ?? '') : random.pick(kind.greetings)
  const letter = inbound(box, person, {
    at: moment(random, now, age),
    subject: random.pick(campaign.subjects),
    text: [greeting, ...paragraphs, `${kind.closings[0]}\n${person.name}\n${person.town}`].join('\n\n'),
  })
  letter.headers['X-Mailer'] = 'Lighthouse Campaigns'
  letter.html = null
  box.letters.push(letter)
  const answers: Record<string, string> = {
    en: 'Thank you for writing about the Tern Strait. I have received more than a hundred letters on it and have read them all. I voted for the motion to suspend the licence; it was lost by four votes. The committee’s report, which agrees with you, is public.',
    fr: 'Merci de m’avoir écrit au sujet de l’amendement 31. Je l’ai voté et défendu en séance ; il a été rejeté à deux voix près. Je le déposerai de nouveau à l’automne.',
  }
  const answer = answers[campaign.language]
  if (cry === null && answer !== undefined && until > 40 && random.chance(0.45)) reply(box, letter, person, answer)
}

/** Enquiries of newsrooms. `count` letters over two years. */
export function addPress(box: Box, count: number): void {
  const { random, now } = box
  for (let index = 0; index < count; index++) {
    const newsroom = random.pick(newsrooms)
    const { language } = newsroom
    const person: Person = { name: newsroom.reporter, address: newsroom.address, language, town: 'Port Aldane', street: '' }
    const age = random.next() ** 1.5 * 729 * day
    const at = moment(random, now, age)
    const values = { ...valuesFor(random, person, at), subject: random.pick(pressSubjects[language]) }
    const texts = enquiries[language]
    const letter = inbound(box, person, {
      at,
      subject: fill(random.pick(texts.subjects), values),
      text: [
        random.pick(['en', 'es'].includes(language) ? [manners[language].greetings[4] ?? ''] : ['Bonjour,']),
        ...texts.paragraphs.map((wordings) => fill(random.pick(wordings), values)),
        `${person.name}\n${newsroom.outlet}`,
      ].join('\n\n'),
    })
    box.letters.push(letter)
    if (random.chance(0.7)) reply(box, letter, person, random.pick(texts.replies))
  }
}

/** Abuse and threats. Nobody answers them. */
export function addAbuse(box: Box, count: number): void {
  const { random, now } = box
  const senders = Array.from(
    { length: 7 },
    () => `${random.pick(['truth', 'citizen', 'the.real', 'no.more', 'patriot'])}.${random.word(4)}@nowhere.example`,
  )
  for (let index = 0; index < count; index++) {
    const { subject, text } = random.pick(abuse)
    const address = random.pick(senders)
    const person: Person = {
      name: random.chance(0.5) ? '' : (address.split('@')[0] ?? ''),
      address,
      language: 'en',
      town: '',
      street: '',
    }
    const age = random.next() ** 1.6 * 729 * day
    box.letters.push(inbound(box, person, { at: moment(random, now, age), subject, text }))
  }
}

/** The newsletters that come to this mailbox, from two years ago to the last few days. */
export function addNewsletters(box: Box, to: Newsletter['to']): void {
  for (const newsletter of newsletters.filter((candidate) => candidate.to === to)) {
    let number = box.random.int(40, 180)
    for (let age = 725; age > 1; age -= newsletter.every + box.random.int(-2, 2)) {
      number++
      box.letters.push(issue(box, newsletter, number, moment(box.random, box.now, age * day)))
    }
  }
}

function issue(box: Box, newsletter: Newsletter, number: number, at: number): Letter {
  const { random, now, owner } = box
  const stories = random.shuffle(newsletter.stories).slice(0, random.int(3, 4))
  const values = { number: String(number), first: stories[0]?.title ?? '' }
  const color = `rgb(${newsletter.color.join(',')})`
  const rows = stories.map(
    ({ title, text }) =>
      `<tr><td style="padding:14px 24px;border-bottom:1px solid #ddd"><h2 style="margin:0 0 6px;font-size:17px;color:${color}">${asHtml(title).replace(/<\/?p>/g, '')}</h2>${asHtml(text)}<a href="https://www.${newsletter.list}/${plain(title)}" style="color:${color}">…</a></td></tr>`,
  )
  return {
    id: messageId(random, newsletter.address),
    parent: null,
    at,
    from: { name: newsletter.name, address: newsletter.address },
    to: [owner],
    subject: fill(random.pick(newsletter.subjects), values),
    text: [newsletter.intro, ...stories.map(({ title, text }) => `${title}\n${text}`), `-- \n${newsletter.footer}`].join('\n\n'),
    html: `<!DOCTYPE html><html><head><meta charset="utf-8"><style>body{background:#f3f1ec}</style></head><body>
<table role="presentation" width="600" align="center" cellspacing="0" style="background:#fff;font-family:Georgia,serif;font-size:15px;line-height:1.5">
<tr><td><img src="cid:banner@${newsletter.list}" width="600" height="90" alt="${newsletter.name}"></td></tr>
<tr><td style="padding:16px 24px 4px"><strong>${newsletter.name}</strong> · ${number}<br><em>${newsletter.intro}</em></td></tr>
${rows.join('\n')}
<tr><td style="padding:16px 24px;font-size:12px;color:#666">${newsletter.footer}<img src="https://track.${newsletter.list}/open/${random.word(12)}.gif" width="1" height="1" alt=""></td></tr>
</table></body></html>`,
    enclosures: [
      { name: 'banner.png', mediaType: 'image/png', bytes: banner(newsletter.color), contentId: `banner@${newsletter.list}` },
    ],
    charset: 'utf-8',
    headers: {
      'List-Id': `<${newsletter.list}>`,
      'List-Unsubscribe': `<https://www.${newsletter.list}/leave>`,
      Precedence: 'bulk',
    },
    read: now - at > 5 * day,
    answered: false,
  }
}
