import { spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifierFiles } from '#hosts/verifier/files.ts'
import { fill } from '#hosts/verifier/tell.ts'
import { languages, wordsFor } from '#hosts/verifier/words/index.ts'
import { chromiumBinary } from '../support/needed.ts'
import { needs } from '../support/needs.ts'
import { judge, packFolder } from './support/judge.ts'
import { makePack } from './support/pack.ts'

const repo = join(import.meta.dirname, '../..')
const { emptyFolder, write } = packFolder()

/** A folder with the verifier and nothing else: nothing of this project is near it. */
let alone = ''
beforeAll(async () => {
  alone = emptyFolder()
  for (const [name, bytes] of Object.entries(await verifierFiles(repo))) writeFileSync(join(alone, name), bytes)
}, 120_000)

/** Packs that a verifier has to tell apart. */
const packs: [string, () => string][] = [
  ['a good one', () => write(makePack({ ledgers: ['7', '12'], redacted: [1], imported: [3] }))],
  [
    'one that was damaged',
    () => {
      const dir = write(makePack())
      appendFileSync(join(dir, 'data/records/7/0/1.eml'), 'x')
      writeFileSync(join(dir, 'extra.txt'), '')
      return dir
    },
  ],
  [
    'one that was forged',
    () => {
      const pack = makePack()
      const lines = String(pack.files.get('data/records/7.jsonl'))
      pack.files.set('data/records/7.jsonl', Buffer.from(lines.replace('imaps:', 'imapx:').replace('"seq":8', '"seq":9')))
      return write(pack)
    },
  ],
  ['none', () => emptyFolder()],
]

describe('verify.js by Node', () => {
  const run = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [join(alone, 'verify.js'), ...args], { encoding: 'utf8', env: { ...env, PATH: '' }, cwd: alone })

  it.each(packs)('gives the same verdict as the program on %s', async (_, make) => {
    const dir = make()
    const expected = await judge(dir)
    const { stdout, stderr, status } = run([dir, '--json'])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(status).toBe(expected.valid ? 0 : 1)
  })

  it('runs in a folder whose scripts are modules', async () => {
    const dir = write(makePack())
    writeFileSync(join(alone, 'package.json'), '{"type":"module"}')
    expect(run([dir, '--json']).status).toBe(0)
    writeFileSync(join(alone, 'package.json'), '{"type":"commonjs"}')
    expect(run([dir, '--json']).status).toBe(0)
  })

  it('speaks the language of whoever asks', () => {
    const dir = write(makePack())
    expect(run([dir]).stdout).toContain('This pack is valid.\n12 records')
    expect(run([dir], { LANG: 'fr_CA.UTF-8' }).stdout).toContain('Ce dossier est valide.')
    expect(run([dir, '--lang', 'ar'], { LANG: 'fr_CA.UTF-8' }).stdout).toContain('هذه الحزمة صحيحة.')
  })

  it('takes keys, and says what it did not understand', () => {
    const dir = write(makePack())
    expect(run([dir, '--key', 'another']).status).toBe(1)
    for (const args of [[], ['--json'], [dir, dir], [dir, '--key'], ['--what', dir], [join(dir, 'bagit.txt')]]) {
      const { status, stderr, stdout } = run(args)
      expect([status, stdout], args.join(' ')).toEqual([2, ''])
      expect(stderr).toContain('node verify.js')
    }
  })
})

