/** A copy of their data as LinkedIn hands it to a member, written by ourselves. */

export const ME = 'https://www.linkedin.com/in/zoe-test'
export const ANA = 'https://www.linkedin.com/in/ana-%C3%B1and%C3%BA'

const header =
  'CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS,IS MESSAGE DRAFT'

export const messages = [
  header,
  `2-abc,,Ana Ñandú,${ANA},Zoë Test,${ME},2023-11-14 22:13:20 UTC,Your question,"Hello, Zoë.`,
  'Two lines, and ""marks"".",INBOX,https://www.linkedin.com/dms/file/1,No',
  `2-abc,,Zoë Test,${ME},Ana Ñandú,${ANA},2023-11-14 22:15:00 UTC,,Thanks!,INBOX,,No`,
  `2-def,The team,Bo,https://www.linkedin.com/in/bo,"Zoë Test, Ana Ñandú","${ME},${ANA}",2023-11-15 08:00:00 UTC,,Morning,ARCHIVE,,No`,
  `2-def,The team,Zoë Test,${ME},Bo,https://www.linkedin.com/in/bo,2023-11-15 08:01:00 UTC,,Not sent yet,INBOX,,Yes`,
].join('\n')

/** Every line of a post stands in marks of its own, and marks inside are doubled again. */
export const shares = [
  'Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility',
  '2023-11-16 09:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7130000000000000001,"""First line ""\n""""\n""said """"loud""""""",https://parliament.example/news,,MEMBER_NETWORK',
  '2023-11-17 09:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7130000000000000002,One line only,,https://media.example/a.jpg,MEMBER_NETWORK',
].join('\r\n')

/** Marks inside are written with a backslash here. */
export const comments = [
  'Date,Link,Message',
  '2023-11-18 10:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7130000000000000003,"She said \\"yes\\", and',
  'left"',
  '2023-11-18 11:00:00,https://www.linkedin.com/feed/update/urn:li:activity:7130000000000000003?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7130000000000000003%2C7130000000000000004%29,Short',
].join('\n')

export const files: Record<string, string> = {
  'Profile.csv': 'First Name,Last Name,Maiden Name,Headline\nZoë,Test,,Archivist',
  'messages.csv': `\ufeff${messages}`,
  'Shares.csv': shares,
  'Comments_181682616.csv': comments,
  'InstantReposts.csv':
    'Date,Link\n2023-11-19 12:00:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7130000000000000005',
  'Connections.csv': 'Notes:\n"When exporting..."\n\nFirst Name,Last Name,URL\nAna,Ñandú,https://www.linkedin.com/in/ana',
  'Reactions.csv': 'Date,Type,Link\n2023-11-20 09:00:00,LIKE,https://www.linkedin.com/feed/update/urn%3Ali%3Aactivity%3A1',
}
