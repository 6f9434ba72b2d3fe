export { fits } from './fits.ts'
export { countGraphemes, lengthOf } from './length.ts'
