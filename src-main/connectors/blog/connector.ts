import type { Connector } from '#connectors/connector.ts'
import type { BlogSettings } from '#shared/model/index.ts'
import { aboutBlog } from './about.ts'
import { BlogClient } from './client.ts'
import { itemIn, renderItem } from './item.ts'

/** Articles and comments of WordPress sites. @see README.md */
export const blogConnector: Connector<BlogSettings> = {
  ...aboutBlog,
  create: (context) => new BlogClient(context),
  render: (raw, mediaType) => Promise.resolve(renderItem(itemIn(raw, mediaType))),
  attachment: () => Promise.resolve(null),
}
