import { app, type BrowserWindow, type Session, type WebContents } from 'electron'
import type { Log } from '#ports/index.ts'
import { outsideAddress } from './addresses.ts'
import { openOutside } from './outside.ts'
import { ORIGIN } from './pages.ts'

/** Closes what a window of this program never needs. Applies to every page and frame there will ever be. */
export function lockDown(log: Log): void {
  // Senders of remote pictures learn no more than they must: not which program, nor its version.
  app.userAgentFallback = app.userAgentFallback.replace(
    /\(KHTML, like Gecko\).*?(Chrome\/\d+)\S*.*$/,
    '(KHTML, like Gecko) $1.0.0.0 Safari/537.36',
  )
  app.on('web-contents-created', (_event, contents) => lockContents(contents, log))
}

function lockContents(contents: WebContents, log: Log): void {
  const refuse = (event: Electron.Event, what: string) => {
    log.warn('navigation_refused', { what })
    event.preventDefault()
  }
  contents.on('will-navigate', (event) => {
    if (event.url !== `${ORIGIN}/` && event.url !== `${ORIGIN}/index.html`) refuse(event, 'navigate')
  })
  contents.on('will-frame-navigate', (event) => {
    // Frames show `srcdoc` only; a link in a message is opened by the page, in the browser, after asking.
    if (!event.isMainFrame) refuse(event, 'frame')
  })
  contents.on('will-redirect', (event) => refuse(event, 'redirect'))
  contents.on('will-attach-webview', (event) => refuse(event, 'webview'))
  contents.setWindowOpenHandler(({ url }) => {
    if (outsideAddress(url) === null) log.warn('window_refused')
    else openOutside(url, log)
    return { action: 'deny' }
  })
}

/** Requests of the window's session: no permission, no cookie, nothing from the network but pictures inside a message's frame. */
export function lockSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('permission_refused', { permission })
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  const network = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*', 'ftp://*/*'] }
  session.webRequest.onBeforeRequest(network, (details, answer) => {
    const inMessage = details.resourceType === 'image' && details.url.startsWith('https:') && details.frame?.parent != null
    if (!inMessage) log.warn('request_refused', { kind: details.resourceType })
    answer({ cancel: !inMessage })
  })
  session.webRequest.onBeforeSendHeaders(network, ({ requestHeaders }, answer) => {
    answer({ requestHeaders: without(requestHeaders, /^(cookie|referer)$/i) })
  })
  session.webRequest.onHeadersReceived(network, ({ responseHeaders }, answer) => {
    answer({ responseHeaders: without(responseHeaders ?? {}, /^set-cookie$/i) })
  })
}

/** Downloads: only what the page itself made (attachments it was handed), and always to a place that the person chose. */
export function guardDownloads(window: BrowserWindow, log: Log): void {
  window.webContents.session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${ORIGIN}/`)) {
      log.warn('download_refused')
      event.preventDefault()
      return
    }
    item.setSaveDialogOptions({ defaultPath: item.getFilename() })
  })
}

function without<Value>(headers: Record<string, Value>, names: RegExp): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)))
}
