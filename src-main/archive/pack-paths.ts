/** Where things are in an evidence pack (docs/formats.md). Paths have slashes and begin at the top of the bag. */

export const packPaths = {
  declaration: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  tagManifest: 'tagmanifest-sha256.txt',
  pack: 'data/pack.json',
  mbox: 'data/mail.mbox',
  warc: 'data/posts.warc',
  index: 'data/index.csv',
  verifierScript: 'verify.js',
  verifierPage: 'verify.html',
} as const

/** What the RFC wants in `bagit.txt`, to the byte. */
export const bagDeclaration = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** Records in one folder: a folder with a hundred thousand files is a trial for every tool. */
export const recordsPerFolder = 1000

/** `<ledger>/<a>/<seq>.<ending>`, as `data/records/` and `data/derived/` have it. */
export function recordFile(ledger: string, seq: number, ending: string): string {
  return `${ledger}/${Math.floor(seq / recordsPerFolder)}/${seq}.${ending}`
}

/** A line for each record of one ledger. */
export const recordLines = (ledger: string) => `data/records/${ledger}.jsonl`

/** A file that came apart from a record's bytes. */
export const mediaFile = (sha256: string) => `data/media/${sha256}`

/** What belongs to one ledger. */
export function ledgerFiles(ledger: string) {
  const folder = `data/ledger/${ledger}`
  return {
    checkpoint: `${folder}/checkpoint`,
    key: `${folder}/key`,
    keys: `${folder}/keys.jsonl`,
    timestamp: `${folder}/timestamp.tsr`,
    authority: `${folder}/authority.pem`,
    entries: `${folder}/entries.jsonl`,
  }
}
