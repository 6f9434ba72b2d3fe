import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import { folderIo, nodePrimitives } from '#archive/verify/node-io.ts'
import type { Statements } from '#archive/verify/verdict.ts'
import { type VerifyOptions, verifyPack } from '#archive/verify/verify.ts'

/** The verdict on a bag in a folder, as the command line comes to it. */
export const judge = (dir: string, options?: VerifyOptions) =>
  verifyPack(folderIo({ fs, crypto }, dir), nodePrimitives({ crypto }), options)

/** `yes/yes/cannot_say/yes`: received, unchanged, not later, complete. */
export const answers = ({ received, unchanged, notLater, complete }: Statements) =>
  [received, unchanged, notLater, complete].map(({ answer }) => answer).join('/')
