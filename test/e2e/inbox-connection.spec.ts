import type { WebSocketRoute } from '@playwright/test'
import { active, count, inboxShown, rows, withClient } from './inbox-kit.ts'
import { expect, test } from './support/app.ts'

test.use({ sample: true })

test('a lost connection is said calmly, comes back by itself, and the list is as it should be', async ({ app, page }) => {
  const sockets: WebSocketRoute[] = []
  let open = true
  if (app.host === 'server') {
    await page.routeWebSocket('**/rpc', (route) => {
      if (!open) {
        void route.close({ code: 1012 })
        return
      }
      route.connectToServer()
      sockets.push(route)
    })
    await page.reload()
  }
  await inboxShown(page)
  const before = await count(page)
  await page.keyboard.press('j')
  const lost = page.getByRole('status').filter({ hasText: 'The connection to the office was lost' })

  if (app.electron) {
    const pid = await app.electron.evaluate(
      ({ app: desktop }) => desktop.getAppMetrics().find((one) => one.name === 'dispatch-engine')?.pid,
    )
    if (pid === undefined) throw new Error('The engine is not among the processes.')
    process.kill(pid, 'SIGKILL')
  } else {
    open = false
    for (const socket of sockets) await socket.close({ code: 1012 })
    await expect(lost).toBeVisible()
    // What was there can still be read.
    await expect(rows(page).first()).toBeVisible()
    await withClient(app, async (client) => {
      const filter = { view: 'open', identityId: null, accountId: null, unreadOnly: false } as const
      const [, second] = (await client.inbox.page({ filter, from: null, until: null, limit: 2 })).rows
      if (second)
        await client.conversations.setState({ targets: [{ id: second.id, identityId: second.identityId }], state: 'done' })
    })
    open = true
    await lost.getByRole('button', { name: 'Try again' }).click()
  }

  await expect(lost).toHaveCount(0, { timeout: 30_000 })
  const expected = app.electron ? before : before - 1
  await expect.poll(() => count(page), { timeout: 30_000 }).toBe(expected)
  await expect(active(page)).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()
  await expect.poll(() => count(page)).toBe(expected - 1)
})
