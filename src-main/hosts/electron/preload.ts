import { contextBridge, ipcRenderer } from 'electron'

/*
 * The bridge between the window's page and the main process. It hands over the port to the engine, once for each time the
 * page asks, and a short list of things that only the desktop can do. The page sees these functions and nothing of Electron.
 */
const here = window.location.origin

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
  if ('type' in event.data && event.data.type === 'dispatch-ready') ipcRenderer.send('dispatch:ready')
})
ipcRenderer.on('dispatch:port', (event) => {
  window.postMessage({ type: 'dispatch-port' }, here, [...event.ports])
})
ipcRenderer.on('dispatch:open', (_event, conversationId: unknown) => {
  window.postMessage({ type: 'dispatch-open', conversationId }, here)
})

contextBridge.exposeInMainWorld('dispatchNative', {
  platform: process.platform,
  openExternal: (url: string) => ipcRenderer.invoke('dispatch:open-external', url),
  openAttachment: (name: string, bytes: ArrayBuffer) =>
    // Of anything else `Uint8Array` would make an empty file.
    ipcRenderer.invoke('dispatch:open-attachment', { name, bytes: bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : null }),
  chooseFile: (options: { kind: string; name?: string }) => ipcRenderer.invoke('dispatch:choose-file', options),
  setBadge: (count: number) => ipcRenderer.invoke('dispatch:set-badge', count),
  setTheme: (theme: string) => ipcRenderer.invoke('dispatch:set-theme', theme),
  setLabels: (labels: Record<string, string>) => ipcRenderer.invoke('dispatch:set-labels', labels),
})
