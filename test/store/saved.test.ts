import { expect, test } from 'vitest'
import { direct } from './direct.ts'

const at = '2026-02-03T04:05:06.789Z'

test('searches are kept by name, and a name is one search whatever its case', () => {
  const { read, write } = direct()
  expect(read.savedSearches()).toEqual([])
  const first = write.saveSearch({ name: 'Pensions', text: 'pension', at })
  write.saveSearch({ name: 'bridges', text: 'bridge OR tunnel', at })
  const again = write.saveSearch({ name: 'PENSIONS', text: 'pension from:ana', at: '2026-02-04T00:00:00.000Z' })
  expect(again).toEqual({ id: first.id, name: 'PENSIONS', text: 'pension from:ana', savedAt: '2026-02-04T00:00:00.000Z' })
  expect(read.savedSearches().map(({ name }) => name)).toEqual(['bridges', 'PENSIONS'])
})

test('a saved search gets another name, unless another one has it', () => {
  const { read, write } = direct()
  const one = write.saveSearch({ name: 'One', text: 'x', at })
  write.saveSearch({ name: 'Two', text: 'y', at })
  expect(write.renameSearch(one.id, 'one').name).toBe('one')
  expect(() => write.renameSearch(one.id, 'TWO')).toThrow(
    expect.objectContaining({ code: 'name_taken', params: { name: 'TWO' } }),
  )
  expect(() => write.renameSearch('99', 'Three')).toThrow(expect.objectContaining({ code: 'not_found' }))
  write.removeSearch(one.id)
  expect(() => write.removeSearch(one.id)).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(read.savedSearches().map(({ name }) => name)).toEqual(['Two'])
})
