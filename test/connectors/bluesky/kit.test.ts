import { afterAll, beforeAll } from 'vitest'
import { type BlueskyNetwork, startBluesky } from '../../support/bluesky.ts'
import { needs } from '../../support/needs.ts'
import { runConnectorKit } from '../kit/kit.ts'
import { blueskyDriver } from './driver.ts'

needs('bluesky')('on a real PDS', () => {
  let network: BlueskyNetwork
  beforeAll(async () => {
    network = await startBluesky({ views: false })
  }, 180_000)
  afterAll(async () => {
    await network.stop()
  })

  runConnectorKit(
    'Bluesky',
    blueskyDriver(() => network),
  )
})
