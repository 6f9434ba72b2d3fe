import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { Inbox } from '#renderer/data/inbox.ts'
import { createNotices } from '#renderer/data/notices.ts'
import { inList } from '#renderer/data/rows.ts'
import { Triage } from '#renderer/data/triage.ts'
import type { Client } from '#shared/contract/client.ts'
import { ActId, ProblemError } from '#shared/model/index.ts'
import { makeRow, openFilter, Truth } from './rows-kit.ts'

/** A window on an engine that stores an act when it is told to. */
async function desk() {
  const truth = new Truth((row) => inList(row, openFilter, false))
  for (let i = 1; i <= 5; i++) truth.put(makeRow(i, i * 10))
  const waiting: { store: () => void; refuse: () => void }[] = []
  const undone: ActId[] = []
  let acts = 0
  const client = {
    inbox: {
      page: async (input: Parameters<Truth['page']>[0]) => truth.page(input),
      outline: async () => truth.outline(100),
    },
    conversations: {
      setState: () =>
        new Promise((resolve, reject) => {
          waiting.push({
            store: () => resolve({ act: ActId.parse(String(++acts)), changed: 1 }),
            refuse: () => reject(new ProblemError('disconnected')),
          })
        }),
      undo: async ({ act }: { act: ActId }) => {
        undone.push(act)
        return { changed: 1 }
      },
    },
  }
  const given = () => client as unknown as Client
  const inbox = new Inbox(given)
  await inbox.list.open()
  const notices = createNotices()
  const triage = new Triage(given, inbox, new QueryClient(), notices, () => true)
  const said = () => notices.list.get().map(({ text }) => text?.key)
  return { triage, waiting, undone, said }
}

it('what is undone is what was done last, also while that is still being stored', async () => {
  const { triage, waiting, undone } = await desk()
  const first = triage.setState([makeRow(1, 10)], 'done')
  waiting.shift()?.store()
  await first
  const second = triage.setState([makeRow(2, 20)], 'waiting')
  const undo = triage.undo()
  waiting.shift()?.store()
  await Promise.all([second, undo])
  expect(undone).toEqual(['2'])
  await triage.undo()
  expect(undone).toEqual(['2', '1'])
})

it('what the engine refused is not what is undone', async () => {
  const { triage, waiting, undone, said } = await desk()
  const refused = triage.setState([makeRow(1, 10)], 'done')
  const undo = triage.undo()
  waiting.shift()?.refuse()
  await Promise.all([refused, undo])
  expect(undone).toEqual([])
  expect(said()).toContain('act.nothingToUndo')
})
