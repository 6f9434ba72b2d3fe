import { BlogSettings } from '#shared/model/index.ts'
import type { About } from '../connector.ts'

/** Blogs by WordPress, as far as they are known without their code. */
export const aboutBlog: About<BlogSettings> = {
  network: 'blog',
  capabilities: {
    push: false,
    readFlag: false,
    answeredFlag: false,
    edits: true,
    deletions: true,
    login: true,
    imports: [],
    live: true,
    sends: true,
    finds: true,
    rereads: true,
    profiles: false,
  },
  parseSettings: (stored) => BlogSettings.parse(stored),
  address: ({ site, user }) => `${user}@${new URL(site).host}${new URL(site).pathname.replace(/\/+$/, '')}`,
}
