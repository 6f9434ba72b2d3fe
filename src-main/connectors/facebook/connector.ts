import { z } from 'zod'
import { exportConnector } from '#connectors/kit/connector.ts'
import type { Owner } from '#connectors/kit/importer.ts'
import { metaImporter } from '#connectors/kit/meta/importer.ts'
import { renderEntry } from '#connectors/kit/meta/render.ts'

const text = z.string().catch('')
const Name = z
  .union([text.pipe(z.string().min(1)), z.object({ full_name: text }).transform(({ full_name }) => full_name)])
  .catch('')
const Person = z.object({ name: Name, username: text, profile_uri: text })
const Profile = z
  .object({ profile_v2: Person.optional().catch(undefined), profile: Person.optional().catch(undefined) })
  .catch({})

/** The account of a profile: the name in its address, or its number. */
function ownerOf(profile: unknown): Owner {
  const found = Profile.parse(profile)
  const { name, username, profile_uri } = found.profile_v2 ?? found.profile ?? { name: '', username: '', profile_uri: '' }
  const userId = /[?&]id=(\d{1,30})/.exec(profile_uri)?.[1] ?? null
  const named = /facebook\.com\/([A-Za-z0-9.]{1,100})\/?$/.exec(profile_uri)?.[1] ?? null
  const handle = username || (named === 'profile.php' ? null : named)
  return { userId, handle: handle || null, name, server: null }
}

/** Facebook, from the information that a person or a page can download as JSON. @see README.md for what is understood. */
export const facebookConnector = exportConnector({
  network: 'facebook',
  importer: metaImporter({
    network: 'facebook',
    files: [
      { path: /(?:^|\/)posts\/(?:[^/]+\/)?[^/]*(?:posts?|videos|photos)[^/]*\.json$/i, shapes: ['post', 'media', 'labelled'] },
      { path: /(?:^|\/)comments(?:_and_reactions)?\/[^/]*comments[^/]*\.json$/i, shapes: ['comment', 'labelled', 'reaction'] },
      {
        path: /(?:^|\/)(?:comments_and_reactions|likes_and_reactions)\/[^/]*(?:likes|reactions|comments)[^/]*\.json$/i,
        shapes: ['reaction'],
      },
      { path: /(?:^|\/)groups?\/[^/]*(?:posts|comments)[^/]*\.json$/i, shapes: ['post', 'comment', 'labelled'] },
      { path: /(?:^|\/)stories\/[^/]*stories[^/]*\.json$/i, shapes: ['post', 'media'] },
    ],
    profile: /(?:^|\/)profile_information\.json$/,
    owner: ownerOf,
  }),
  render: renderEntry,
})
