/**
 * What runs in the page of a pack: plain JavaScript for any browser of the last years, from a disk, without a network. Texts of
 * messages become text nodes and nothing else. Messages lie in parts, newest first; a search walks through them and stops at
 * a page, so that a million of them need no more memory than a few thousand.
 */
export const pageScript = String.raw`'use strict'
;(() => {
  const PAGE = 50
  const KEPT = 24
  const byId = (id) => document.getElementById(id)
  const parts = new Map()
  const waiting = new Map()
  let index = { parts: [], total: 0, redacted: 0, about: null }
  let words = packWords.en
  let language = 'en'
  let listed = []
  let terms = []
  let cursor = null
  let run = 0

  // ---- loading

  globalThis.packIndex = (loaded) => {
    index = loaded
    setLanguage(choose(navigator.languages || [navigator.language]))
    start('')
    route()
  }
  globalThis.packPart = (number, rows) => {
    parts.set(number, rows)
    for (const old of parts.keys()) {
      if (parts.size <= KEPT) break
      if (old !== number) parts.delete(old)
    }
    const done = waiting.get(number)
    waiting.delete(number)
    if (done) done.resolve(rows)
  }
  function load(number) {
    const there = parts.get(number)
    if (there) return Promise.resolve(there)
    const before = waiting.get(number)
    if (before) return before.promise
    const wait = {}
    wait.promise = new Promise((resolve, reject) => Object.assign(wait, { resolve, reject }))
    waiting.set(number, wait)
    const script = document.createElement('script')
    const path = 'data/' + Math.floor(number / 1000) + '/' + number + '.js'
    script.src = path
    script.onload = () => script.remove()
    script.onerror = () => {
      script.remove()
      waiting.delete(number)
      wait.reject(new Error(path))
    }
    document.head.append(script)
    return wait.promise
  }

  // ---- comparing

  const gap = /(?:\n[>|\s]*|\s)+/gu
  const ignored = /[\p{M}\p{Cf}\u0640]/gu
  function fold(text) {
    const plain = text.replace(gap, ' ').normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD')
    return plain.replace(ignored, '').replace(/ς/g, 'σ').replace(/ {2,}/g, ' ')
  }
  function foldedOf(row) {
    if (row.folded === undefined) row.folded = fold([row.f, row.t.join(', '), row.j, row.x].join('\n'))
    return row.folded
  }
  function termsOf(query) {
    const found = []
    for (const [, phrase, word] of query.matchAll(/"([^"]*)"|(\S+)/g)) {
      const term = fold(phrase === undefined ? word : phrase).trim()
      if (term !== '') found.push(term)
    }
    return found
  }
  function spans(text) {
    let folded = ''
    const starts = []
    for (const found of text.matchAll(/(?:\n[>|\s]*|\s)+|[\s\S]/gu)) {
      const piece = fold(found[0])
      for (let unit = 0; unit < piece.length; unit++) starts.push(found.index)
      folded += piece
    }
    starts.push(text.length)
    const all = []
    for (const term of terms) {
      for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
        all.push([starts[at], starts[at + term.length]])
      }
    }
    return all.sort((a, b) => a[0] - b[0])
  }

  // ---- building

  function make(tag, name, text) {
    const element = document.createElement(tag)
    if (name) element.className = name
    if (text !== undefined) element.textContent = text
    return element
  }
  function marked(tag, name, text) {
    const element = make(tag, name)
    element.dir = 'auto'
    let at = 0
    for (const [from, to] of terms.length === 0 ? [] : spans(text)) {
      if (from < at) continue
      element.append(text.slice(at, from), make('mark', '', text.slice(from, to)))
      at = to
    }
    element.append(text.slice(at))
    return element
  }
  function say(name, values) {
    return words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]))
  }
  const number = (value) => new Intl.NumberFormat(language).format(value)
  function date(value) {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
    return format.format(new Date(value)) + ' UTC'
  }
  /** The text around the first hit, from at most a few hundred characters. */
  function extract(text) {
    const line = text.slice(0, 20000).replace(/\s+/g, ' ')
    const hit = terms.length === 0 ? undefined : spans(line)[0]
    const from = hit === undefined || hit[0] < 60 ? 0 : line.indexOf(' ', hit[0] - 60) + 1
    return (from > 0 ? '… ' : '') + line.slice(from, from + 220)
  }
  function item(place, row) {
    const link = make('a')
    link.href = '#m/' + place.join('/')
    const line = make('div', 'line')
    const time = make('time', '', date(row.a))
    time.dateTime = row.a
    line.append(marked('span', 'who', row.f), time)
    link.append(line, marked('div', 'subject', row.j || words.noSubject), marked('div', 'part', extract(row.x)))
    if (row.b.length > 0) link.append(make('span', 'black', words.redacted))
    const entry = make('li')
    entry.append(link)
    return entry
  }

  // ---- list and search

  async function start(query) {
    terms = termsOf(query)
    cursor = [0, 0]
    listed = []
    byId('list').replaceChildren()
    await more()
  }
  async function more() {
    const mine = ++run
    byId('more').hidden = true
    const wanted = listed.length + PAGE
    try {
      for (; cursor[0] < index.parts.length && listed.length < wanted; cursor = [cursor[0] + 1, 0]) {
        const rows = await load(cursor[0])
        if (mine !== run) return
        const fresh = document.createDocumentFragment()
        let row = cursor[1]
        for (; row < rows.length && listed.length < wanted; row++) {
          if (!terms.every((term) => foldedOf(rows[row]).includes(term))) continue
          const place = [cursor[0], row]
          listed.push(place)
          fresh.append(item(place, rows[row]))
        }
        byId('list').append(fresh)
        if (row < rows.length) {
          cursor = [cursor[0], row]
          break
        }
        if (terms.length > 0) status(say('searching', { done: number(cursor[0] + 1), all: number(index.parts.length) }))
      }
    } catch (error) {
      status(say('missing', { path: error.message }))
      return
    }
    const ended = cursor[0] >= index.parts.length
    byId('more').hidden = ended
    const values = { count: number(listed.length), all: number(index.total) }
    if (terms.length === 0) status(say('shown', values))
    else status(say(listed.length === 0 ? 'none' : ended ? 'found' : 'foundSoFar', values))
  }
  function status(text) {
    byId('status').textContent = text
  }

  // ---- one message

  const opens = /\.(eml|json|txt)$/
  function fileLink(path) {
    // Pages and drawings that came from a network could run scripts: their place is told, not opened.
    if (!opens.test(path)) return make('code', '', 'data/' + path)
    const link = make('a', '', 'data/' + path)
    link.href = '../' + path
    return link
  }
  function facts(row) {
    const list = make('dl')
    const add = (name, ...values) => {
      const place = make('dd')
      place.append(...values)
      list.append(make('dt', '', words[name]), place)
    }
    add('from', marked('span', '', row.f))
    if (row.t.length > 0) add('to', marked('span', '', row.t.join(', ')))
    add('date', date(row.a))
    add('captured', date(row.c))
    const identity = index.about.identities[row.l]
    add('kind', row.w + ' / ' + row.k + (identity ? ' · ' + identity[0] : ''))
    if (row.n > 1) add('record', row.r + ' · ' + say('version', { version: row.v, versions: row.n }))
    else add('record', row.r)
    if (row.u) add('link', make('span', '', row.u))
    add(row.b.length > 0 ? 'copy' : 'file', fileLink(row.p))
    for (const [name, type, size, path] of row.d) {
      const about = [type, size ? number(size) + ' B' : ''].filter(Boolean).join(', ')
      const text = marked('span', '', name)
      add('files', text, about ? ' (' + about + ') ' : '', path ? make('code', '', 'data/' + path) : '')
    }
    for (const [reason, by] of row.b) add('redacted', say('redactedBy', { reason, by }))
    return list
  }
  function steps(place) {
    const bar = make('nav')
    const step = (name, href) => {
      const link = make('a', '', words[name])
      link.href = href
      bar.append(link)
    }
    step('back', '#')
    const at = listed.findIndex((other) => other[0] === place[0] && other[1] === place[1])
    if (at > 0) step('newer', '#m/' + listed[at - 1].join('/'))
    if (at >= 0 && at + 1 < listed.length) step('older', '#m/' + listed[at + 1].join('/'))
    return bar
  }
  async function open(place) {
    let rows
    try {
      rows = await load(place[0])
    } catch (error) {
      status(say('missing', { path: error.message }))
      return
    }
    const row = rows[place[1]]
    if (row === undefined) return
    const article = byId('message')
    article.replaceChildren(steps(place), marked('h2', '', row.j || words.noSubject), facts(row), marked('div', 'text', row.x))
    if (row.z) article.append(make('p', '', words.cut))
    show(true)
    article.focus()
    scrollTo(0, 0)
  }
  let opened = null
  function show(one) {
    for (const id of ['list', 'status']) byId(id).hidden = one
    byId('more').hidden = one || cursor === null || cursor[0] >= index.parts.length
    byId('message').hidden = !one
  }
  function route() {
    const found = /^#m\/(\d+)\/(\d+)$/.exec(location.hash)
    if (found) {
      opened = [Number(found[1]), Number(found[2])]
      open(opened)
      return
    }
    show(false)
    if (opened === null) return
    const link = document.querySelector('a[href="#m/' + opened.join('/') + '"]')
    opened = null
    if (link) link.focus()
  }

  // ---- words

  function choose(wanted) {
    for (const tag of wanted) {
      const name = String(tag).split('-')[0]
      if (packWords[name]) return name
    }
    return 'en'
  }
  function setLanguage(name) {
    language = name
    words = packWords[name]
    document.documentElement.lang = name
    document.documentElement.dir = name === 'ar' ? 'rtl' : 'ltr'
    document.title = words.title
    byId('title').textContent = words.title
    const { about } = index
    const made = say('about', { date: date(about.madeAt), who: about.madeBy, count: number(index.total) })
    const query = about.query ? ' ' + say('query', { query: about.query }) : ''
    const black = index.redacted > 0 ? ' ' + say('redactedCount', { count: number(index.redacted) }) : ''
    byId('about').textContent = made + query + black
    byId('derived').textContent = words.derived
    byId('label').textContent = words.search
    byId('language-label').textContent = words.language
    byId('more').textContent = words.more
    const select = byId('language')
    select.replaceChildren()
    for (const [tag, label] of Object.entries(packNames)) {
      const option = make('option', '', label)
      option.value = tag
      option.lang = tag
      option.selected = tag === name
      select.append(option)
    }
  }

  byId('form').addEventListener('submit', (event) => event.preventDefault())
  let typing
  byId('query').addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(() => {
      if (location.hash !== '') location.hash = ''
      start(byId('query').value)
    }, 150)
  })
  byId('language').addEventListener('change', () => {
    setLanguage(byId('language').value)
    start(byId('query').value)
    route()
  })
  byId('more').addEventListener('click', () => {
    const from = listed.length
    more().then(() => {
      const next = byId('list').children[from]
      if (next) next.firstChild.focus()
    })
  })
  addEventListener('hashchange', route)
})()
`
