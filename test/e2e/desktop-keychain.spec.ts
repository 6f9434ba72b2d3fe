import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { electronBinary, needed } from '../support/needed.ts'
import { expect, test } from './support/app.ts'
import { startElectron } from './support/hosts.ts'
import { makePlaces } from './support/places.ts'
import { rawFrames } from './support/raw.ts'

const missing = needed['secret-service'].missing()

test('with a Secret Service the key of the office is in the keychain, and nowhere else', async () => {
  test.skip(missing !== null, missing ?? '')
  const places = await makePlaces()
  await mkdir(places.data)
  const home = join(places.data, 'home')
  // A session bus and an unlocked keyring that live as long as the program.
  const through = join(places.data, 'with-keyring')
  const inside = `printf p | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec '${electronBinary()}' "$@"`
  await writeFile(
    through,
    `#!/bin/sh\nmkdir -p '${home}'\nexec dbus-run-session -- sh -c '${inside.replaceAll("'", `'\\''`)}' sh "$@"\n`,
  )
  await chmod(through, 0o755)
  const { DISPATCH_SECRETS: _file, ...env } = places.env
  const own = {
    ...places,

    env: { ...env, HOME: home, XDG_DATA_HOME: join(home, 'share'), XDG_RUNTIME_DIR: home },
  }
  for (const start of ['first', 'second']) {
    const { page, close } = await startElectron(own, { through })
    const [status] = await rawFrames(page, [{ text: '{"i":"1","p":{"u":"/office/status","b":{}}}' }])
    expect([start, status]).toMatchObject([start, { answer: { b: { json: { key: 'keychain', warnings: [] } } } }])
    await close()
  }
  expect(await readdir(places.data)).not.toContain('secrets')
  await places.remove()
})
