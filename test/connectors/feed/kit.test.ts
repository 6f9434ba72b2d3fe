import { runConnectorKit } from '../kit/kit.ts'
import { feedDriver, formats } from './driver.ts'

for (const [name, format] of Object.entries(formats)) runConnectorKit(`feed, ${name}`, feedDriver(format))
