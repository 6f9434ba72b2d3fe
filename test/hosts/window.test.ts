import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outsideAddress } from '#hosts/electron/addresses.ts'
import { Breaker } from '#hosts/electron/breaker.ts'
import { mayOpen, safeName } from '#hosts/electron/names.ts'
import { fitPlace } from '#hosts/electron/place.ts'

test('the breaker lets four crashes in five minutes pass, and stops at the fifth', () => {
  let now = 0
  const breaker = new Breaker(() => now)
  expect([1, 2, 3, 4, 5].map(() => breaker.crashed())).toEqual([true, true, true, true, false])
  breaker.reset()
  expect([1, 2, 3, 4].map(() => breaker.crashed())).toEqual([true, true, true, true])
  now += 5 * 60_000
  expect(breaker.crashed()).toBe(true)
})

test('slow crashes never trip the breaker', () => {
  let now = 0
  const breaker = new Breaker(() => now)
  for (let crash = 0; crash < 100; crash++) {
    expect(breaker.crashed()).toBe(true)
    now += 76_000
  }
})

const screens = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
]
test('the window comes back where a screen shows it, and otherwise anywhere', () => {
  const place = (x: number, y: number, width = 900, height = 700) =>
    fitPlace({ box: { x, y, width, height }, maximized: false }, screens)
  expect(fitPlace(null, screens)).toEqual({ width: 1280, height: 840 })
  expect(place(100, 100)).toEqual({ x: 100, y: 100, width: 900, height: 700 })
  expect(place(2000, 50)).toMatchObject({ x: 2000 })
  expect(place(-5000, 100)).toEqual({ width: 900, height: 700 })
  expect(place(100, 5000)).toEqual({ width: 900, height: 700 })
  // Its upper edge above every screen: it could not be taken hold of.
  expect(place(100, -400)).toEqual({ width: 900, height: 700 })
  expect(place(100, 100, 1, 1)).toMatchObject({ width: 480, height: 360 })
})

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\evil.exe', 'evil.exe'],
  ['rapport\u202efdp.exe', 'rapportfdp.exe'],
  ['.bashrc', 'bashrc'],
  ['a\u0000b\r\n.pdf', 'ab.pdf'],
  ['CON', 'file CON'],
  ['con.pdf', 'file con.pdf'],
  ['', 'file'],
  ['...', 'file'],
  ['a:b?.pdf', 'ab.pdf'],
  ['e\u0301te\u0301.pdf', 'été.pdf'],
])('the name %j becomes %j', (given, kept) => {
  expect(safeName(given)).toBe(kept)
})

test('any name becomes one that stays in its folder, and does not change again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
      const name = safeName(given)
      expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}<>:"|?*]|^\.|\.$|^\s|\s$/u)
      expect(name.length).toBeGreaterThan(0)
      expect(name.length).toBeLessThanOrEqual(130)
      expect(safeName(name)).toBe(name)
    }),
    { numRuns: 2000 },
  )
})

test('only kinds of file that cannot run are opened', () => {
  for (const name of ['a.pdf', 'A.PDF', 'x.docx', 'p.jpeg', 'letter.eml']) expect([name, mayOpen(name)]).toEqual([name, true])
  const refused =
    'exe bat cmd com scr msi ps1 vbs js jse wsf hta lnk url desktop sh command app dmg pkg jar html htm svg xml docm xlsm pptm iso img chm reg'
  for (const end of refused.split(' ')) expect([end, mayOpen(`a.${end}`)]).toEqual([end, false])
  for (const name of ['pdf', '.pdf', 'a.pdf.exe', 'a.pdf ', 'a.exe.', 'a.pdf\u0000.exe']) {
    expect([name, mayOpen(name)]).toEqual([name, name === 'a.pdf '])
  }
})

test('an address that leaves the window is https or mail, as the parser wrote it', () => {
  expect(outsideAddress('HTTPS://Example.ORG/a b')).toBe('https://example.org/a%20b')
  expect(outsideAddress('mailto:a@b.example?subject=x')).toBe('mailto:a@b.example?subject=x')
  for (const text of [
    'http://a/',
    'javascript:1',
    'file:///x',
    'data:,',
    'https://u@a/',
    'https://u:p@a/',
    '',
    ' ',
    '//a',
    'ms-word:x',
  ]) {
    expect([text, outsideAddress(text)]).toEqual([text, null])
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((rest) => `https:${rest}`),
      ),
      (text) => {
        const address = outsideAddress(text)
        if (address === null) return
        const url = new URL(address)
        expect(['https:', 'mailto:']).toContain(url.protocol)
        expect([url.username, url.password, url.href]).toEqual(['', '', address])
      },
    ),
    { numRuns: 2000 },
  )
})
