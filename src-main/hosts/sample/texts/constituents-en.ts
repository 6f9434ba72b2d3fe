import type { Topic } from './topic.ts'

export const constituentsEn: Topic[] = [
  {
    subjects: [
      'Damp in my flat and no answer from the housing office',
      'Mould in the children’s bedroom, {street}',
      'Housing repair reference {ref}',
    ],
    paragraphs: [
      [
        'I rent a flat from the town at {street} in {town}. Since {month} the wall of the back bedroom has been wet, and now it is black in the corner where my son sleeps.',
        'We have lived at {street}, {town}, for {years} years. The damp came through last winter and nobody has been to look at it, although I have reported it {count} times.',
        'I am writing about the state of our home at {street}. The mould has spread from the window to the ceiling and my daughter’s asthma is much worse for it.',
      ],
      [
        'The housing office gave me the reference {ref} and told me that somebody would call within ten working days. That was {weeks} weeks ago.',
        'Each time I telephone I am told that the case is “with the surveyor”. Nobody can say who the surveyor is. The reference is {ref}.',
        'I have sent photographs (one is attached) and a letter from our doctor. I was told the file {ref} is complete, and then nothing.',
      ],
      [
        'Could your office please ask them for a date? I do not want to make trouble for anyone, I just want a dry room.',
        'I know you cannot mend a wall yourself, but a question from you may move things. I can be reached after four in the afternoon on {phone}.',
      ],
    ],
    replies: [
      'Thank you for writing, and I am sorry that you have been left waiting with this. We have asked the housing office for the date of the inspection and for the name of the person responsible for {ref}. They must answer us within ten working days; I will write again as soon as they do, or on the eleventh day if they do not.\n\nIf your child’s breathing gets worse, please go back to your doctor and ask for a note that mentions the damp: it gives the case a higher priority.',
      'I have read your letter and looked at the picture. Nobody should have to sleep in that room. We have written to the head of housing today and quoted {ref}. Please tell us at once if anybody calls to make an appointment, so that we can make a note of it.',
    ],
    thanks: [
      'Thank you so much. Somebody rang this morning and they are coming on Thursday. I would never have got this far on my own.',
      'They came to look yesterday. The man said it is the gutter above and not “condensation”, as I was told before. Now it has to be approved. I will let you know.',
      'Nobody has called yet. I just wanted you to know, as you asked.',
    ],
    enclosure: 'damp',
  },
  {
    subjects: ['Ferry times on the Tern line', 'The 17.40 ferry', 'Islanders left on the quay again'],
    paragraphs: [
      [
        'Since the timetable changed in {month} the last boat to {town} leaves at 17.40. I finish work at six. So do most people who work in Port Aldane.',
        'For the second time this month the evening ferry was full and left {count} of us standing on the quay, two of them over eighty.',
        'I commute from {town} and have done for {years} years. I have never seen the service as bad as it is now.',
      ],
      [
        'The operator says that the new times were “agreed with stakeholders”. I have asked around and cannot find one stakeholder who lives on the islands.',
        'I have taken it up with the company (their reference is {ref}). They sent me a leaflet.',
      ],
      [
        'Will you raise this with the Minister for the Isles? We are not asking for anything new, just for the boat we used to have.',
        'Is there a date for the review that was promised in the Assembly? I should like to attend, if the ferry lets me.',
      ],
    ],
    replies: [
      'Thank you for this, and for the details, which are useful: yours is one of many letters on the 17.40 sailing. I have put a written question to the Minister for the Isles asking when the review will report and whether the 19.10 can be restored until then. The answer is due in three weeks and I will send it to you.\n\nIf you are left behind again, please note the date, the sailing and the number of people. Figures are hard to argue with.',
      'I met the operator on Monday and put your points to them. They have promised the passenger counts for the last six months by the end of the month. I will share what they send.',
    ],
    thanks: [
      'Thank you for the quick answer. Left behind again on Tuesday: 17.40, eleven people, raining.',
      'Much appreciated. My neighbours have started a list as you suggested.',
      'I see the answer was published today. “Under consideration” – well. Please do not let it rest there.',
    ],
  },
  {
    subjects: ['Carer’s allowance stopped without notice', 'Allowance decision {ref}', 'Please help with my mother’s care'],
    paragraphs: [
      [
        'I look after my mother, who is {age} and has had two strokes. My carer’s allowance stopped on the first of {month} and I only found out when the rent was returned unpaid.',
        'In {month} I got a letter saying that my carer’s allowance was “under review”. It has not been paid since, and I cannot get through on the telephone number in the letter.',
      ],
      [
        'The decision letter is numbered {ref}. It says that I did not return a form. I returned it by hand and have a stamped copy, which I attach.',
        'They say that I earn too much. I earned {amount} crowns for two weeks of seed potatoes. That is all.',
      ],
      [
        'I am down to borrowing from my sister. Please could somebody look at it soon? I am at home all day, for obvious reasons: {phone}.',
        'I have a right of appeal, I am told, but it takes four months and we do not have four months.',
      ],
    ],
    replies: [
      'I am very sorry to read this. With your permission we can ask the benefits office for an urgent review: please send us the short form at the end of this mail, with your signature, and we will send it on the same day. In the meantime the hardship fund of the town can pay an advance within 48 hours; the number is 0700 114.\n\nThe stamped copy matters a good deal. Please keep the original safe.',
      'We have spoken to the benefits office about {ref}. They accept that the form was received and have put the payment back in place from the first of next month, with the arrears. A letter will follow; please tell us if it has not come by Friday week.',
    ],
    thanks: [
      'The money is in the account, with the arrears. I sat down in the kitchen and cried. Thank you, all of you.',
      'Form attached, signed. Thank you for answering so quickly.',
    ],
    enclosure: 'form',
  },
  {
    subjects: ['Speeding past the school in {town}', 'Crossing at {street}', 'A child will be hurt'],
    paragraphs: [
      [
        'There is no crossing between the bus stop and the school gate on {street}. Lorries from the quarry come round the bend far too quickly.',
        'Last {weekday} a van missed my daughter by the width of a hand outside the school in {town}.',
      ],
      [
        'We counted for one week: {count} vehicles an hour at the time the children arrive, one in three above the limit. The figures are yours if you want them.',
        'The council says there have not been enough accidents to justify a crossing. I found that sentence hard to read.',
      ],
      ['Would you come and stand there with us one morning?', 'Is there a fund for this? The council says that there is none.'],
    ],
    replies: [
      'Thank you for writing and, above all, for counting. I would like to come and see it: would Tuesday or Thursday of next week at a quarter past eight suit you? I will ask the roads engineer to join us.\n\nThere is a national fund for safe ways to school, which closes for applications at the end of next month. My office will send the council the form with your figures.',
      'I have written to the council and to the quarry company, and I enclose what I wrote in summary: a temporary limit at school times, and a marshalled crossing until the engineer has reported.',
    ],
    thanks: [
      'Thursday would be perfect. There will be about twenty of us, and tea.',
      'The quarry has told its drivers to use the other road until eight forty-five. That is a start!',
    ],
  },
  {
    subjects: [
      'Waiting for a knee operation since {month}',
      'Hospital appointment cancelled {count} times',
      'Your constituent and her hip',
    ],
    paragraphs: [
      [
        'My husband is {age} and has been on the list for a new knee since {month}. The appointment was cancelled for the third time this morning, by text message, when we were already on the boat.',
        'I have now had {count} letters from the infirmary, each of which cancels the one before.',
      ],
      [
        'He was a pilot on the strait for thirty years and now he cannot walk to the end of the pier. He would not write to you himself.',
        'I do not blame the staff, who are kind and look exhausted. But somebody must be able to tell us a month, if not a day.',
      ],
      [
        'Can you find out where he is on the list? The hospital number is {ref}.',
        'Anything you could do would help. My number is {phone}.',
      ],
    ],
    replies: [
      'Thank you for writing on your husband’s behalf, and please give him our regards. We can ask the infirmary where he stands if he signs the enclosed permission: his health is his own business and they will rightly not tell us without it.\n\nYou may also ask for travel costs when an operation is cancelled on the day. The form is at the ward desk, and they must accept it for up to three months afterwards.',
      'The infirmary has answered us: {ref} is on the list for the coming quarter and is marked as not to be moved again. The letter with the day should come within two weeks.',
    ],
    thanks: [
      'He signed it straight away, which tells you something. Scan attached.',
      'The letter came. We dare not say it aloud, but there is a date.',
    ],
    enclosure: 'form',
  },
  {
    subjects: [
      'Work experience in your office?',
      'A student’s questions about the Assembly',
      'Interview for our school newspaper',
    ],
    paragraphs: [
      [
        'I am {youngAge} and study politics at the college in {town}. I should very much like to spend two weeks in your office in the spring.',
        'I write for our school newspaper, “The Bollard”. We would like to interview you about what a Member does all day.',
      ],
      [
        'I can type, I am not afraid of the telephone, and I speak Spanish at home.',
        'We have eleven questions. Some of them are quite hard, and our teacher says that we should warn you.',
      ],
      ['Is there a form that I should fill in?', 'We can come to Port Aldane on any {weekday}.'],
    ],
    replies: [
      'Thank you for your letter, which made us smile. We take two students each spring, for two weeks, and pay the ferry. Please send a page about yourself and the weeks that suit you by the end of the month.',
      'We would be delighted, hard questions included. Would Wednesday at four suit you? Bring a photographer: the office has a good view of the harbour.',
    ],
    thanks: [
      'Thank you!! I have asked my tutor and either fortnight in March is fine.',
      'Wednesday at four is great. There will be three of us.',
    ],
  },
  {
    subjects: ['Seawall at {town}', 'Storm damage on {street}', 'Flood defences – when?'],
    paragraphs: [
      [
        'The storm on {weekday} took another four metres off the wall below {street}. I enclose a picture from this morning.',
        'I own the chandlery at {street} and have had water in the cellar {count} times since {month}.',
      ],
      [
        'The works were announced {years} years ago, with you present if I remember rightly. There is still nothing to be seen but a sign.',
        'My insurer will not renew. The neighbours on both sides have had the same letter.',
      ],
      [
        'When will the works begin? A plain answer, even a bad one, would help us to decide whether to stay.',
        'Is there help for small businesses? The flood fund says that I am “not residential”.',
      ],
    ],
    replies: [
      'Thank you for the picture, which I have shown to the Minister’s private office. The plain answer is this: the contract is signed, the stone is ordered, and the works cannot begin before the sea permits, which the engineer puts at April. I do not like it either.\n\nFor businesses there is the harbour trades scheme (up to 15,000 crowns for pumps and barriers). We can send you the form.',
      'I was there on Saturday with the engineer. He agrees that the stretch below {street} should be done first, and has said so in writing. I will send you his note when it is public.',
    ],
    thanks: [
      'A straight answer. Thank you. Please send the form.',
      'The pump arrived. It is louder than the storm, but I slept.',
    ],
    enclosure: 'seaside',
  },
  {
    subjects: ['Passport for my son’s school trip', 'Citizenship application {ref}', 'No reply from the registry since {month}'],
    paragraphs: [
      [
        'My son’s passport application {ref} has been “in process” for {weeks} weeks. His school leaves for the exchange on the {day}th.',
        'I applied to become a citizen in {month}. I have lived in {town} for {years} years, my children were born here, and I have paid for the application twice because of an error on the website.',
      ],
      [
        'The registry’s telephone puts you in a queue and then hangs up. I have tried at every hour of the day.',
        'I was told to wait for a letter. Then I was told that the letter had been sent. Then I was told that no letter had been written.',
      ],
      ['Could you ask them whether anything is missing?', 'I would be grateful for anything that you can find out.'],
    ],
    replies: [
      'We have an arrangement with the registry for urgent journeys. I have just spoken to them: the photograph was refused and nobody told you. If you can upload a new one today, quoting {ref}, it will be printed by Friday.',
      'Thank you for your patience with all this. The registry confirms that nothing is missing from {ref}, and that the second fee will be paid back. The decision is expected within six weeks.',
    ],
    thanks: [
      'New photograph sent ten minutes ago. You are a marvel.',
      'The passport came on the morning boat. He is packing as I write.',
    ],
  },
  {
    subjects: ['Small business rates', 'Closing after {years} years', 'Why I am shutting the bakery'],
    paragraphs: [
      [
        'We have baked in {town} for {years} years. The new valuation puts our rates up by half, which is more than we earn in the winter.',
        'I run the bookshop on {street}. I have just opened the valuation and had to sit down.',
      ],
      [
        'I am not asking for charity. I am asking why a warehouse outside the town pays less for each square metre than I do.',
        'I have appealed ({ref}). I am told to expect an answer in the autumn. The bill is due in {month}.',
      ],
      ['I hope that you will vote against it when it comes back to the Assembly.', 'Come in for a loaf while you still can.'],
    ],
    replies: [
      'Thank you for writing so openly. I asked the Treasury exactly your question about warehouses in committee last week; the transcript is public and I attach the answer, such as it is. You can ask for the bill to be suspended while the appeal runs: section 12, and they do not tell people.',
    ],
    thanks: ['Section 12 worked. They were not pleased. Thank you!', 'I read the transcript. He did not answer you, did he?'],
  },
]
