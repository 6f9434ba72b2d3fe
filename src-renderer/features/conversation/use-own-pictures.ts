import { useEffect, useState } from 'react'
import type { Message } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp'])
/** A mail with more pictures of its own than this shows the first ones. */
const MOST = 60
const none: ReadonlyMap<string, string> = new Map()

/** Addresses (`blob:`) of the pictures that a message brought and shows by `cid:`; they live as long as the message is shown. */
export function useOwnPictures(message: Message, html: string): ReadonlyMap<string, string> {
  const { engine } = useApp()
  const [pictures, setPictures] = useState(none)
  useEffect(() => {
    const wanted = message.attachments
      .filter(({ contentId, mediaType }) => contentId !== null && PICTURES.has(mediaType.toLowerCase()))
      .slice(0, MOST)
    if (wanted.length === 0 || !/cid:/i.test(html)) return
    let gone = false
    const made: string[] = []
    async function load() {
      const found = new Map<string, string>()
      for (const { index, contentId, mediaType } of wanted) {
        const { bytes } = await engine.client.messages.attachment({ id: message.id, index })
        if (gone) return
        const url = URL.createObjectURL(new Blob([await bytes.arrayBuffer()], { type: mediaType }))
        made.push(url)
        if (contentId !== null) found.set(contentId.replace(/^<|>$/g, ''), url)
      }
      if (!gone) setPictures(found)
    }
    load().catch((error: unknown) => console.warn('pictures of a message could not be read', error))
    return () => {
      gone = true
      setPictures(none)
      for (const url of made) URL.revokeObjectURL(url)
    }
  }, [engine, message.id, message.attachments, html])
  return pictures
}
