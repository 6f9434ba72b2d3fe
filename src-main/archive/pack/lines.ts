import type { RecordLine } from '../formats.ts'
import type { PackRecord } from './source.ts'

/** Writes the lines of `records/<ledger>.jsonl`, a `RecordLine` each: by hand, because one is written for every record. */
export class Lines {
  /** The hashes of the last proof: that of the next record ends in the same ones. */
  private readonly known: { hash: Uint8Array; text: string }[] = []

  /** @param file Below `data/`; null for a redacted record, of which neither manifest nor salt is told. */
  line(
    { entry, proof, manifest, salt, seq }: PackRecord,
    file: string | null,
    redactions: readonly RecordLine['redactions'][number][],
  ): string {
    const proved = `"entry":${JSON.stringify(entry)},"file":${JSON.stringify(file)},"proof":[${this.proof(proof)}]`
    const opened =
      file === null
        ? `"manifest":null,"redactions":${JSON.stringify(redactions)},"salt":null`
        : `"manifest":${JSON.stringify(manifest)},"redactions":[],"salt":"${base64(salt)}"`
    return `{${proved},${opened},"seq":${seq}}\n`
  }

  private proof(proof: readonly Uint8Array[]): string {
    let text = ''
    // Counted from the top of the tree, where two neighbours have the most in common.
    for (let place = 0, at = proof.length - 1; at >= 0; place++, at--) {
      const hash = proof[at] as Uint8Array
      let known = this.known[place]
      if (known === undefined || !isSame(known.hash, hash)) {
        known = { hash, text: `"${base64(hash)}"` }
        this.known[place] = known
      }
      text = place === 0 ? known.text : `${known.text},${text}`
    }
    return text
  }
}

/** A loop, because for 32 bytes the way to a native function is longer. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return a.length === b.length
}

/** Hashes and salts go through here: a `Buffer` of its own for each would take longer than the encoding. */
const scratch = Buffer.alloc(64)

function base64(bytes: Uint8Array): string {
  if (bytes.length > scratch.length) return Buffer.from(bytes).toString('base64')
  scratch.set(bytes)
  return scratch.toString('base64', 0, bytes.length)
}
