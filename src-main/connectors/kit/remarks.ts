import type { ImportRemark } from '#shared/model/index.ts'
import type { Remark } from './importer.ts'
import { limits } from './limits.ts'
import { oneLine } from './text.ts'

/** Gathers what an import did not understand, each different thing once. */
export class Remarks {
  readonly #all = new Map<string, ImportRemark>()

  readonly add: Remark = (kind, path, name = '') => {
    const key = `${kind}\n${path}\n${name}`
    const known = this.#all.get(key)
    if (known) known.count++
    else if (this.#all.size < limits.remarks) this.#all.set(key, { kind, path: oneLine(path), name: oneLine(name), count: 1 })
    else if (path !== '' || name !== '') this.add(kind, '', '')
    else this.#all.set(key, { kind, path: '', name: '', count: 1 })
  }

  list(): ImportRemark[] {
    return [...this.#all.values()]
  }
}
