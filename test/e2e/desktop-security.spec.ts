import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { makeCertificate } from '../support/certificate.ts'
import { type App, expect, test } from './support/app.ts'
import { repo } from './support/places.ts'

type Native = Record<string, (...args: unknown[]) => Promise<unknown>>

test('windows are sandboxed, isolated and without Node', async ({ app }) => {
  const found = await main(app).evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) => (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences()),
  )
  expect(found).toEqual([
    expect.objectContaining({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      nodeIntegrationInSubFrames: false,
    }),
  ])
})

test('the page stays where it is', async ({ app, page }) => {
  // What the renderer itself lets a page try; file:, data: and javascript: it refuses before anyone is asked.
  const asked = ['https://elsewhere.invalid/', 'app://other/', 'app://office/assets/x.js']
  for (const [index, target] of [...asked, 'file:///etc/passwd', 'data:text/html,x', 'javascript:1'].entries()) {
    await page.evaluate((to) => {
      location.href = to
    }, target)
    await expect.poll(() => logged(app, 'navigation_refused')).toBe(Math.min(index + 1, asked.length))
  }
  expect(page.url()).toBe('app://office/')
})

test('no window is opened; an https link goes to the browser', async ({ app, page }) => {
  const opened = await recordOpened(app)
  const windows = await page.evaluate(() =>
    ['https://example.org/a b', 'http://example.org/', 'file:///etc/passwd', 'app://office/', 'about:blank'].map(
      (url) => window.open(url) !== null,
    ),
  )
  expect(windows).toEqual([false, false, false, false, false])
  expect(await opened()).toEqual(['https://example.org/a%20b'])
  expect(await main(app).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('only https and mail addresses leave the program', async ({ app, page }) => {
  const opened = await recordOpened(app)
  const addresses = [
    'https://example.org/x?y=1#z',
    'mailto:clerk@parliament.example?subject=Hi',
    'http://example.org/',
    'https://user:secret@example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-msdt:/id',
    'vscode://x',
    '\u0001https://',
    'https:',
    `https://example.org/${'x'.repeat(5000)}`,
  ]
  const outcomes = await page.evaluate(async (urls) => {
    const native = (window as unknown as { dispatchNative: Native }).dispatchNative
    return await Promise.all(
      urls.map((url) =>
        native['openExternal']?.(url).then(
          () => 'opened',
          () => 'refused',
        ),
      ),
    )
  }, addresses)
  expect(outcomes).toEqual(['opened', 'opened', ...addresses.slice(2).map(() => 'refused')])
  expect(await opened()).toEqual(addresses.slice(0, 2))
})

test('attachments are opened from a private copy, and only kinds that cannot run', async ({ app, page }) => {
  await main(app).evaluate(({ shell }) => {
    const paths: string[] = []
    Object.assign(globalThis, { openedPaths: paths })
    shell.openPath = async (path) => {
      paths.push(path)
      return ''
    }
  })
  const names = [
    '../../Réponse.PDF',
    'run.exe',
    'page.html',
    'picture.svg',
    'a.pdf.desktop',
    'macro.docm',
    'x.lnk',
    'no-end',
    'ﬀ\u202egpj.exe',
  ]
  const outcomes = await page.evaluate(async (given) => {
    const native = (window as unknown as { dispatchNative: Native }).dispatchNative
    const bytes = new TextEncoder().encode('%PDF-1.7').buffer
    return await Promise.all(
      given.map((name) =>
        native['openAttachment']?.(name, bytes).then(
          (outcome) => outcome,
          () => 'refused',
        ),
      ),
    )
  }, names)
  expect(outcomes).toEqual(['opened', ...names.slice(1).map(() => 'kind')])
  const [path = '', ...others] = await main(app).evaluate(() => (globalThis as unknown as { openedPaths: string[] }).openedPaths)
  expect(others).toEqual([])
  expect(path).toMatch(/[/\\]dispatch-box-[^/\\]+[/\\]Réponse\.PDF$/)
  expect(await readFile(path, 'utf8')).toBe('%PDF-1.7')
  await app.restart()
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('another page with the same bridge is not heard', async ({ app }) => {
  const outcome = await main(app).evaluate(
    async ({ BrowserWindow }, preload) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } })
      const ask = `new Promise((resolve) => {
        const words = []
        window.addEventListener('message', (event) => event.data.type === 'dispatch-port' && words.push('port'))
        window.postMessage({ type: 'dispatch-ready' }, '*')
        dispatchNative.chooseFile({ kind: 'file' }).then(() => words.push('chosen'), (error) => words.push(String(error)))
          .then(() => dispatchNative.setBadge(1)).then(() => words.push('set'), () => resolve(words))
      })`
      const words: unknown[] = []
      for (const url of ['data:text/html,other', 'app://office/']) {
        await other.loadURL(url)
        words.push(await other.webContents.executeJavaScript(ask))
      }
      other.destroy()
      return words
    },
    join(repo, 'out', 'preload', 'preload.cjs'),
  )
  const refused = [expect.stringContaining('Only the windows of this program may ask for that.')]
  expect(outcome).toEqual([refused, refused])
  expect(await logged(app, 'sender_refused')).toBeGreaterThanOrEqual(4)
})

test('wrong arguments to the bridge are refused', async ({ page }) => {
  const outcomes = await page.evaluate(async () => {
    const native = (window as unknown as { dispatchNative: Native }).dispatchNative
    const asked: [string, unknown[]][] = [
      ['openExternal', [{ toString: 'x' }]],
      ['openAttachment', ['a.pdf', 'text']],
      ['openAttachment', ['', new ArrayBuffer(1)]],
      ['chooseFile', [{ kind: 'everything' }]],
      ['setBadge', [-1]],
      ['setTheme', ['sepia']],
      ['setLabels', [{ file: 'x' }]],
    ]
    return await Promise.all(
      asked.map(([name, args]) =>
        Promise.resolve(native[name]?.(...args)).then(
          () => `${name} taken`,
          () => 'refused',
        ),
      ),
    )
  })
  expect(outcomes).toEqual(outcomes.map(() => 'refused'))
})

test('the scheme serves the interface and nothing beside it', async ({ app }) => {
  const asked = [
    '/',
    '/index.html',
    '/../main/main.js',
    '/%2e%2e/main/main.js',
    '/assets/..%2f..%2fmain/main.js',
    '/%00',
    '//etc/passwd',
    '/.env',
  ]
  const statuses = await main(app).evaluate(async ({ net }, paths) => {
    const all = paths.map((path) => net.fetch(`app://office${path}`))
    all.push(net.fetch('app://office/', { method: 'POST', body: 'x' }), net.fetch('app://other/'))
    return (await Promise.all(all)).map((response) => response.status)
  }, asked)
  expect(statuses).toEqual([200, 200, 404, 404, 404, 404, 404, 404, 405, 404])
})

test('pictures from elsewhere load inside a message only, and tell nothing of who looks', async ({ app, page }) => {
  const dir = await mkdtemp(join(tmpdir(), 'dispatch-e2e-tls-'))
  makeCertificate(dir, 'self-signed')
  const seen: { url: string; headers: string }[] = []
  const files = { key: await readFile(join(dir, 'key.pem')), cert: await readFile(join(dir, 'cert.pem')) }
  const server = createServer(files, (request, response) => {
    seen.push({ url: request.url ?? '', headers: JSON.stringify(request.headers) })
    response.writeHead(200, { 'content-type': 'image/svg+xml', 'set-cookie': 'track=1; SameSite=None; Secure' })
    response.end('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await main(app).evaluate(({ session }) => session.defaultSession.setCertificateVerifyProc((_request, answer) => answer(0)))
  await page.evaluate(
    async (origin) => {
      const image = new Image()
      const failed = new Promise((resolve) => image.addEventListener('error', resolve))
      image.src = `${origin}/page`
      await failed
      for (const name of ['first', 'second']) {
        const frame = document.createElement('iframe')
        frame.sandbox.value = ''
        frame.srcdoc = `<img src="${origin}/${name}">`
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
        document.body.append(frame)
        await loaded
      }
    },
    `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
  )
  server.close()
  server.closeAllConnections()
  await rm(dir, { recursive: true })
  expect(seen.map(({ url }) => url)).toEqual(['/first', '/second'])
  for (const { headers } of seen) expect(headers).not.toMatch(/cookie|referer|electron|dispatch/i)
})

function main(app: App): ElectronApplication {
  if (!app.electron) throw new Error('This spec is for the desktop window.')
  return app.electron
}

/** Takes the place of the system's opener. @returns what it was given so far. */
async function recordOpened(app: App): Promise<() => Promise<string[]>> {
  await main(app).evaluate(({ shell }) => {
    const urls: string[] = []
    Object.assign(globalThis, { openedUrls: urls })
    shell.openExternal = async (url) => {
      urls.push(url)
    }
  })
  return () => main(app).evaluate(() => (globalThis as unknown as { openedUrls: string[] }).openedUrls)
}

/** How often the window's log tells of an event. */
async function logged(app: App, event: string): Promise<number> {
  const text = await readFile(join(app.places.data, 'logs', 'window.log'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line.includes(`"${event}"`)).length
}
