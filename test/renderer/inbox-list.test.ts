import { afterEach, describe, expect, it, vi } from 'vitest'
import { Inbox } from '#renderer/data/inbox.ts'
import { InboxList } from '#renderer/data/inbox-list.ts'
import { inList } from '#renderer/data/rows.ts'
import type { Client } from '#shared/contract/client.ts'
import { type ConversationRow, ProblemError } from '#shared/model/index.ts'
import { conversation, makeRow, openFilter, Truth } from './rows-kit.ts'

afterEach(() => {
  vi.useRealTimers()
})

function engine(count: number) {
  const truth = new Truth((row) => inList(row, openFilter, false))
  for (let i = 1; i <= count; i++) truth.put(makeRow(i, i * 10))
  const asked: string[] = []
  let broken = false
  let gate: Promise<void> = Promise.resolve()
  const answer = async <Output>(name: string, work: () => Output): Promise<Output> => {
    asked.push(name)
    const output = work()
    await gate
    if (broken) throw new ProblemError('disconnected')
    return output
  }
  const inbox = {
    page: (input: Parameters<Truth['page']>[0]) => answer('page', () => truth.page(input)),
    outline: () => answer('outline', () => truth.outline(100)),
    keyAt: ({ at }: { at: string }) =>
      answer('keyAt', () => ({ key: truth.sorted().find((row) => row.at <= at)?.sortKey ?? null })),
  }
  return {
    truth,
    asked,
    client: () => ({ inbox }) as unknown as Client,
    break: (now: boolean) => {
      broken = now
    },
    /** Holds every answer back until the returned function is called. */
    hold(): () => void {
      let open: () => void = () => undefined
      gate = new Promise((resolve) => {
        open = resolve
      })
      return () => {
        gate = Promise.resolve()
        open()
      }
    },
  }
}

/** Until everything that was begun has been answered. */
const idle = () => new Promise((resolve) => setImmediate(resolve))
const all = (list: InboxList) => list.slice(0, list.total - 1).map((row) => row.id)

