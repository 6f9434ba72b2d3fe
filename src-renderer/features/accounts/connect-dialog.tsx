import { useApp } from '../../app/context.ts'
import { useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { Front } from '../../ui/parts.tsx'
import { IdentityForm } from '../first-run/identity-form.tsx'
import { Connect } from './connect.tsx'

/** Adds an account to an office that is already in use. */
export default function ConnectDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  return (
    <Front title={t('connect.title')} onClose={onClose}>
      {identities.length === 0 ? (
        <IdentityForm />
      ) : (
        <Connect
          onDone={(account) => {
            app.notices.tell('connect.added', { name: account.label })
            onClose()
          }}
        />
      )}
    </Front>
  )
}
