import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contractDocument } from './document.ts'

test('the contract is documented as it is', async () => {
  const file = join(import.meta.dirname, '../../docs/contract.md')
  await expect(contractDocument()).toMatchFileSnapshot(file)
})
