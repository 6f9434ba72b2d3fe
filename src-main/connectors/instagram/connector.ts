import { z } from 'zod'
import { exportConnector } from '#connectors/kit/connector.ts'
import type { Owner } from '#connectors/kit/importer.ts'
import { metaImporter } from '#connectors/kit/meta/importer.ts'
import { renderEntry } from '#connectors/kit/meta/render.ts'

const Entry = z.object({ value: z.string().catch('') })
const Profile = z.object({ profile_user: z.array(z.object({ string_map_data: z.record(z.string(), Entry) })).min(1) })
/** Names of the fields in the languages in which they were seen; else the field whose value has the form of a user name. */
const USERNAME = /^(?:username|nom d[’']utilisateur|nombre de usuario|benutzername|gebruikersnaam|nome utente|اسم المستخدم)$/i
const NAME = /^(?:name|nom|nombre|naam|nome|الاسم)$/i

function ownerOf(profile: unknown): Owner {
  const fields = Object.entries(Profile.safeParse(profile).data?.profile_user[0]?.string_map_data ?? {})
  const named = (pattern: RegExp) => fields.find(([name]) => pattern.test(name))?.[1].value ?? ''
  return { userId: null, handle: named(USERNAME) || null, name: named(NAME), server: null }
}

/** Instagram, from the information that a person can download as JSON; posts of Threads among it. @see README.md for what is understood. */
export const instagramConnector = exportConnector({
  network: 'instagram',
  importer: metaImporter({
    network: 'instagram',
    files: [
      {
        path: /(?:^|\/)(?:content|media)\/(?:[^/]*posts|stories|reels|igtv_videos|other_content|recently_deleted_content)(?:_\d+)?\.json$/i,
        shapes: ['media', 'labelled'],
      },
      { path: /(?:^|\/)threads\/threads_and_replies\.json$/i, shapes: ['media', 'labelled'] },
      { path: /(?:^|\/)comments\/[^/]*comments(?:_\d+)?\.json$/i, shapes: ['mapped', 'labelled'] },
      {
        path: /(?:^|\/)(?:likes\/liked_\w+|story_interactions\/story_likes|followers_and_following\/following)\.json$/i,
        shapes: ['listed'],
      },
    ],
    profile: /(?:^|\/)personal_information\.json$/,
    owner: ownerOf,
  }),
  render: renderEntry,
})
