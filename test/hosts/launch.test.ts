import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findElectron } from '#hosts/launch/electron.ts'
import { readOptions } from '#hosts/launch/options.ts'
import { openBrowser } from '#hosts/server/browser.ts'
import { afterwards, folder } from './support.ts'

const repo = join(import.meta.dirname, '../..')
const quiet = () => undefined

test('flags are read, and what does not fit is refused', () => {
  expect(readOptions([])).toEqual({ office: null, sample: false, port: 0, open: true, server: false })
  expect(readOptions(['--office', '/o', '--port', '8080', '--no-open', '--server'])).toEqual({
    office: '/o',
    sample: false,
    port: 8080,
    open: false,
    server: true,
  })
  expect(readOptions(['--sample']).office).toMatch(/offices[/\\]sample$/)
  expect(readOptions(['--sample', '--office=/o']).office).toBe('/o')
  for (const args of [['--port', 'x'], ['--port', '70000'], ['--port'], ['--unknown'], ['stray'], ['--office']]) {
    expect(() => readOptions(args), args.join(' ')).toThrow(expect.objectContaining({ code: 'bad_request' }))
  }
})

describe('Electron', () => {
  async function checkout(): Promise<string> {
    const root = await folder()
    await mkdir(join(root, 'node_modules', 'electron'), { recursive: true })
    return root
  }
  const shown = { DISPLAY: ':0' }

  test('is not looked for without a display', async () => {
    const found = await findElectron(await checkout(), {}, quiet)
    if (process.platform === 'linux') expect(found).toEqual({ missing: 'there is no display' })
  })
  test('is taken from where the environment says, if it is there', async () => {
    const root = await checkout()
    const env = { ...shown, ELECTRON_OVERRIDE_DIST_PATH: root }
    expect(await findElectron(root, env, quiet)).toEqual({ missing: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' })
    await writeFile(join(root, 'electron'), '')
    if (process.platform === 'linux') expect(await findElectron(root, env, quiet)).toEqual({ program: join(root, 'electron') })
  })
  test('is taken from its package when that has fetched it', async () => {
    const root = await checkout()
    const home = join(root, 'node_modules', 'electron')
    await mkdir(join(home, 'dist'))
    await writeFile(join(home, 'path.txt'), 'electron')
    await writeFile(join(home, 'dist', 'electron'), '')
    expect(await findElectron(root, shown, quiet)).toEqual({ program: join(home, 'dist', 'electron') })
  })
  test('that cannot be fetched is told of without a download', async () => {
    const root = await checkout()
    // Port 9 of this computer answers nobody.
    expect(await findElectron(root, { ...shown, ELECTRON_MIRROR: 'http://127.0.0.1:9/' }, quiet)).toEqual({
      missing: 'the Electron runtime cannot be downloaded here',
    })
    expect(await findElectron(root, { ...shown, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' }, quiet)).toEqual({
      missing: 'the Electron runtime is not here and its download is switched off',
    })
    expect(await findElectron(await folder(), shown, quiet)).toEqual({ missing: 'Electron is not installed' })
  })
})

describe('the browser', () => {
  test('is given a private file instead of the address with its token', async () => {
    const dir = await folder()
    const program = join(dir, 'xdg-open')
    await writeFile(program, `#!/bin/sh\nprintf %s "$1" > ${dir}/given\nstat -c %a ${dir}/open.html > ${dir}/mode\n`)
    await chmod(program, 0o755)
    const env = { DISPLAY: ':0', PATH: `${dir}:/usr/bin:/bin` }
    expect(await openBrowser('http://127.0.0.1:1/?token=abc&x=1', dir, env)).toBe(true)
    await expect.poll(() => readdir(dir)).toContain('mode')
    await expect.poll(async () => await text(join(dir, 'mode'))).toBe('600\n')
    expect(await text(join(dir, 'given'))).toBe(`file://${dir}/open.html`)
    expect(await text(join(dir, 'open.html'))).toContain('content="0;url=http://127.0.0.1:1/?token=abc&amp;x=1"')
  })
  test('is not needed', async () => {
    const dir = await folder()
    expect(await openBrowser('http://127.0.0.1:1/', dir, { PATH: dir, DISPLAY: ':0' })).toBe(false)
    expect(await openBrowser('http://127.0.0.1:1/', dir, { PATH: '/usr/bin' })).toBe(false)
    expect(await readdir(dir)).toEqual([])
  })
})

describe('npm start', () => {
  /** Starts the launcher as `npm start` does, and waits for the address it prints. */
  async function start(
    env: NodeJS.ProcessEnv,
    args: string[] = [],
  ): Promise<{ lines: string[]; link: string; child: ChildProcess }> {
    const dir = await folder()
    const boot = join(repo, 'src-main/hosts/launch/boot.cjs')
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...plain } = process.env
    const child = spawn(process.execPath, [boot, 'src-main/hosts/launch/start.ts', '--office', join(dir, 'office'), ...args], {
      env: { ...plain, PATH: '/nowhere', DISPATCH_DATA: join(dir, 'data'), DISPATCH_SECRETS: 'file', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    afterwards(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    })
    let said = ''
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It ended and said: ${said}`)))
    ended.catch(() => undefined)
    const link = await Promise.race([
      ended,
      new Promise<string>((resolve) => {
        child.stdout.on('data', (part: Buffer) => {
          said += part.toString()
          const found = /http:\/\/\S+/.exec(said)?.[0]
          if (found && said.includes('Ctrl+C')) resolve(found)
        })
      }),
    ])
    const lines = said.split('\n').filter((line) => !line.startsWith('Building'))
    return { lines, link, child }
  }

  test('without a display says so in one line, and serves the office', async () => {
    const { lines, link, child } = await start({})
    if (process.platform === 'linux')
      expect(lines[0]).toBe('No desktop window: there is no display. Opening in the browser instead.')
    expect(lines[1]).toBe(`Dispatch Box is at ${link}`)
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  test('with an Electron that does not start says why, and serves the office', async () => {
    const dir = await folder()
    await writeFile(join(dir, 'electron'), '#!/bin/sh\necho "cannot open shared object file" >&2\nexit 127\n')
    await chmod(join(dir, 'electron'), 0o755)
    const { lines, link } = await start({ DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: dir })
    expect(lines).toContain(
      'No desktop window: Electron could not start (cannot open shared object file). Opening in the browser instead.',
    )
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303)
  })

  test('goes on when nobody reads what it prints', async () => {
    const { link, child } = await start({}, ['--no-open'])
    child.stdout?.destroy()
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(303)
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  test('asked for the server says nothing of a window', async () => {
    const { lines } = await start({ DISPLAY: ':0' }, ['--server', '--no-open'])
    expect(lines[0]).toMatch(/^Dispatch Box is at http:\/\/127\.0\.0\.1:\d+\/\?token=/)
  })
})

const text = (file: string) => readFile(file, 'utf8')
