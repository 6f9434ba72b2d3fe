import { useText } from '../../i18n/text.ts'
import { isMac } from '../../platform/native.ts'
import { Front } from '../../ui/parts.tsx'
import { type CommandGroup, commands } from '../commands/commands.ts'
import { keyCaps } from '../commands/keys.ts'

const groups: readonly CommandGroup[] = ['move', 'act', 'go', 'other']

/** Every shortcut, by what it is about. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const t = useText()
  return (
    <Front title={t('shortcuts.title')} onClose={onClose} wide>
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(`group.${group}`)}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{t(command.name)}</dt>
                    <dd>
                      {command.keys.map((shortcut, i) => (
                        <span key={shortcut}>
                          {i > 0 ? ` ${t('shortcuts.or')} ` : ''}
                          {keyCaps(shortcut, isMac).map((cap) => (
                            <kbd key={cap}>{cap}</kbd>
                          ))}
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="dim">{t('shortcuts.off')}</p>
    </Front>
  )
}
