import { feedConnector } from '#connectors/feed/connector.ts'
import { feedDriver, formats } from '../../feed/driver.ts'
import { runConnectorKit } from '../kit.ts'
import { mutants } from './mutants.ts'

/* The kit on one mutant, named by the environment. Run by `../mutants.test.ts`, in a process of its own. */
const name = process.env['DISPATCH_MUTANT'] ?? ''
const mutant = Object.entries(mutants).find(([one]) => one === name)?.[1]
if (!mutant) throw new Error(`there is no mutant ${name}`)
runConnectorKit(`mutant ${name}`, { ...feedDriver(formats.RSS), connector: mutant(feedConnector) })
