import type { Page } from '@playwright/test'
import { expect, test } from './support/app.ts'

test('the page has the desktop’s short list and nothing of Node or Electron', async ({ app, page }) => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
    native: 'dispatchNative' in window ? Object.keys(window.dispatchNative as object).sort() : null,
    origin: location.origin,
  }))
  expect(found.node).toEqual([])
  const native = ['chooseFile', 'openAttachment', 'openExternal', 'platform', 'setBadge', 'setLabels', 'setTheme']
  expect(found.native).toEqual(app.host === 'electron' ? native : null)
  expect(found.origin).toBe(app.server?.origin ?? 'app://office')
})

test('the page is served with the strict policy', async ({ page }) => {
  const response = await page.reload()
  const headers = response?.headers() ?? {}
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
  expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*/)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })
})

interface Attempt {
  what: string
  /** An element to put into the page, and whether to click it. */
  element: string
  attributes?: Record<string, string>
  text?: string
  click?: boolean
}
const elements: Attempt[] = [
  { what: 'an inline script', element: 'script', text: 'window.ran = true' },
  { what: 'a script from elsewhere', element: 'script', attributes: { src: 'https://elsewhere.invalid/x.js' } },
  { what: 'a script in data:', element: 'script', attributes: { src: 'data:text/javascript,window.ran=true' } },
  { what: 'a handler in an attribute', element: 'b', attributes: { onclick: 'window.ran = true' }, click: true },
  { what: 'a javascript: link', element: 'a', attributes: { href: 'javascript:window.ran=true' }, click: true },
  { what: 'a frame from elsewhere', element: 'iframe', attributes: { src: 'https://elsewhere.invalid/' } },
  { what: 'a plug-in', element: 'object', attributes: { data: 'https://elsewhere.invalid/' } },
  { what: 'a picture without encryption', element: 'img', attributes: { src: 'http://elsewhere.invalid/x.png' } },
  {
    what: 'a style sheet from elsewhere',
    element: 'link',
    attributes: { rel: 'stylesheet', href: 'https://elsewhere.invalid/' },
  },
  { what: 'another base address', element: 'base', attributes: { href: 'https://elsewhere.invalid/' } },
]
test('the policy stops whatever an injected element would load or run', async ({ page }) => {
  for (const attempt of elements) {
    await test.step(attempt.what, async () => {
      await record(page)
      await page.evaluate(({ element, attributes, text, click }) => {
        const made = document.createElement(element)
        for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value)
        made.textContent = text ?? ''
        document.body.append(made)
        if (click) made.click()
      }, attempt)
      await expect.poll(() => recorded(page)).not.toEqual([])
      expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    })
  }
})

const requests: [string, string, () => unknown][] = [
  ['a call to elsewhere', 'connect-src', () => void fetch('https://elsewhere.invalid/').catch(() => undefined)],
  ['a socket to elsewhere', 'connect-src', () => void new WebSocket('wss://elsewhere.invalid/')],
  ['a beacon', 'connect-src', () => void navigator.sendBeacon('https://elsewhere.invalid/', 'x')],
  ['a worker', 'worker-src', () => void new Worker('data:text/javascript,1')],
]
test('the policy stops calls to elsewhere', async ({ page }) => {
  for (const [what, directive, attempt] of requests) {
    await test.step(what, async () => {
      await record(page)
      // Some of these throw, some are only refused; the policy tells of both.
      await page.evaluate(attempt).catch(() => undefined)
      await expect.poll(() => recorded(page)).toContain(directive)
    })
  }
})

test('text is never made into code', async ({ page }) => {
  await record(page)
  // Later, because the tools that drive the page may do this while they speak to it.
  const outcome = await page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(new Function('return "ran"')())
          } catch {
            resolve('refused')
          }
        })
      }),
  )
  expect(outcome).toBe('refused')
  expect(await recorded(page)).toContain('script-src')
})

test('a form cannot be sent anywhere', async ({ page }) => {
  const before = page.url()
  await record(page)
  await page.evaluate(() => {
    const form = document.createElement('form')
    form.action = 'https://elsewhere.invalid/'
    document.body.append(form)
    form.submit()
  })
  await expect.poll(() => recorded(page)).toContain('form-action')
  expect(page.url()).toBe(before)
})

test('every permission is refused', async ({ page }) => {
  const states = await page.evaluate(async () => {
    const refused = async (ask: () => Promise<unknown>) =>
      await ask().then(
        () => 'granted',
        () => 'refused',
      )
    return {
      place: await refused(() => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))),
      camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await refused(() => navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await refused(() => navigator.mediaDevices.getDisplayMedia()),
      midi: await refused(() => navigator.requestMIDIAccess({ sysex: true })),
    }
  })
  expect(states).toEqual({ place: 'refused', camera: 'refused', microphone: 'refused', screen: 'refused', midi: 'refused' })
})

test('a message’s frame shows its styles, runs nothing, loads nothing and goes nowhere', async ({ page }) => {
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const before = page.url()
  await page.evaluate(async () => {
    const frame = document.createElement('iframe')
    frame.sandbox.value = ''
    frame.title = 'message under test'
    frame.srcdoc = `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:">
      <p style="color: rgb(1, 2, 3)">styled</p><script>parent.document.title = 'ran'</script>
      <img src="https://elsewhere.invalid/track.png"><img src=x onerror="top.document.title = 'ran'">
      <a href="https://elsewhere.invalid/">away</a><a href="javascript:top.document.title='ran'">script</a>
      <a href="https://elsewhere.invalid/top" target="_top">top</a>
      <form action="https://elsewhere.invalid/"><button>send</button></form>
      <meta http-equiv="refresh" content="0;url=https://elsewhere.invalid/refresh">`
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    document.body.append(frame)
    await loaded
  })
  const message = page.frameLocator('iframe[title="message under test"]')
  await expect(message.getByText('styled')).toHaveCSS('color', 'rgb(1, 2, 3)')
  for (const name of ['script', 'top']) await message.getByRole('link', { name, exact: true }).dispatchEvent('click')
  await message.getByRole('button').dispatchEvent('click')
  expect(await page.title()).not.toBe('ran')
  expect(requests.filter((url) => url.includes('elsewhere.invalid'))).toEqual([])
  expect(page.url()).toBe(before)
})

/** Begins to note which directives of the page's policy refused something. */
async function record(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { refusals: seen })
    document.addEventListener('securitypolicyviolation', (event) => {
      seen.push(event.effectiveDirective.replace(/-(elem|attr)$/, ''))
    })
  })
}

async function recorded(page: Page): Promise<string[]> {
  return await page.evaluate(() => (window as unknown as { refusals: string[] }).refusals)
}
