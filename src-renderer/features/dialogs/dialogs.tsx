import { lazy, Suspense } from 'react'
import { useApp } from '../../app/context.ts'
import { useStore } from '../../ui/store.ts'

const Palette = lazy(() => import('../palette/palette.tsx'))
const Shortcuts = lazy(() => import('./shortcuts.tsx'))
const Snooze = lazy(() => import('./snooze.tsx'))
const Jump = lazy(() => import('./jump.tsx'))
const Connect = lazy(() => import('../accounts/connect-dialog.tsx'))

/** The one dialog that is open, if any. */
export function Dialogs() {
  const app = useApp()
  const dialog = useStore(app.screen, (screen) => screen.dialog)
  const close = () => app.screen.set((now) => ({ ...now, dialog: null }))
  if (dialog === null) return null
  return (
    <Suspense fallback={null}>
      {dialog === 'palette' ? <Palette onClose={close} /> : null}
      {dialog === 'shortcuts' ? <Shortcuts onClose={close} /> : null}
      {dialog === 'snooze' ? <Snooze onClose={close} /> : null}
      {dialog === 'jump' ? <Jump onClose={close} /> : null}
      {dialog === 'connect' ? <Connect onClose={close} /> : null}
    </Suspense>
  )
}
