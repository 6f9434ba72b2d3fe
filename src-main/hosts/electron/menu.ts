import { type BrowserWindow, clipboard, Menu, type MenuItemConstructorOptions } from 'electron'
import { z } from 'zod'
import { contextItems } from './context-items.ts'

const label = z.string().min(1).max(60)
/** Texts of the menu; the page sends them in the person's language, English stands until then. */
export const menuLabels = z.object({
  file: label,
  edit: label,
  view: label,
  window: label,
  quit: label,
  undo: label,
  redo: label,
  cut: label,
  copy: label,
  copyLink: label,
  paste: label,
  selectAll: label,
  reload: label,
  zoomIn: label,
  zoomOut: label,
  resetZoom: label,
  fullScreen: label,
  minimize: label,
  close: label,
})
export type MenuLabels = z.infer<typeof menuLabels>

const english: MenuLabels = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  quit: 'Quit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  copyLink: 'Copy the link',
  paste: 'Paste',
  selectAll: 'Select all',
  reload: 'Reload',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  resetZoom: 'Actual size',
  fullScreen: 'Full screen',
  minimize: 'Minimise',
  close: 'Close',
}

let words = english

/** Sets the program's menu. Only roles of the system: what they do is the platform's own. */
export function setMenu(labels: MenuLabels = english): void {
  words = labels
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const mac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: labels.file, submenu: [mac ? { role: 'close', label: labels.close } : { role: 'quit', label: labels.quit }] },
    {
      label: labels.edit,
      submenu: [
        { role: 'undo', label: labels.undo },
        { role: 'redo', label: labels.redo },
        line,
        { role: 'cut', label: labels.cut },
        { role: 'copy', label: labels.copy },
        { role: 'paste', label: labels.paste },
        { role: 'selectAll', label: labels.selectAll },
      ],
    },
    {
      label: labels.view,
      submenu: [
        { role: 'reload', label: labels.reload },
        line,
        { role: 'resetZoom', label: labels.resetZoom },
        { role: 'zoomIn', label: labels.zoomIn },
        { role: 'zoomOut', label: labels.zoomOut },
        line,
        { role: 'togglefullscreen', label: labels.fullScreen },
      ],
    },
    {
      label: labels.window,
      submenu: [
        { role: 'minimize', label: labels.minimize },
        { role: 'close', label: labels.close },
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

/** Offers what can be done with text and links where they are clicked with the other button. The page's own menus come first. */
export function offerContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, clicked) => {
    const items = contextItems(clicked, words, (text) => clipboard.writeText(text))
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window })
  })
}
