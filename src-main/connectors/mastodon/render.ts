import type { Rendered } from '#connectors/connector.ts'
import { htmlText } from '#connectors/kit/html.ts'
import { parseValue } from '#connectors/kit/json.ts'
import { escapeHtml, linkHtml } from '#connectors/kit/plain.ts'
import { fieldsOf, textOf } from '#connectors/kit/shape.ts'
import { decodeText } from '#connectors/kit/text.ts'
import { choicesOf, noteOf, picturesOf } from './message.ts'

/** What a person reads of an activity's bytes. Its HTML is the network's, sanitised by whoever shows it. */
export function renderMastodon(raw: Uint8Array): Rendered {
  const activity = fieldsOf(parseValue({ bytes: raw, deep: false }))
  const note = activity && noteOf(activity)
  if (!note) {
    const address = textOf(activity?.['object']) || textOf(fieldsOf(activity?.['object'])?.['id'])
    if (address === '') return { html: null, text: decodeText(raw), damaged: true, attachments: [] }
    return { html: `<p>${linkHtml(address)}</p>`, text: address, damaged: false, attachments: [] }
  }
  const choices = choicesOf(note)
  const pictures = picturesOf(note)
  const poll = choices.map(({ name, votes }) => `<li>${escapeHtml(name)} (${votes})</li>`).join('')
  const shown = pictures.map(({ mediaType, alt }, index) =>
    mediaType.startsWith('image/') ? `<p><img src="cid:${index}" alt="${escapeHtml(alt)}"></p>` : '',
  )
  const html = textOf(note['content']) + (poll === '' ? '' : `<ul>${poll}</ul>`) + shown.join('')
  const parts = [
    htmlText(textOf(note['content'])),
    ...choices.map(({ name, votes }) => `${name} (${votes})`),
    ...pictures.map(({ alt }) => alt),
  ]
  const text = parts.filter((part) => part !== '').join('\n\n')
  return { html, text, damaged: false, attachments: [], subject: textOf(note['summary']) }
}
