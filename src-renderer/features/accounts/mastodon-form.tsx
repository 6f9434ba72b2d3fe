import { useState } from 'react'
import type { Account } from '#shared/model/index.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useBrowserFlow } from './browser-flow.ts'
import { useCall } from './use-call.ts'

interface MastodonFormProps {
  /** The server to begin with, where it is known. */
  server?: string
  /** Makes the account, or signs in to it, with what the person did in the browser. */
  finish: (flow: string) => Promise<Account>
  onDone: (account: Account) => void
}

/** Signs in to Mastodon or a server like it: the server's name, then its own page in the browser. */
export function MastodonForm({ server: known = '', finish, onDone }: MastodonFormProps) {
  const t = useText()
  const [server, setServer] = useState(known)
  const visit = useBrowserFlow()
  const signIn = useCall(async () => finish(await visit({ provider: 'mastodon', server: server.trim() })))
  return (
    <form
      className="form"
      onSubmit={async (event) => {
        event.preventDefault()
        const account = await signIn.run(undefined)
        if (account) onDone(account)
      }}
    >
      <Field label={t('mastodon.server')} value={server} onChange={setServer} help={t('mastodon.server.help')} required ltr />
      <FaultNote problem={signIn.problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" icon="open" isDisabled={signIn.busy || server.trim() === ''}>
          {signIn.busy ? t('oauth.waiting') : t('mastodon.begin')}
        </Button>
      </div>
    </form>
  )
}
