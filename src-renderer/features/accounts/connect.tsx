import { useState } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { Account, IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Choice } from '../../ui/parts.tsx'
import { ArchiveForm } from './archive-form.tsx'
import { BlogForm } from './blog-form.tsx'
import { BlueskyForm } from './bluesky-form.tsx'
import { FeedForm } from './feed-form.tsx'
import { ImportForm } from './import-form.tsx'
import { MailForm } from './mail-form.tsx'
import { MastodonForm } from './mastodon-form.tsx'
import { SmsForm } from './sms-form.tsx'

/** Ways to bring messages in, for one identity. */
export function Connect({ onDone }: { onDone: (account: Account) => void }) {
  const { engine } = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const [chosen, setChosen] = useState<IdentityId | null>(null)
  // Only on the way in: going through the tabs with the arrows stays on the tabs.
  const [moved, setMoved] = useState(false)
  const identity = identities.find((one) => one.id === chosen) ?? identities[0]
  if (!identity) return null
  return (
    <div className="connect">
      {identities.length > 1 ? (
        <Choice
          label={t('connect.identity')}
          value={identity.id}
          options={identities.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosen}
        />
      ) : null}
      <Tabs className="tabs" onSelectionChange={(tab) => tab !== 'mail' && setMoved(true)}>
        <TabList className="tab-list" aria-label={t('connect.title')}>
          <Tab id="mail" className="tab">
            <Icon name="mail" />
            {t('connect.mail')}
          </Tab>
          <Tab id="feed" className="tab">
            <Icon name="feed" />
            {t('connect.feed')}
          </Tab>
          <Tab id="mastodon" className="tab">
            <Icon name="open" />
            {t('network.mastodon')}
          </Tab>
          <Tab id="bluesky" className="tab">
            <Icon name="open" />
            {t('network.bluesky')}
          </Tab>
          <Tab id="blog" className="tab">
            <Icon name="edit" />
            {t('network.blog')}
          </Tab>
          <Tab id="sms" className="tab">
            <Icon name="phone" />
            {t('network.sms')}
          </Tab>
          <Tab id="archive" className="tab">
            <Icon name="save" />
            {t('connect.archive')}
          </Tab>
          <Tab id="files" className="tab">
            <Icon name="import" />
            {t('connect.files')}
          </Tab>
        </TabList>
        <TabPanel id="mail" className="tab-panel">
          <MailForm identityId={identity.id} onDone={onDone} autoFocus={!moved} />
        </TabPanel>
        <TabPanel id="feed" className="tab-panel">
          <FeedForm identityId={identity.id} onDone={onDone} />
        </TabPanel>
        <TabPanel id="mastodon" className="tab-panel">
          <MastodonForm
            finish={(flow) => engine.client.accounts.add({ identityId: identity.id, label: null, login: { kind: 'flow', flow } })}
            onDone={onDone}
          />
        </TabPanel>
        <TabPanel id="bluesky" className="tab-panel">
          <BlueskyForm
            finish={(login) => engine.client.accounts.add({ identityId: identity.id, label: null, login })}
            onDone={onDone}
          />
        </TabPanel>
        <TabPanel id="blog" className="tab-panel">
          <BlogForm identityId={identity.id} onDone={onDone} />
        </TabPanel>
        <TabPanel id="sms" className="tab-panel">
          <SmsForm identityId={identity.id} onDone={onDone} />
        </TabPanel>
        <TabPanel id="archive" className="tab-panel">
          <ArchiveForm identityId={identity.id} />
        </TabPanel>
        <TabPanel id="files" className="tab-panel">
          <ImportForm />
        </TabPanel>
      </Tabs>
    </div>
  )
}
