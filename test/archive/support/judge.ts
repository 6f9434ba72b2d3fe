import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { folderIo, nodePrimitives } from '#archive/verify/node-io.ts'
import type { Problem, Statements } from '#archive/verify/verdict.ts'
import { type VerifyOptions, verifyPack } from '#archive/verify/verify.ts'
import { type MadePack, makePack, type PackOptions, writePack } from './pack.ts'

/** The verdict on a bag in a folder, as the command line comes to it. */
export const judge = (dir: string, options?: VerifyOptions) =>
  verifyPack(folderIo({ fs, crypto }, dir), nodePrimitives({ crypto }), options)

/** `yes/yes/cannot_say/yes`: received, unchanged, not later, complete. */
export const answers = ({ received, unchanged, notLater, complete }: Statements) =>
  [received, unchanged, notLater, complete].map(({ answer }) => answer).join('/')

export const names = (problems: readonly Problem[]) => problems.map(({ code, path }) => `${code} ${path}`)

/** A folder for the packs of a test file; gone when its tests are over. */
export function packFolder() {
  const place = { root: '', made: 0 }
  beforeAll(() => {
    place.root = fs.mkdtempSync(join(tmpdir(), 'pack-'))
  })
  afterAll(() => fs.rmSync(place.root, { recursive: true }))
  const write = (pack: MadePack) => writePack(pack, join(place.root, String(place.made++)))
  return {
    emptyFolder: () => fs.mkdtempSync(join(place.root, 'empty-')),
    write,
    /** A pack whose content was changed by someone who made its manifests anew. */
    judgeForged(change: (pack: MadePack) => void, options?: PackOptions) {
      const pack = makePack(options)
      change(pack)
      return judge(write(pack))
    },
    /** A good bag that was changed on the disk. */
    judgeDamaged(change: (dir: string) => void) {
      const dir = write(makePack())
      change(dir)
      return judge(dir)
    },
  }
}
