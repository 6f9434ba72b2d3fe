import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writePrivateText } from '../ports/secret-file.ts'

/**
 * Opens an address in the person's browser, if there is one. The address holds a token, and command lines can be read by
 * every user of the computer, so the browser is given a private file that leads there.
 * @returns whether a browser was asked.
 */
export async function openBrowser(url: string, dataDir: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const command = browserCommand(env)
  if (command === null) return false
  const file = join(dataDir, 'open.html')
  const target = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  await writePrivateText(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${target}">\n`)
  const [program, ...args] = command
  return await new Promise((resolve) => {
    const child = spawn(program, [...args, pathToFileURL(file).href], { detached: true, stdio: 'ignore', env })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function browserCommand(env: NodeJS.ProcessEnv): [string, ...string[]] | null {
  if (process.platform === 'darwin') return ['open']
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return null
  const names = ['xdg-open', 'x-www-browser', 'firefox', 'chromium', 'google-chrome']
  const found = names.map((name) => findProgram(name, env)).find((path) => path !== null)
  return found ? [found] : null
}

function findProgram(name: string, env: NodeJS.ProcessEnv): string | null {
  const places = (env.PATH ?? '').split(delimiter).map((dir) => join(dir, name))
  return places.find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not in this folder.
    return false
  }
}