needs('chromium')('verify.html in a browser', () => {
  let browser: Browser
  let page: Page
  const asked: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumBinary() ?? '', args: ['--no-sandbox'] })
    const context = await browser.newContext({ locale: 'es-MX', viewport: { width: 900, height: 900 } })
    page = await context.newPage()
    page.on('pageerror', (error) => asked.push(error.message))
    page.on('console', (message) => asked.push(message.text()))
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(pathToFileURL(join(alone, 'verify.html')).href)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
  })
  const english = () => page.getByRole('combobox').selectOption('en')
  const choose = async (dir: string) => {
    await page.locator('#folder').setInputFiles(dir)
    await page.locator('#headline').waitFor()
  }

  it('begins in the language of the browser and changes to any other', async () => {
    await page.getByRole('heading', { name: languages['es']?.title ?? '' }).waitFor()
    await page.getByLabel('Idioma').selectOption('ar')
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    expect(await page.getByRole('button').textContent()).toBe(languages['ar']?.choose)
    await english()
    expect(await page.title()).toBe('Verifier of evidence packs')
  })

  it.each(packs.slice(0, 3))('says of %s what the program says', async (_, make) => {
    const dir = make()
    const { valid, problems } = await judge(dir)
    await english()
    await choose(dir)
    expect(await page.locator('#headline').textContent()).toBe(valid ? 'This pack is valid.' : 'This pack is not valid.')
    const text = (await page.locator('#result').textContent()) ?? ''
    for (const { path } of problems) expect(text).toContain(path)
    if (valid) expect(text).toContain('What is wrongNothing.')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('headline')
  })

  it('takes a folder that is dropped', async () => {
    const dir = write(makePack({ records: 2 }))
    await english()
    // A drop cannot be made with files of the disk, so the entries are those that a browser would hand over.
    const files = ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt', 'tagmanifest-sha256.txt']
    const contents = files.map((name) => [name, readFileSync(join(dir, name), 'utf8')])
    await page.evaluate((given) => {
      const entry = (name: string, text: string) => ({
        ...{ isDirectory: false, name },
        file: (take: (file: File) => void) => take(new File([text], name)),
      })
      const inner = given.map(([name = '', text = '']) => entry(name, text))
      const folder = {
        ...{ isDirectory: true, name: 'bag' },
        createReader: () => ({ readEntries: (take: (some: unknown[]) => void) => take(inner.splice(0, 3)) }),
      }
      const event = new Event('drop', { cancelable: true })
      Object.assign(event, { dataTransfer: { items: [{ webkitGetAsEntry: () => folder }] } })
      document.dispatchEvent(event)
    }, contents)
    await page.locator('#headline').waitFor()
    const text = (await page.locator('#result').textContent()) ?? ''
    expect(text).toContain('data/pack.json: missing.')
    expect(text).not.toContain('bagit.txt: ')
  })

  it('can be used by everyone, in every language', async () => {
    await choose(packs[1]?.[1]() ?? '')
    for (const code of Object.keys(languages)) {
      await page.getByRole('combobox').selectOption(code)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id }) => id)).toEqual([])
    }
  })

  it('asks nobody for anything and has no errors', () => {
    expect(asked.filter((one) => !one.startsWith('file:'))).toEqual([])
  })
})

describe('the words of the verifier', () => {
  const english = wordsFor([]).words
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort()

  it.each(Object.entries(languages))('in %s leave the same to be filled in', (_, words) => {
    const flat = (all: object): [string, string][] =>
      Object.entries(all).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : flat(value),
      )
    const own = flat(words)
    for (const [index, [name, text]] of flat(english).entries()) {
      expect(own[index]?.[0]).toBe(name)
      expect(holes(own[index]?.[1] ?? ''), name).toEqual(holes(text))
    }
  })

  it('are found by the names that systems and browsers use', () => {
    expect(wordsFor(['de-DE', 'fr-CA', 'es']).code).toBe('fr')
    expect(wordsFor(['', 'es_ES.UTF-8']).code).toBe('es')
    expect(wordsFor(['C', 'xx']).code).toBe('en')
    expect(wordsFor(['constructor']).code).toBe('en')
  })

  it('show nothing that a terminal would obey', () => {
    expect(fill(english, '{a}', { a: '\u001b[2J\u202edrowssap\n' })).toBe(' [2J drowssap ')
  })

  it('keep the direction of what is put into them', () => {
    expect(fill(wordsFor(['ar']).words, '{a}: {b}', { a: '2026-01-31', b: '' })).toBe('\u20682026-01-31\u2069: ')
  })
})
