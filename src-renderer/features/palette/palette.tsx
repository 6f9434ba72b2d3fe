import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { useApp } from '../../app/context.ts'
import { useLabels } from '../../data/labels.ts'
import { useAccounts, useIdentities } from '../../data/queries.ts'
import { useText } from '../../i18n/text.ts'
import { isMac } from '../../platform/native.ts'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/mark.tsx'
import { commands } from '../commands/commands.ts'
import { keyCaps } from '../commands/keys.ts'
import { showList, startSearch } from '../commands/navigation.ts'
import { LabelMark } from '../labels/chip.tsx'
import { finished, useSavedSearches } from '../search/queries.ts'
import { matchWords } from './match.ts'

/** Commands that are named by the list they show. */
const views = new Set(['goOpen', 'goNeedsReply', 'goWaiting', 'goDone', 'goSnoozed'])

interface Entry {
  id: string
  name: string
  keys: string
  mark: React.ReactNode
  run: () => void
}

/** Everything by name: commands, identities, accounts, labels and topics, and searches that were kept. */
export function Palette({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const t = useText()
  const { data: identities = [] } = useIdentities()
  const { data: accounts = [] } = useAccounts()
  const { data: labels = [] } = useLabels()
  const { data: searches = [] } = useSavedSearches()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const entries = useMemo<Entry[]>(() => {
    const open = { view: 'open', labelId: null, unreadOnly: false } as const
    return [
      ...commands
        .filter((command) => !command.hidden && (command.when?.(app) ?? true))
        .map(({ id, name, keys, run }) => ({
          id,
          name: views.has(id) ? t('palette.show', { name: t(name) }) : t(name),
          keys: keyCaps(keys[0] ?? '', isMac).join(' '),
          mark: null,
          run: () => run(app),
        })),
      ...identities.map((identity) => ({
        id: `identity-${identity.id}`,
        name: t('palette.show', { name: identity.name }),
        keys: '',
        mark: <Mark identity={identity} />,
        run: () => showList(app, { ...open, identityId: identity.id, accountId: null }),
      })),
      ...accounts.map((account) => ({
        id: `account-${account.id}`,
        name: t('palette.show', { name: account.label }),
        keys: '',
        mark: null,
        run: () => showList(app, { ...open, identityId: account.identityId, accountId: account.id }),
      })),
      ...labels.map((label) => ({
        id: `label-${label.id}`,
        name: t('palette.show', { name: label.name }),
        keys: '',
        mark: <LabelMark label={label} />,
        run: () => showList(app, { ...open, identityId: label.identityId, accountId: null, labelId: label.id }),
      })),
      ...searches.map(({ id, name, text }) => ({
        id: `search-${id}`,
        name: t('palette.search', { name }),
        keys: '',
        mark: <Icon name="search" />,
        run: () => startSearch(app, finished(text)),
      })),
    ]
  }, [app, t, identities, accounts, labels, searches])
  const found = entries.filter((entry) => matchWords(entry.name, words))
  const active = found[Math.min(at, found.length - 1)]
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the active entry that has to be in view.
  useEffect(() => {
    list.current?.querySelector('[data-focused]')?.scrollIntoView({ block: 'nearest' })
  }, [active?.id])
  const run = (entry: Entry | undefined) => {
    if (!entry) return
    onClose()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => (Math.min(now, found.length - 1) + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(active)
    }
  }
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="dialog">
        <Dialog aria-label={t('command.palette')} style={{ outline: 'none' }}>
          <input
            className="palette-input"
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={active ? `palette-${active.id}` : undefined}
            aria-label={t('palette.label')}
            placeholder={t('palette.label')}
            autoFocus
            value={words}
            spellCheck={false}
            onChange={(event) => {
              setWords(event.target.value)
              setAt(0)
            }}
            onKeyDown={onKeyDown}
          />
          <div className="palette-list" id="palette-list" role="listbox" aria-label={t('command.palette')} ref={list}>
            {found.map((entry) => (
              // biome-ignore lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the text field keeps the focus and steers the list.
              <div
                key={entry.id}
                id={`palette-${entry.id}`}
                role="option"
                aria-selected={entry === active}
                className="menu-item"
                data-focused={entry === active || undefined}
                onClick={() => run(entry)}
                onPointerMove={() => setAt(found.indexOf(entry))}
              >
                {entry.mark}
                <span>{entry.name}</span>
                <span className="end" dir="ltr">
                  {entry.keys}
                </span>
              </div>
            ))}
          </div>
          {found.length === 0 ? <p className="palette-empty">{t('palette.none')}</p> : null}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
