import { useRef } from 'react'
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components'
import { type App, useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { isMac } from '../../platform/native.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { commands } from '../commands/commands.ts'
import { keyCaps } from '../commands/keys.ts'

export interface MenuAt {
  x: number
  y: number
}

const entries: readonly (readonly { id: string; icon: IconName }[])[] = [
  [
    { id: 'done', icon: 'check' },
    { id: 'waiting', icon: 'hourglass' },
    { id: 'needsReply', icon: 'reply' },
    { id: 'snooze', icon: 'clock' },
  ],
  [
    { id: 'label', icon: 'tag' },
    { id: 'read', icon: 'unread' },
    { id: 'pick', icon: 'plus' },
  ],
  [
    { id: 'copyAddress', icon: 'copy' },
    { id: 'print', icon: 'print' },
  ],
]

/** The menu of a conversation, where the pointer is. */
export function RowMenu({ at, onClose }: { at: MenuAt; onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const trigger = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={trigger} style={{ position: 'fixed', left: at.x, top: at.y }} />
      <Popover
        className="popover"
        triggerRef={trigger}
        isOpen
        onOpenChange={(open) => !open && onClose()}
        placement="bottom start"
        offset={0}
      >
        <Menu
          className="menu"
          aria-label={t('row.menu')}
          autoFocus="first"
          onClose={onClose}
          onAction={(key) => run(app, String(key))}
        >
          {entries.flatMap((group, i) => [
            ...(i > 0 ? [<Separator key={`line-${group[0]?.id}`} className="menu-line" />] : []),
            ...group.map(({ id, icon }) => {
              const command = commands.find((other) => other.id === id)
              return command ? (
                <MenuItem key={id} id={id} className="menu-item" textValue={t(command.name)}>
                  <Icon name={icon} />
                  <span>{t(command.name)}</span>
                  <span className="end" dir="ltr">
                    {keyCaps(command.keys[0] ?? '', isMac).join(' ')}
                  </span>
                </MenuItem>
              ) : null
            }),
          ])}
        </Menu>
      </Popover>
    </>
  )
}

function run(app: App, id: string): void {
  commands.find((command) => command.id === id)?.run(app)
}
