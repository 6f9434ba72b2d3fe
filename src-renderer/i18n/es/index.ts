import type { Catalog } from '../catalog.ts'
import { accounts } from './accounts.ts'
import { errors } from './errors.ts'
import { inbox } from './inbox.ts'
import { messages } from './messages.ts'

const catalog: Catalog = { ...inbox, ...messages, ...accounts, ...errors }
export default catalog
