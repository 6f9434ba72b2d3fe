import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron'
import type { MenuLabels } from './menu.ts'

/** What the menu depends on, of all that Electron tells. */
export type Clicked = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'linkURL' | 'editFlags'>

/**
 * What can be done with the text, the field or the link that was clicked with the other button; nothing for anything else.
 * @param copy Puts an address on the clipboard.
 */
export function contextItems(clicked: Clicked, labels: MenuLabels, copy: (text: string) => void): MenuItemConstructorOptions[] {
  const { isEditable, editFlags, linkURL } = clicked
  const link: MenuItemConstructorOptions[] = /^(https?|mailto):/i.test(linkURL)
    ? [{ label: labels.copyLink, click: () => copy(linkURL.replace(/^mailto:([^?]*).*$/i, '$1')) }]
    : []
  const copied: MenuItemConstructorOptions = { role: 'copy', label: labels.copy, enabled: editFlags.canCopy }
  if (isEditable) {
    return [
      { role: 'cut', label: labels.cut, enabled: editFlags.canCut },
      copied,
      { role: 'paste', label: labels.paste, enabled: editFlags.canPaste },
      { type: 'separator' },
      { role: 'selectAll', label: labels.selectAll, enabled: editFlags.canSelectAll },
    ]
  }
  return clicked.selectionText.trim() === '' ? link : [...link, copied]
}
