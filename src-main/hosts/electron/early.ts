import { app, protocol } from 'electron'

/** The window's own scheme: a real origin, so that storage and the content policy work, and no file addresses. */
const SCHEME = 'app'

/*
 * What Chromium only takes before it is ready. A packaged program loads this with its main file; from a checkout it is
 * loaded by `electron --require`, because there the main file may come too late.
 */
if (!app.isReady()) {
  // As root Chromium cannot use its sandbox at all; then the launcher has said so and passed --no-sandbox.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } }])
  for (const off of ['disable-background-networking', 'disable-component-update', 'disable-http-cache', 'no-pings']) {
    app.commandLine.appendSwitch(off)
  }
}
