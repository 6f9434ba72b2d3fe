import { useState } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components'
import type { Message, RemoteAct } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useAccountMap } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { copyText, openOutside } from '../../platform/native.ts'
import { Icon } from '../../ui/icons.tsx'
import { showRecord } from '../archive/show-record.ts'
import { useLimits } from '../compose/limits.ts'
import { PersonCard } from '../people/card.tsx'
import { EditDialog } from '../remote/edit-dialog.tsx'
import { actsOn, canDelete, canEdit } from '../remote/items.ts'
import { queueAct } from '../remote/queue.ts'
import { ReportDialog } from '../remote/report-dialog.tsx'

/** Acts that are about who wrote, and name them. */
const aboutPeople: ReadonlySet<RemoteAct> = new Set<RemoteAct>(['follow', 'mute', 'block'])

/** What else can be done with one message. */
export function MessageMenu({ message, onSource }: { message: Message; onSource: () => void }) {
  const app = useApp()
  const t = useText()
  const account = useAccountMap().get(message.accountId)
  const limits = useLimits(message, account?.capabilities.sends === true)
  const [asking, setAsking] = useState<'report' | 'edit' | 'person' | null>(null)
  const remote = actsOn(message, account, limits)
  const edits = canEdit(message, account, limits)
  const deletes = canDelete(message, account, limits)
  const subject = { identityId: message.identityId, accountId: message.accountId, target: message.id }
  const name = message.from.name || message.from.handle
  const copy = async (read: () => Promise<string> | string) => {
    try {
      app.notices.tell(copyText(await read()) ? 'copy.done' : 'copy.failed')
    } catch (error) {
      app.notices.fail(toProblem(error))
    }
  }
  const act = (key: string) => {
    if (key === 'address') void copy(() => message.from.handle)
    else if (key === 'text') void copy(async () => (await app.engine.client.messages.content({ id: message.id })).text)
    else if (key === 'link') void copy(() => message.link ?? '')
    else if (key === 'visit') openOutside(message.link ?? '')
    else if (key === 'source') onSource()
    else if (key === 'record') showRecord(app, message.id)
    else if (key === 'report' || key === 'edit' || key === 'person') setAsking(key)
    else if (key === 'delete') void queueAct(app, subject, { do: 'delete' }, { key: 'remote.queued.delete', values: {} })
    else if (remote.some((one) => `remote-${one}` === key)) {
      const one = key.slice('remote-'.length) as RemoteAct
      const handle = aboutPeople.has(one) ? message.from.handle : null
      void queueAct(
        app,
        subject,
        { do: 'act', act: one, on: true, handle, comment: '' },
        { key: `remote.queued.${one}`, values: { name } },
      )
    } else if (key === 'hold') app.screen.set((now) => ({ ...now, dialog: 'hold' }))
  }
  return (
    <>
      <MenuTrigger>
        <AriaButton className="button plain icon" aria-label={t('message.more')}>
          <Icon name="more" />
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <Menu className="menu" onAction={(key) => act(String(key))}>
            <MenuItem id="person" className="menu-item" textValue={t('people.open')}>
              <Icon name="search" />
              <span>{t('people.open')}</span>
            </MenuItem>
            <MenuItem id="address" className="menu-item" textValue={t('copy.address')}>
              <Icon name="copy" />
              <span>{t('copy.address')}</span>
            </MenuItem>
            <MenuItem id="text" className="menu-item" textValue={t('copy.text')}>
              <Icon name="copy" />
              <span>{t('copy.text')}</span>
            </MenuItem>
            {message.link ? (
              <MenuItem id="link" className="menu-item" textValue={t('copy.link')}>
                <Icon name="link" />
                <span>{t('copy.link')}</span>
              </MenuItem>
            ) : null}
            {message.link ? (
              <MenuItem id="visit" className="menu-item" textValue={t('message.visit')}>
                <Icon name="open" />
                <span>{t('message.visit')}</span>
              </MenuItem>
            ) : null}
            <MenuItem id="source" className="menu-item" textValue={t('message.source')}>
              <Icon name="code" />
              <span>{t('message.source')}</span>
            </MenuItem>
            <MenuItem id="record" className="menu-item" textValue={t('record.open')}>
              <Icon name="shield" />
              <span>{t('record.open')}</span>
              <kbd className="end">I</kbd>
            </MenuItem>
            <MenuItem id="hold" className="menu-item" textValue={t('command.hold')}>
              <Icon name="pause" />
              <span>{t('command.hold')}</span>
              <kbd className="end">H</kbd>
            </MenuItem>
            {remote.length > 0 || edits || deletes ? <Separator className="menu-line" /> : null}
            {remote.map((one) => {
              const text = t(`remote.${one}`)
              return (
                <MenuItem key={one} id={one === 'report' ? one : `remote-${one}`} className="menu-item" textValue={text}>
                  <Icon name="send" />
                  <span>{text}</span>
                </MenuItem>
              )
            })}
            {edits ? (
              <MenuItem id="edit" className="menu-item" textValue={t('remote.edit')}>
                <Icon name="edit" />
                <span>{t('remote.edit')}</span>
              </MenuItem>
            ) : null}
            {deletes ? (
              <MenuItem id="delete" className="menu-item" textValue={t('remote.delete')}>
                <Icon name="close" />
                <span>{t('remote.delete')}</span>
              </MenuItem>
            ) : null}
          </Menu>
        </Popover>
      </MenuTrigger>
      {asking === 'report' ? <ReportDialog message={message} onClose={() => setAsking(null)} /> : null}
      {asking === 'person' ? <PersonCard message={message} onClose={() => setAsking(null)} /> : null}
      {asking === 'edit' ? <EditDialog message={message} onClose={() => setAsking(null)} /> : null}
    </>
  )
}
