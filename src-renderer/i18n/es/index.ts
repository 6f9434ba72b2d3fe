import type { Catalog } from '../catalog.ts'
import { accounts } from './accounts.ts'
import { archive } from './archive.ts'
import { calendar } from './calendar.ts'
import { compose } from './compose.ts'
import { errors } from './errors.ts'
import { inbox } from './inbox.ts'
import { labels } from './labels.ts'
import { messages } from './messages.ts'
import { retention } from './retention.ts'
import { search } from './search.ts'

const catalog: Catalog = {
  ...inbox,
  ...labels,
  ...compose,
  ...calendar,
  ...messages,
  ...accounts,
  ...archive,
  ...retention,
  ...search,
  ...errors,
}
export default catalog
