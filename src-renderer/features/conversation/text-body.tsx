import { type MouseEvent, useState } from 'react'
import { useText } from '../../i18n/text.ts'
import { openOutside } from '../../platform/native.ts'
import { linkify } from './links.ts'
import { splitQuote } from './quotes.ts'

/** A message in plain text: addresses can be opened, the quote at the end is folded. */
export function TextBody({ text, onLink }: { text: string; onLink: (href: string | null) => void }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const parts = splitQuote(text)
  return (
    <div className="message-text">
      <Linked text={parts.text} onLink={onLink} />
      {parts.quoted === '' ? null : (
        <>
          <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('message.quoted')}
          </button>
          {open ? (
            <div className="message-quote">
              <Linked text={parts.quoted} onLink={onLink} />
            </div>
          ) : null}
        </>
      )}
    </div>
  )
}

function Linked({ text, onLink }: { text: string; onLink: (href: string | null) => void }) {
  const open = (event: MouseEvent, href: string) => {
    event.preventDefault()
    openOutside(href)
  }
  return (
    <div dir="auto">
      {linkify(text).map(({ text: words, href }, i) =>
        href === null ? (
          words
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places.
            key={i}
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            onClick={(event) => open(event, href)}
            onPointerEnter={() => onLink(href)}
            onPointerLeave={() => onLink(null)}
            onFocus={() => onLink(href)}
            onBlur={() => onLink(null)}
          >
            {words}
          </a>
        ),
      )}
    </div>
  )
}
