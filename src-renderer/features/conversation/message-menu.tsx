import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useText } from '../../i18n/text.ts'
import { copyText, openOutside } from '../../platform/native.ts'
import { Icon } from '../../ui/icons.tsx'
import { showRecord } from '../archive/show-record.ts'

/** What else can be done with one message. */
export function MessageMenu({ message, onSource }: { message: Message; onSource: () => void }) {
  const app = useApp()
  const t = useText()
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
    else if (key === 'hold') app.screen.set((now) => ({ ...now, dialog: 'hold' }))
  }
  return (
    <MenuTrigger>
      <AriaButton className="button plain icon" aria-label={t('message.more')}>
        <Icon name="more" />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(key) => act(String(key))}>
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
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
