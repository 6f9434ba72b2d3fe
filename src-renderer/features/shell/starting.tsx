import { useEffect, useState } from 'react'
import { useText } from '../../i18n/text.ts'
import { Brand } from '../rail/brand.tsx'

/** A quick start shows nothing in between; a slow one says what it waits for. */
const SLOW_MS = 700
const STUCK_MS = 6000

/** Before there is an engine to talk to. */
export function Starting() {
  const t = useText()
  const [waited, setWaited] = useState(0)
  useEffect(() => {
    const slow = setTimeout(() => setWaited(1), SLOW_MS)
    const stuck = setTimeout(() => setWaited(2), STUCK_MS)
    return () => {
      clearTimeout(slow)
      clearTimeout(stuck)
    }
  }, [])
  return (
    <main className="start" aria-busy="true">
      {waited > 0 ? (
        <div className="empty" role="status">
          <Brand />
          <p>{waited === 1 ? t('start.starting') : t('start.waiting')}</p>
        </div>
      ) : null}
    </main>
  )
}
