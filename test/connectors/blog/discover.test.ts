import { afterEach, expect, it } from 'vitest'
import { blogLogin } from '#connectors/blog/discover.ts'
import { systemHttp } from '#hosts/ports/http.ts'
import { PASSWORD, USER, WordPress } from './wordpress.ts'

const sites: WordPress[] = []
afterEach(async () => {
  for (const site of sites.splice(0)) await site.stop()
})

async function siteWith(change: Partial<WordPress>): Promise<WordPress> {
  const site = Object.assign(new WordPress(), change)
  await site.start()
  sites.push(site)
  return site
}
const login = (site: string, password = PASSWORD) => blogLogin(systemHttp, { site, user: USER, password })

it.each<[string, Partial<WordPress>]>([
  ['by the header', {}],
  ['by the page alone', { headerless: true }],
  ['with plain permalinks', { plain: true }],
  ['in a folder', { folder: '/news' }],
  ['in a folder with plain permalinks, by the page', { folder: '/news', plain: true, headerless: true }],
])('finds the interface %s', async (_, change) => {
  const site = await siteWith(change)
  const { settings, label } = await login(`${site.url}/some/page/`)
  expect(settings).toMatchObject({ network: 'blog', blog: { api: site.api, site: site.url, userId: 7, title: 'The House' } })
  expect(label).toBe('The House')
})

it('takes the password as the site shows it, in groups of four', async () => {
  const { url } = await siteWith({})
  const { secret } = await login(url, PASSWORD.replace(/(.{4})/g, '$1 '))
  expect(secret).toBe(PASSWORD)
})

it('a wrong password is told as such, and sent to nobody else', async () => {
  const { url } = await siteWith({})
  await expect(login(url, 'wrong')).rejects.toMatchObject({ kind: 'login', code: 'login_failed' })
})

it('an interface that a plugin took away', async () => {
  const { url } = await siteWith({ off: true })
  await expect(login(url)).rejects.toMatchObject({ kind: 'decision', code: 'not_a_server' })
})

it('an interface at another host is not asked', async () => {
  const [site, other] = [await siteWith({}), await siteWith({})]
  Object.defineProperty(site, 'api', { value: other.api })
  await expect(login(site.url)).rejects.toMatchObject({ code: 'server_elsewhere' })
  expect(other.requests).toEqual([])
})

it('an address that is none', async () => {
  await expect(login('http://')).rejects.toMatchObject({ code: 'address_invalid' })
})
