import type { Sanitised } from './sanitise.ts'

export interface FrameLook {
  dir: 'ltr' | 'rtl'
  lang: string
  /** Pictures from the web may load. */
  remote: boolean
  /** Size of text in pixels, as the window has it. */
  textSize: number
}

/** Nothing loads but pictures that the message brought, and those from the web when asked for. Styles are its own. */
const policy = (remote: boolean) =>
  `default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; img-src data: blob:${remote ? ' https:' : ''}; form-action 'none'; base-uri 'none'`

/** The whole document of a message's frame. */
export function frameDocument({ html, ownColours }: Sanitised, { dir, lang, remote, textSize }: FrameLook): string {
  const scheme = ownColours ? 'light' : 'light dark'
  return `<!doctype html><html dir="${dir}" lang="${lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(remote)}">
<meta name="referrer" content="no-referrer">
<style>
:root { color-scheme: ${scheme}; }
html, body { margin: 0; background: ${ownColours ? '#fff' : 'transparent'}; }
body { padding: ${ownColours ? '12px' : '1px 0'}; font: ${textSize}px/1.5 system-ui, sans-serif; color: ${ownColours ? '#1b1d21' : 'light-dark(#1b1d21, #e7e8ea)'};
  overflow-wrap: anywhere; overflow-x: auto; overflow-y: hidden; }
body > div > :first-child, body > div > :first-child > :first-child { margin-block-start: 0; }
img { max-inline-size: 100%; height: auto; }
img.held { display: inline-block; min-inline-size: 16px; min-block-size: 16px; border: 1px dashed #85888f; border-radius: 3px; }
table { max-inline-size: 100%; }
pre { white-space: pre-wrap; }
blockquote { margin-block: 8px; margin-inline: 0; padding-inline-start: 12px; border-inline-start: 2px solid light-dark(#d3d3cc, #454a52); }
a:link { color: light-dark(#3346a8, #a9b6ff); }
a:focus-visible, summary:focus-visible { outline: 2px solid light-dark(#3346a8, #a9b6ff); outline-offset: 1px; }
.quoted { margin-block-start: 12px; }
.quoted > summary { inline-size: fit-content; padding: 2px 10px; border-radius: 20px; background: light-dark(#ececE6, #2c3036); color: light-dark(#51555d, #abb0b9); font-size: 12px; cursor: default; list-style: none; }
.quoted[open] > summary { margin-block-end: 8px; }
@media print { :root { color-scheme: light; } .quoted > summary { display: none; } }
</style></head><body>${html}</body></html>`
}