describe('a list of the inbox', () => {
  it('opens with its first rows and its length', async () => {
    const { client } = engine(1234)
    const list = new InboxList(client, openFilter)
    await list.open()
    expect(list.view.get()).toMatchObject({ ready: true, total: 1234, problem: null })
    expect(list.rowAt(0)?.id).toBe('1234')
  })

  it('fetches what is looked at and what is near, and not the rest', async () => {
    const { client, asked } = engine(5000)
    const list = new InboxList(client, openFilter)
    await list.open()
    asked.length = 0
    list.show(100, 120)
    await idle()
    expect(list.rowAt(100)?.id).toBe('4900')
    expect(list.rowAt(300)).not.toBeNull()
    expect(list.rowAt(4000)).toBeNull()
    expect(asked.length).toBeLessThanOrEqual(6)
  })

  it('fetches only what is looked at while the scroll bar is on its way, and what is near once one stays', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { client, asked } = engine(50_000)
      const list = new InboxList(client, openFilter)
      await list.open()
      asked.length = 0
      for (let from = 1000; from < 41_000; from += 2000) {
        list.show(from, from + 10)
        await idle()
        expect(list.rowAt(from)).not.toBeNull()
      }
      expect(asked.length).toBeLessThanOrEqual(40)
      expect(list.rowAt(39_000 + 200)).toBeNull()
      await vi.advanceTimersByTimeAsync(100)
      await idle()
      expect(list.rowAt(39_000 + 200)).not.toBeNull()
      expect(list.rowAt(37_000 + 200)).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('fetches a far row although the window is elsewhere', async () => {
    const { client } = engine(50_000)
    const list = new InboxList(client, openFilter)
    await list.open()
    list.view.subscribe(() => list.show(0, 10))
    expect((await list.fetchRow(49_999))?.id).toBe('1')
  })

  it('keeps a change that was told while rows were on their way', async () => {
    const { client, truth, hold } = engine(50)
    const release = hold()
    const list = new InboxList(client, openFilter)
    const opening = list.open()
    const done = makeRow(40, 400, { state: 'done' })
    truth.put(done)
    list.apply([done])
    release()
    await opening
    expect(list.get(conversation(40))).toBeNull()
    expect(all(list)).toEqual(truth.sorted().map((row) => row.id))
  })

  it('says what went wrong, asks no more by itself, and goes on when opened again', async () => {
    const { client, asked, break: breaks } = engine(500)
    const list = new InboxList(client, openFilter)
    await list.open()
    breaks(true)
    list.show(300, 310)
    await idle()
    expect(list.view.get().problem?.code).toBe('disconnected')
    asked.length = 0
    list.show(400, 410)
    await idle()
    expect(asked).toEqual([])
    breaks(false)
    await list.open()
    expect(list.view.get().problem).toBeNull()
    list.show(300, 310)
    await idle()
    expect(list.rowAt(300)?.id).toBe('200')
  })

  it('keeps what is in view in place when a message comes, until the view has moved on', async () => {
    const { client, truth } = engine(100)
    const list = new InboxList(client, openFilter)
    await list.open()
    list.show(0, 10)
    await idle()
    const moved = makeRow(95, 5000, { unread: 1 })
    truth.put(moved)
    list.apply([moved])
    expect(list.indexOf(conversation(95))).toBe(5)
    list.show(50, 60)
    expect(list.indexOf(conversation(95))).toBe(0)
  })

  it('reads the outline again when its counts are in doubt', async () => {
    vi.useFakeTimers()
    const { client, truth, asked } = engine(1000)
    const list = new InboxList(client, openFilter)
    await list.open()
    for (let i = 1; i <= 10; i++) truth.put(makeRow(i, i * 10, { state: 'done' }))
    asked.length = 0
    list.apply([1, 2, 3].map((id) => makeRow(id, id * 10, { state: 'done' })))
    expect(list.view.get().total).toBe(1000)
    await vi.advanceTimersByTimeAsync(1100)
    expect(asked.filter((name) => name === 'outline')).toHaveLength(1)
    expect(list.view.get().total).toBe(990)
  })
})

describe('the inbox of one person', () => {
  const row = (id: number, change: Partial<ConversationRow> = {}) => makeRow(id, id * 10, change)

  async function open(count: number) {
    const made = engine(count)
    const inbox = new Inbox(made.client)
    await inbox.list.open()
    return { ...made, inbox }
  }

  it('moves the cursor by rows and stops at the ends', async () => {
    const { inbox } = await open(3)
    await inbox.move(1)
    expect(inbox.place.get().cursor?.id).toBe('3')
    await inbox.move(1)
    await inbox.move(1)
    await inbox.move(1)
    expect(inbox.place.get().cursor?.id).toBe('1')
    await inbox.move(-5)
    expect(inbox.place.get().cursor?.id).toBe('3')
  })

  it('goes on from where the cursor’s row was when it has left the list', async () => {
    const { inbox } = await open(5)
    await inbox.moveTo(2)
    inbox.take([], [row(3, { state: 'done' })], false)
    expect(inbox.place.get().cursor).toMatchObject({ id: '3', state: 'done' })
    await inbox.move(1)
    expect(inbox.place.get().cursor?.id).toBe('2')
  })

  it('counts unread arrivals above the list’s top, once each, and not one’s own', async () => {
    const { inbox } = await open(5)
    inbox.take([makeRow(9, 900, { unread: 1 }), makeRow(10, 910, { unread: 1, outbound: true })], [], false)
    inbox.take([makeRow(9, 920, { unread: 2 })], [], false)
    expect([...inbox.place.get().news]).toEqual(['9'])
    inbox.seen()
    expect(inbox.place.get().news.size).toBe(0)
  })

  it('does not count arrivals that belong in another list or that are old', async () => {
    const { inbox } = await open(5)
    inbox.take([makeRow(9, 900, { unread: 1, state: 'done' }), makeRow(10, 5, { unread: 1 })], [], false)
    expect(inbox.place.get().news.size).toBe(0)
  })

  it('picks a stretch in either direction from where picking began', async () => {
    const { inbox } = await open(10)
    await inbox.moveTo(4)
    await inbox.pickTo(5)
    await inbox.pickTo(6)
    expect([...inbox.place.get().picked.keys()]).toEqual(['6', '5', '4'])
    await inbox.pickTo(3)
    expect([...inbox.place.get().picked.keys()]).toEqual(['7', '6'])
    expect(inbox.subjects().map(({ id }) => id)).toEqual(['7', '6'])
    inbox.pickNone()
    expect(inbox.subjects().map(({ id }) => id)).toEqual(['7'])
  })

  it('picks no more than one act can carry', async () => {
    const { inbox } = await open(6000)
    await inbox.pickAll()
    expect(inbox.place.get().picked.size).toBe(5000)
  })

  it('keeps a row in an unread list after it was read there', async () => {
    const truth = [row(1, { unread: 1 }), row(2, { unread: 1 })]
    const unread = { ...openFilter, unreadOnly: true }
    expect(truth.every((one) => inList(one, unread, false))).toBe(true)
    expect(inList(row(1), unread, true)).toBe(true)
    expect(inList(row(1), unread, false)).toBe(false)
  })
})
