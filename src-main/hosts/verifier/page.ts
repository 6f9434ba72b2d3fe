import type { Verdict } from '#archive/verify/verdict.ts'
import { verifyPack } from '#archive/verify/verify.ts'
import { chosenFiles, droppedFiles, filesIo, type PageFiles, pagePrimitives } from './files-io.ts'
import { fill, type ToldSection, tell } from './tell.ts'
import { languages, wordsFor } from './words/index.ts'

/** `verify.html`: choose or drop a folder, read the verdict. */
export function startPage(document: Document): void {
  const place = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind
  const language = place<HTMLSelectElement>('language')
  const input = place<HTMLInputElement>('folder')
  const status = place('status')
  const result = place('result')
  let { code, words } = wordsFor(navigator.languages)
  let verdict: Verdict | null = null
  let latest = 0

  const show = () => {
    document.documentElement.lang = code
    document.documentElement.dir = words.direction
    document.title = words.title
    for (const element of document.querySelectorAll<HTMLElement>('[data-words]')) {
      element.textContent = String(words[element.dataset['words'] as 'title'])
    }
    result.replaceChildren(...(verdict === null ? [] : showVerdict(document, verdict, code)))
  }

  const check = async (given: PageFiles | Promise<PageFiles>) => {
    // Whoever drops another folder has lost interest in the first.
    const run = ++latest
    verdict = null
    show()
    let shown = 0
    try {
      const onProgress = (done: number, total: number) => {
        if (run !== latest || Date.now() - shown < 200) return
        shown = Date.now()
        status.textContent = fill(words, words.checking, { done, total })
      }
      status.textContent = fill(words, words.checking, { done: 0, total: '…' })
      const found = await verifyPack(filesIo(await given), pagePrimitives(), { onProgress })
      if (run !== latest) return
      verdict = found
      status.textContent = ''
      show()
      place('headline').focus()
    } catch (error) {
      if (run === latest)
        status.textContent = fill(words, words.failed, { detail: error instanceof Error ? error.message : String(error) })
    }
  }

  for (const [name, { language: own }] of Object.entries(languages)) language.append(new Option(own, name, false, name === code))
  language.addEventListener('change', () => {
    ;({ code, words } = wordsFor([language.value]))
    show()
  })
  place('choose').addEventListener('click', () => input.click())
  input.addEventListener('change', () => void check(chosenFiles(input.files ?? [])))
  document.addEventListener('dragover', (event) => event.preventDefault())
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer !== null) void check(droppedFiles(event.dataTransfer.items))
  })
  show()
}

function showVerdict(document: Document, verdict: Verdict, code: string): HTMLElement[] {
  const { words } = wordsFor([code])
  const told = tell(words, verdict)
  const headline = element(document, 'h2', told.headline)
  headline.id = 'headline'
  headline.tabIndex = -1
  headline.className = told.valid ? 'valid' : 'invalid'
  const sections = told.sections.map((section) => showSection(document, section, [words.statement, words.answer, words.why]))
  return [headline, element(document, 'p', told.about), ...sections]
}

function showSection(document: Document, { heading, lines, table }: ToldSection, heads: readonly string[]): HTMLElement {
  const section = document.createElement('section')
  section.append(element(document, 'h3', heading))
  if (lines.length > 1) {
    const list = document.createElement('ul')
    list.append(...lines.map((line) => element(document, 'li', line)))
    section.append(list)
  } else section.append(...lines.map((line) => element(document, 'p', line)))
  if (table !== null) section.append(showTable(document, table, heads))
  return section
}

function showTable(document: Document, rows: readonly (readonly string[])[], heads: readonly string[]): HTMLElement {
  const table = document.createElement('table')
  const head = table.createTHead().insertRow()
  for (const text of heads) head.append(scoped(document, text, 'col'))
  const body = table.createTBody()
  for (const [statement = '', ...cells] of rows) {
    const row = body.insertRow()
    row.append(scoped(document, statement, 'row'), ...cells.map((text) => element(document, 'td', text)))
  }
  return table
}

function scoped(document: Document, text: string, scope: 'col' | 'row'): HTMLElement {
  const cell = document.createElement('th')
  cell.scope = scope
  cell.textContent = text
  return cell
}

function element(document: Document, name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
