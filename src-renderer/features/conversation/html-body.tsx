import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useIntl } from 'react-intl'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { useText } from '../../i18n/text.ts'
import { openOutside } from '../../platform/native.ts'
import { runStroke } from '../commands/hotkeys.ts'
import { watchCopies } from '../compose/copied.ts'
import { frameDocument } from './frame-document.ts'
import { safeLink } from './links.ts'
import { sanitise } from './sanitise.ts'
import { useOwnPictures } from './use-own-pictures.ts'

interface HtmlBodyProps {
  message: Message
  html: string
  /** The real address under the pointer or the focus, or null. */
  onLink: (href: string | null) => void
}

/**
 * A message's HTML in a frame that can neither run scripts nor reach the window. `allow-same-origin` without
 * `allow-scripts` lets the window measure it and see its links; nothing inside of it ever runs.
 */
export function HtmlBody({ message, html, onLink }: HtmlBodyProps) {
  const app = useApp()
  const t = useText()
  const { locale } = useIntl()
  const [remote, setRemote] = useState(false)
  const pictures = useOwnPictures(message, html)
  const frame = useRef<HTMLIFrameElement>(null)
  const stop = useRef<() => void>(() => undefined)
  const quoteLabel = t('message.quoted')
  const clean = useMemo(
    () => sanitise(html, { remote, quoteLabel, picture: (id) => pictures.get(id) ?? null }),
    [html, remote, quoteLabel, pictures],
  )
  const document_ = useMemo(() => {
    const textSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.9375
    return frameDocument(clean, { dir: document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr', lang: locale, remote, textSize })
  }, [clean, locale, remote])

  const onLoad = useCallback(() => {
    stop.current()
    const element = frame.current
    const inner = element?.contentDocument
    if (!element || !inner) return
    const stopWatching = watchFrame(element, inner, { onLink, onKey: (event) => runStroke(app, event) })
    const stopCopies = watchCopies(inner, message.identityId)
    stop.current = () => {
      stopWatching()
      stopCopies()
    }
  }, [app, onLink, message.identityId])
  useEffect(() => () => stop.current(), [])

  return (
    <>
      {clean.held > 0 ? (
        <div className="note message-held">
          <p>{t('message.held', { count: clean.held })}</p>
          <button type="button" className="button plain" onClick={() => setRemote(true)}>
            {t('message.showRemote')}
          </button>
        </div>
      ) : null}
      <iframe
        ref={frame}
        className={clean.ownColours ? 'message-frame paper' : 'message-frame'}
        sandbox="allow-same-origin"
        srcDoc={document_}
        title={t('message.frame', { from: message.from.name || message.from.handle })}
        onLoad={onLoad}
      />
    </>
  )
}

interface FrameEars {
  onLink: (href: string | null) => void
  onKey: (event: KeyboardEvent) => boolean
}

/** Gives the frame the height of its content and listens to links and keys in it. @returns how to stop. */
function watchFrame(element: HTMLIFrameElement, inner: Document, { onLink, onKey }: FrameEars): () => void {
  const measure = () => {
    const height = Math.ceil(inner.body.getBoundingClientRect().height)
    element.style.blockSize = `${height + scrollbarRoom(inner.body)}px`
  }
  const observer = new ResizeObserver(measure)
  observer.observe(inner.body)
  measure()
  const hrefOf = (event: Event) => {
    const link = (event.target as Element | null)?.closest?.('a[href]')
    return link ? safeLink(link.getAttribute('href') ?? '') : null
  }
  const onClick = (event: Event) => {
    const target = event.target as Element | null
    if (!target?.closest?.('a')) return
    event.preventDefault()
    const href = hrefOf(event)
    if (href) openOutside(href)
  }
  const onOver = (event: Event) => onLink(hrefOf(event))
  const onOut = () => onLink(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (onKey(event)) event.preventDefault()
  }
  inner.addEventListener('click', onClick)
  inner.addEventListener('auxclick', onClick)
  inner.addEventListener('pointerover', onOver)
  inner.addEventListener('pointerleave', onOut)
  inner.addEventListener('focusin', onOver)
  inner.addEventListener('focusout', onOut)
  inner.addEventListener('keydown', onKeyDown)
  return () => {
    observer.disconnect()
    onLink(null)
  }
}

/** A wide message scrolls sideways; the bar must not cover its last line. */
function scrollbarRoom(body: HTMLElement): number {
  return body.scrollWidth > body.clientWidth ? 16 : 0
}
