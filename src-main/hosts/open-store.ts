import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ports } from '#ports/index.ts'
import { ProblemError } from '#shared/model/index.ts'
import { openStore } from '#store/open.ts'
import type { Store } from '#store/store.ts'
import { keepHeapsSmall } from './heap.ts'
import { createOfficeFile, officeKey, readOfficeFile } from './office-file.ts'
import { storeThreadUrl } from './threads.ts'

/**
 * Opens the database of an office with its key. Apart from the rest of the engine, which a host can load meanwhile.
 * @param options `create` makes the office when the folder holds none; `readsFirst` is for a host whose window is waiting.
 * @throws `office_missing`, `office_key`, `office_locked`, `office_from_future`; the office is then as it was.
 */
export async function openOfficeStore(options: {
  ports: Ports
  create: boolean
  readers: number
  readsFirst?: boolean
}): Promise<Store> {
  const { ports, create, readers, readsFirst = false } = options
  keepHeapsSmall()
  const dir = ports.paths.office
  if (create) await createOfficeFile(dir, ports.clock.now())
  else if ((await readOfficeFile(dir)) === null) throw new ProblemError('office_missing', { dir })
  const hasDatabase = await access(join(dir, 'office.db')).then(
    () => true,
    () => false,
  )
  const key = await officeKey(ports.secrets, create && !hasDatabase)
  const nativeBinding = process.env['DISPATCH_SQLITE_NATIVE']
  return openStore({
    dir,
    key,
    create,
    log: ports.log,
    threadUrl: storeThreadUrl,
    readers,
    readsFirst,
    ...(nativeBinding ? { nativeBinding } : {}),
  })
}
