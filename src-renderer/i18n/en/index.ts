import { type ProblemCode, problems } from '#shared/model/index.ts'
import { accounts } from './accounts.ts'
import { archive } from './archive.ts'
import { calendar } from './calendar.ts'
import { compose } from './compose.ts'
import { inbox } from './inbox.ts'
import { labels } from './labels.ts'
import { messages } from './messages.ts'
import { retention } from './retention.ts'
import { search } from './search.ts'

/** The English sentence of every problem stands beside its code. */
const errors = Object.fromEntries(Object.entries(problems).map(([code, sentence]) => [`error.${code}`, sentence])) as Record<
  `error.${ProblemCode}`,
  string
>

const english = {
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
export default english
