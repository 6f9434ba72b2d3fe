import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judgeCode, judgeLock, judgeText, judgeTop } from './house.ts'
import { judgeImports } from './rules.ts'
import { codeFiles, textFiles, topLevel, type Violation } from './tree.ts'

/** Imports of the whole tree under `root` against the layers. */
export function checkLayers(root: string): Violation[] {
  return codeFiles(root).flatMap(judgeImports)
}

/** The house rules on the whole tree under `root`. */
export function checkHouse(root: string): Violation[] {
  return [
    ...judgeTop(topLevel(root)),
    ...codeFiles(root).flatMap(judgeCode),
    ...textFiles(root).flatMap(judgeText),
    ...judgeLock(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))),
  ]
}
