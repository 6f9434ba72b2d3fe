import { useState } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { FeedCandidate } from '#shared/contract/index.ts'
import type { Account, IdentityId } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { useCall } from './use-call.ts'

/** Follows a feed: any page's address will do, its feeds are found. */
export function FeedForm({ identityId, onDone }: { identityId: IdentityId; onDone: (account: Account) => void }) {
  const { engine } = useApp()
  const t = useText()
  const [url, setUrl] = useState('')
  const [found, setFound] = useState<FeedCandidate[]>([])
  const [chosen, setChosen] = useState('')
  const discover = useCall(() => engine.client.accounts.discoverFeed({ url: url.trim() }))
  const add = useCall((feed: FeedCandidate) =>
    engine.client.accounts.addFeed({ identityId, url: feed.url, label: feed.title.trim().slice(0, 80) || null }),
  )
  const follow = async (feed: FeedCandidate | undefined) => {
    const account = feed && (await add.run(feed))
    if (account) onDone(account)
  }
  const look = async () => {
    const feeds = await discover.run(undefined)
    if (!feeds) return
    setFound(feeds)
    setChosen(feeds[0]?.url ?? '')
  }
  const problem = discover.problem ?? add.problem
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void (found.length > 0 ? follow(found.find((feed) => feed.url === chosen)) : look())
      }}
    >
      <Field
        label={t('feed.address')}
        value={url}
        onChange={(value) => {
          setUrl(value)
          setFound([])
        }}
        help={t('feed.address.help')}
        required
        ltr
      />
      {found.length > 0 ? (
        <RadioGroup className="choices" value={chosen} onChange={setChosen}>
          <Label className="label">{t('feed.found', { count: found.length })}</Label>
          {found.map((feed) => (
            <Radio key={feed.url} value={feed.url} className="choice">
              <span className="radio-dot" />
              <span className="choice-text">
                <strong>
                  <bdi>{feed.title || feed.url}</bdi>
                </strong>
                <span className="dim" dir="ltr">
                  {feed.url}
                </span>
              </span>
            </Radio>
          ))}
        </RadioGroup>
      ) : null}
      <FaultNote problem={problem} />
      <div className="form-foot">
        <Button type="submit" look="primary" isDisabled={url.trim() === '' || discover.busy || add.busy}>
          {found.length > 0 ? t('feed.follow') : discover.busy ? t('feed.looking') : t('common.continue')}
        </Button>
      </div>
    </form>
  )
}
