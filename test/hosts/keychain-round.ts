import { openSecrets, systemKeychain } from '#hosts/ports/secrets.ts'
import { memoryLog } from '../contract/fake.ts'

/** Run by `secrets.test.ts` in a session of its own: sets a secret, or says what it finds. */
const log = memoryLog()
const secrets = await openSecrets({
  data: process.env['DISPATCH_DATA'] ?? '',
  office: { id: 'keychain-round', hasDatabase: false },
  passphrase: null,
  skipKeychain: false,
  keychain: () => systemKeychain(log),
})
if (process.argv[2] === 'set') {
  await secrets.set('office-key', 'Geheimnis')
  console.log(JSON.stringify({ kind: secrets.kind }))
} else console.log(JSON.stringify({ kind: secrets.kind, value: await secrets.get('office-key') }))
if (secrets.kind !== 'keychain') console.error(JSON.stringify(log.entries))
