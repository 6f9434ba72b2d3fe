import { brokenJson, thread } from '../facebook/export.ts'

/** An export of Instagram to the shape that it hands out, written by ourselves. */

const OWNER = 'Zoë Ŧest'
const profile = {
  profile_user: [
    {
      title: 'Utilisateur',
      string_map_data: {
        'Nom d’utilisateur': { href: '', value: 'zoe_test', timestamp: 0 },
        Nom: { value: OWNER },
        Bio: { value: 'é' },
      },
    },
  ],
}
export const posts = [
  { media: [{ uri: 'media/posts/202311/1_n_17900000000000001.jpg', creation_timestamp: 1700000000, title: 'Séance 🏛️' }] },
  {
    media: [
      { uri: 'media/posts/202311/2_n_17900000000000002.jpg', creation_timestamp: 1700000100, title: '' },
      { uri: 'media/posts/202311/3_n_17900000000000003.mp4', creation_timestamp: 1700000101, title: '' },
    ],
    title: 'Deux à la fois',
    creation_timestamp: 1700000102,
  },
]
/** Names of the fields in French, as the account has them. */
const comments = [
  {
    media_list_data: [{ uri: '' }],
    string_map_data: {
      Commentaire: { value: 'Très bien' },
      'Propriétaire du média': { value: 'ana.nandu' },
      Heure: { timestamp: 1700000200 },
    },
  },
]
const likes = {
  likes_media_likes: [
    { title: 'ana.nandu', string_list_data: [{ href: 'https://www.instagram.com/p/Cabc/', value: '👍', timestamp: 1700000300 }] },
  ],
}
export const files: Record<string, string> = {
  'personal_information/personal_information/personal_information.json': brokenJson(profile),
  'your_instagram_activity/media/posts_1.json': brokenJson(posts),
  'your_instagram_activity/media/stories.json': brokenJson({
    ig_stories: [{ uri: 'media/stories/202311/4.jpg', creation_timestamp: 1700000400, title: 'Une story' }],
  }),
  'your_instagram_activity/comments/post_comments_1.json': brokenJson(comments),
  'your_instagram_activity/comments/reels_comments.json': brokenJson({
    comments_reels_comments: [
      { string_map_data: { Comment: { value: 'On a reel' }, 'Media Owner': { value: 'bo' }, Time: { timestamp: 1700000250 } } },
    ],
  }),
  'your_instagram_activity/likes/liked_posts.json': brokenJson(likes),
  'your_instagram_activity/messages/inbox/ana_17841234567890123/message_1.json': brokenJson(thread),
  'your_instagram_activity/threads/threads_and_replies.json': brokenJson({
    text_post_app_text_posts: [{ media: [{ title: 'Sur Threads', creation_timestamp: 1700000500 }] }],
  }),
  'media/posts/202311/1_n_17900000000000001.jpg': 'one',
  'media/posts/202311/2_n_17900000000000002.jpg': 'two',
  'media/posts/202311/3_n_17900000000000003.mp4': 'three',
}
