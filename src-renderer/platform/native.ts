/** What the desktop window offers beyond the contract. Absent in a browser. */
export interface NativeExtras {
  readonly platform: string
  openExternal(url: string): Promise<void>
  /**
   * Opens an attachment with the computer's own program for it.
   * @returns `kind` for files that are only saved, because they can do harm; `program` when no program took it.
   */
  openAttachment(name: string, bytes: ArrayBuffer): Promise<'opened' | 'kind' | 'program'>
  /** @returns the chosen path, or null when the person gave up. */
  chooseFile(options: { kind: 'file' | 'folder' | 'save'; name?: string }): Promise<string | null>
  setBadge(count: number): Promise<void>
  setTheme(theme: 'system' | 'light' | 'dark'): Promise<void>
  /** Words of the menu, in the person's language. */
  setLabels(labels: Record<string, string>): Promise<void>
}

declare global {
  interface Window {
    readonly dispatchNative?: NativeExtras
  }
}

/** The desktop window's extras, or null in a browser. */
export const native: NativeExtras | null = window.dispatchNative ?? null

/** Whether the command key is the one shortcuts are made with. */
export const isMac = (native?.platform ?? navigator.platform).toLowerCase().startsWith('mac') || native?.platform === 'darwin'

/** Whether commands are quoted as PowerShell does. */
export const isWindows = native?.platform === 'win32' || (!native && navigator.platform.toLowerCase().startsWith('win'))

/** Opens a web or mail address outside of this window. Anything else is ignored; see `safeLink`. */
export function openOutside(url: string): void {
  if (!/^(https?|mailto):/i.test(url)) return
  if (native) {
    native.openExternal(url).catch((error: unknown) => console.warn('not opened', error))
    return
  }
  window.open(url, '_blank', 'noopener,noreferrer')
}

/** Hands bytes to the person as a file: a download in the browser and in the desktop window alike. */
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the bytes once it began; a minute is far more than that takes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/**
 * Puts text on the clipboard. By the old command, because it needs no permission: the desktop window grants none.
 * @returns whether it worked.
 */
export function copyText(text: string): boolean {
  const held = document.activeElement
  const box = document.createElement('textarea')
  box.value = text
  box.style.position = 'fixed'
  box.style.opacity = '0'
  document.body.append(box)
  box.select()
  const done = document.execCommand('copy')
  box.remove()
  if (held instanceof HTMLElement) held.focus({ preventScroll: true })
  return done
}
