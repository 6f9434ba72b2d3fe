import { lazy, Suspense } from 'react'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { Front } from '../../ui/parts.tsx'
import { useStore } from '../../ui/store.ts'
import { ChooseVoice } from '../compose/parts.tsx'
import { LabelDialog } from '../labels/dialog.tsx'
import { Palette } from '../palette/palette.tsx'
import { Jump } from './jump.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { Snooze } from './snooze.tsx'

// What is opened to type into at once is there at once; letters typed too early would be lost, or mean something else.
const Connect = lazy(() => import('../accounts/connect-dialog.tsx'))
const Hold = lazy(() => import('../retention/hold-dialog.tsx'))
const Record = lazy(() => import('../archive/record-dialog.tsx'))
const Export = lazy(() => import('../archive/export-dialog.tsx'))

/** The one dialog that is open, if any. */
export function Dialogs() {
  const app = useApp()
  const t = useText()
  const { dialog, record, exportOf } = useStore(app.screen)
  const held = app.inbox.place.get().cursor
  const close = () => app.screen.set((now) => ({ ...now, dialog: null }))
  if (dialog === 'palette') return <Palette onClose={close} />
  if (dialog === 'shortcuts') return <Shortcuts onClose={close} />
  if (dialog === 'snooze') return <Snooze onClose={close} />
  if (dialog === 'label') return <LabelDialog onClose={close} />
  if (dialog === 'compose') {
    return (
      <Front title={t('compose.choose')} onClose={close}>
        <ChooseVoice onDone={close} />
      </Front>
    )
  }
  if (dialog === 'jump') return <Jump onClose={close} />
  return (
    <Suspense fallback={null}>
      {dialog === 'connect' ? <Connect onClose={close} /> : null}
      {dialog === 'hold' && held ? (
        <Hold identityId={held.identityId} conversation={held} scope="conversation" onClose={close} />
      ) : null}
      {dialog === 'record' && record ? <Record id={record} onClose={close} /> : null}
      {dialog === 'export' ? <Export words={exportOf} onClose={close} /> : null}
    </Suspense>
  )
}
