import { join } from 'node:path'
import { checkHouse, checkLayers } from './check.ts'

/** `node test/layers/main.ts layers|house`: prints what breaks the rules, one a line; exit code 1 when anything does. */
const checks = { layers: checkLayers, house: checkHouse }
const name = process.argv[2] === 'house' ? 'house' : 'layers'
const violations = checks[name](join(import.meta.dirname, '../..'))
for (const { path, line, rule } of violations) console.log(`${path}:${line}: ${rule}`)
process.exitCode = violations.length > 0 ? 1 : 0
