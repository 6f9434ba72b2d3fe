/** YouTube's part of a Takeout, written by ourselves. */

export const ME = `UC${'a'.repeat(22)}`
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
const CSV = [
  'Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID',
  `UgxAAAAAAAAAAAAAAAAAA4AaABAg,${ME},2024-04-11T18:26:40.15544+00:00,0,,,vid_0000001,${quote('{"text":"Très bien\\nline two"}')},`,
  `UgxAAAAAAAAAAAAAAAAAA4AaABAg.9xyz,${ME},2024-04-12T00:28:56.616747+00:00,0,UgxAAAAAAAAAAAAAAAAAA4AaABAg,,vid_0000001,${quote('{"text":"@ana","mention":{"externalChannelId":"UCana"}},{"text":" yes: "},{"text":"news","link":{"linkUrl":"https://parliament.example/"}}')},UgxAAAAAAAAAAAAAAAAAA4AaABAg`,
  `UgyBBBBBBBBBBBBBBBBBB4AaABAg,${ME},2023-09-19T17:42:53+00:00,0,,Ugpost_1,,${quote('{"takeoutSegments":[{"text":"an older form"}]}')},`,
  `UgzCCCCCCCCCCCCCCCCCC4AaABAg,${ME},2015-01-01T00:00:00Z,0,,,vid_0000002,{plain} text,`,
]
export const comments = CSV.join('\r\n')

export const chats = [
  'Live Chat ID,Channel ID,Live Chat Create Timestamp,Price,Currency code,Video ID,Live Chat Text',
  `ChwKGkNQX0FBQUFBQUFBQUFBQUFB,${ME},2024-03-01T10:00:00.5+00:00,990000,USD,live_000001,${quote('{"text":"Order, order!"}')}`,
].join('\n')

const folder = 'Takeout/YouTube and YouTube Music'
export const files: Record<string, string> = {
  [`${folder}/channels/channel.csv`]: `Channel ID,Channel Title (Original),Channel Visibility\n${ME},Parliament TV,Public`,
  [`${folder}/comments/comments.csv`]: comments,
  [`${folder}/live chats/live chats.csv`]: chats,
  [`${folder}/video metadata/videos.csv`]: `Video ID,Video Title (Original),Privacy,Video Publish Timestamp,Channel ID\nvid_0000001,Question time,Public,2024-04-10T09:00:00+00:00,${ME}`,
  [`${folder}/posts/posts.csv`]: `Post ID,Channel ID,Post Create Timestamp,Post Text\nUgpost_1,${ME},2023-09-18T09:00:00+00:00,${quote('{"text":"We are back"}')}`,
  [`${folder}/subscriptions/subscriptions.csv`]:
    'Channel Id,Channel Url,Channel Title\nUCsub,http://www.youtube.com/channel/UCsub,Somebody',
  [`${folder}/history/watch-history.json`]: '[]',
  'Takeout/Drive/note.csv': 'a,b\n1,2',
}

/** The same account in French: names of files and of columns are translated. */
export const french: Record<string, string> = {
  'Takeout/YouTube et YouTube Music/chaînes/chaîne.csv': `ID de la chaîne,Titre de la chaîne (original),Visibilité de la chaîne\n${ME},Parliament TV,Publique`,
  'Takeout/YouTube et YouTube Music/commentaires/commentaires.csv': comments.replace(
    /^.*/,
    'ID du commentaire,ID de la chaîne,Horodatage,Prix,Parent,ID du post,ID de la vidéo,Texte,Principal',
  ),
  'Takeout/YouTube et YouTube Music/chats en direct/chats en direct.csv': chats.replace(
    /^.*/,
    'ID du chat,ID de la chaîne,Horodatage,Prix,Devise,ID de la vidéo,Texte',
  ),
}

/** The pages that came before the tables. */
export const pages: Record<string, string> = {
  'Takeout/YouTube and YouTube Music/my-comments/my-comments.html': `<html><body><ul><li>You added a <a href="http://www.youtube.com/watch?v=vid_0000001&amp;lc=UgxAAAAAAAAAAAAAAAAAA4AaABAg">comment</a> on a <a href="http://www.youtube.com/watch?v=vid_0000001">video</a> at 2024-04-11 18:26:40 UTC.<br/>Tr&#232;s bien<br>line two</li><li>You added a <a href="http://www.youtube.com/watch?v=vid_0000003&amp;lc=UgwDDDDDDDDDDDDDDDDDD4AaABAg.8abc">reply</a> at 2014-04-11 18:26:40 UTC.<br/>A &lt;b&gt; is no b</li></ul></body></html>`,
  'Takeout/YouTube and YouTube Music/my-live-chat-messages/my-live-chat-messages.html': `<html><body><ul><li>Sent at 2019-08-24 12:43:19 UTC while watching <a href="http://www.youtube.com/watch?v=live_000001">a video</a>.<br/>Hear, hear</li></ul></body></html>`,
}
