import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { coverageEntry } from '#archive/entries.ts'
import type { LedgerCarry } from '#shared/contract/index.ts'
import { transact } from '#store/handle.ts'
import { ledgerOf } from '#store/ledgers.ts'
import { inclusionProof } from '#store/read/ledger.ts'
import { verifyLedger } from '#store/read/verify-ledger.ts'
import { benchOffice, inFolder, parsed, takeIn } from './ingest.ts'
import { generator } from './million.ts'
import { type BenchRow, bounded, median, percentile } from './row.ts'

const ENTRIES = 1_000_000
const MESSAGES = 20_000
const PROOFS = 2000
const ROUNDS = 3
const GROUP = 'ledger'

/** The ledger: checking all of it with every payload hashed again, against `openssl dgst` over the same bytes; and proofs at a million entries. */
export async function run(): Promise<BenchRow[]> {
  return [...verify(), ...proofs()]
}

function verify(): BenchRow[] {
  return inFolder((dir) => {
    const messages = parsed(MESSAGES)
    const office = benchOffice(dir)
    takeIn(office, messages)
    const file = join(dir, 'payloads')
    writeFileSync(file, Buffer.concat(messages.map(({ raw }) => raw)))
    const bytes = messages.reduce((sum, { raw }) => sum + raw.byteLength, 0)
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now()
      const result = spawnSync('openssl', ['dgst', '-sha256', file])
      theirs.push(bytes / (performance.now() - start) / 1000)
      if (result.status !== 0) throw new Error(`openssl: ${String(result.stderr)}`)
      const begin = performance.now()
      let carry: LedgerCarry | null = null
      for (let done = false; !done; ) {
        const step = verifyLedger(office.handle, office.identity.id, carry, 5000, true)
        if (step.faults.length > 0) throw new Error(`the ledger is not in order: ${JSON.stringify(step.faults)}`)
        carry = step.carry
        done = step.done
      }
      ours.push(bytes / (performance.now() - begin) / 1000)
    }
    office.db.close()
    const rate = (id: string, values: number[], against: string): BenchRow => ({
      id,
      group: GROUP,
      value: median(values),
      unit: 'MB/s',
      goal: null,
      ok: null,
      against,
    })
    const ratio = median(ours.map((value, round) => value / (theirs[round] as number)))
    return [
      rate('ledger.verify', ours, `${MESSAGES} records, every payload hashed again`),
      rate('ledger.openssl', theirs, 'openssl dgst -sha256, the same bytes in one file'),
      bounded({ id: 'ledger.verify.ratio', group: GROUP, value: ratio, unit: 'x', against: 'openssl dgst' }, '>=', 0.5),
    ]
  })
}

function proofs(): BenchRow[] {
  return inFolder((dir) => {
    const { db, handle, identity, account } = benchOffice(dir)
    const fields = { account: account.id, at: '2026-01-01T00:00:00.000Z', state: 'watched' } as const
    for (let from = 0; from < ENTRIES; from += 20_000)
      transact(db, handle, () => {
        const ledger = ledgerOf(handle, Number(identity.id))
        for (let n = 0; n < 20_000; n++) ledger.append((seq) => coverageEntry({ ...fields, from: fields.at, to: fields.at, seq }))
      })
    const random = generator(3)
    const size = ledgerOf(handle, Number(identity.id)).size
    const times = Array.from({ length: PROOFS }, () => {
      const seq = Math.floor(random() * size)
      const start = performance.now()
      inclusionProof(handle, identity.id, seq, size)
      return performance.now() - start
    })
    db.close()
    const against = `${size} entries, any of them, ${PROOFS} times`
    return [
      { id: 'ledger.proof.p50', group: GROUP, value: percentile(times, 50), unit: 'ms', goal: null, ok: null, against },
      bounded({ id: 'ledger.proof.p95', group: GROUP, value: percentile(times, 95), unit: 'ms', against }, '<=', 1),
    ]
  })
}
