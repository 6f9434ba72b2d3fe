import { MAX_CALL_BYTES } from '#shared/contract/index.ts'
import { expect, test } from './support/app.ts'
import { rawFrames } from './support/raw.ts'

test('the engine answers, and refuses with a typed fault, on the connection that this window really has', async ({
  app,
  page,
}) => {
  const [status, unknown, wrong, least, over, after] = await rawFrames(page, [
    { text: '{"i":"1","p":{"u":"/office/status","b":{}}}' },
    { text: '{"i":"2","p":{"u":"/office/explode","b":{}}}' },
    {
      text: '{"i":"3","p":{"u":"/search/find","b":{"json":{"text":"Geheimnis","typing":false,"timeZone":"UTC","order":"newest","limit":0,"after":null}}}}',
    },
    { call: '/office/status', bytes: MAX_CALL_BYTES },
    { call: '/office/status', bytes: MAX_CALL_BYTES + 1 },
    { text: '{"i":"4","p":{"u":"/identities/list","b":{}}}' },
  ])
  expect(status).toMatchObject({ answer: { b: { json: { host: app.host, dir: app.places.office } } } })
  expect(unknown).toMatchObject(fault({ code: 'unknown_call', params: { name: 'office.explode' } }))
  expect(wrong).toMatchObject(fault({ code: 'bad_request', params: { detail: 'limit: too_small' } }))
  expect(JSON.stringify(wrong)).not.toContain('Geheimnis')
  expect(least).toMatchObject({ answer: { b: { json: { host: app.host } } } })
  expect(over).toMatchObject(
    fault({ code: 'too_large', params: { size: String(MAX_CALL_BYTES + 1), limit: String(MAX_CALL_BYTES) } }),
  )
  expect(after).toMatchObject({ answer: { b: { json: [] } } })
})

test('a frame that names no call ends its connection and no other', async ({ page }) => {
  expect(await rawFrames(page, [{ text: 'garbage' }])).toEqual([{ ended: true }])
  const [status] = await rawFrames(page, [{ text: '{"i":"1","p":{"u":"/office/status","b":{}}}' }])
  expect(status).toHaveProperty('answer')
})

const fault = (data: { code: string; params: Record<string, string> }) => ({ answer: { b: { json: { code: 'FAULT', data } } } })
