import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { repo } from './exec.ts'

const source = readFileSync(join(repo, 'src-main/hosts/launch/boot.cjs'), 'utf8')
let root = ''
let boot = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'boot-'))
  const folder = join(root, 'src-main/hosts/launch')
  mkdirSync(folder, { recursive: true })
  boot = join(folder, 'boot.cjs')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The starter as an old Node sees it: the version that it wants is one that nobody has. */
function wantNewer(): void {
  writeFileSync(boot, source.replace('const WANTED = 24', 'const WANTED = 999'))
}

/** A stand-in for the Node that `npm ci` brings. */
function bring(script: string): void {
  const folder = join(root, `node_modules/node-${process.platform}-${process.arch}/bin`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'node'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'node'), 0o755)
}

describe('the starter of all scripts', () => {
  it('runs the file in place on a Node that is new enough', () => {
    writeFileSync(boot, source)
    writeFileSync(join(root, 'say.ts'), 'const words: string[] = process.argv.slice(2)\nconsole.log(words.join("+"))\n')
    const ran = spawnSync(process.execPath, [boot, 'say.ts', 'a', '--b'], { encoding: 'utf8' })
    expect(ran).toMatchObject({ status: 0, stdout: 'a+--b\n' })
  })

  it.skipIf(process.platform === 'win32')('hands over to the Node that npm ci brought, which children find first', () => {
    wantNewer()
    bring('echo "$1 $2"; command -v node; exit 7')
    const ran = spawnSync(process.execPath, [boot, 'say.ts', 'a'], { encoding: 'utf8' })
    expect(ran.status).toBe(7)
    expect(ran.stdout.split('\n').slice(0, 2)).toEqual([
      `${join(root, 'say.ts')} a`,
      join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`),
    ])
  })

  it.skipIf(process.platform === 'win32')('passes signals on and waits for the end', async () => {
    wantNewer()
    bring('trap "echo ended; exit 3" TERM; echo $$; i=0; while [ $i -lt 400 ]; do i=$((i+1)); sleep 0.05; done')
    const child = spawn(process.execPath, [boot, 'say.ts'], { stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (/^\d+\n$/.test(output)) child.kill('SIGTERM')
    })
    expect(await ended).toBe(3)
    expect(output).toMatch(/^\d+\nended\n$/)
  })

  it('says what is missing when there is no such Node', () => {
    wantNewer()
    const ran = spawnSync(process.execPath, [boot, 'say.ts'], { encoding: 'utf8' })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toMatch(/^This needs Node 999; here is .* Run "npm ci"/)
  })
})
