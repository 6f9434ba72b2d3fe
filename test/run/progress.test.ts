import { describe, expect, it } from 'vitest'
import { Follower } from './progress.ts'

describe('the progress of a run', () => {
  it('marks each file that ends, and knows which have not, however the text is cut', () => {
    const marks: string[] = []
    const follower = new Follower((mark) => marks.push(mark))
    const text =
      'begin test/a.test.ts\nbegin test/b.test.ts\nfail test/b.test.ts\nnoise\nbegin test/c.test.ts\npass test/a.test.ts\n'
    for (const character of text) follower.take(character)
    expect(marks).toEqual(['F', '.'])
    expect([...follower.underWay]).toEqual(['test/c.test.ts'])
  })
})
