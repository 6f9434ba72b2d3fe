import { useRef, useState } from 'react'
import type { Attachment, Message, Problem } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import { useText } from '../../i18n/text.ts'
import { native, saveFile } from '../../platform/native.ts'

type Hint = Extract<MessageKey, 'attachment.kind' | 'attachment.program'>

/** One attachment and what is being done with it. */
export interface AttachmentWork {
  name: string
  /** Its bytes are on their way. */
  busy: boolean
  /** Why the last try failed; `again` repeats it. */
  problem: Problem | null
  /** What to do instead, where it cannot be opened. */
  hint: Hint | null
  open: () => void
  save: () => void
  again: () => void
}

/** Opens and saves one attachment. */
export function useAttachment(message: Message, attachment: Attachment): AttachmentWork {
  const { engine } = useApp()
  const t = useText()
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null; hint: Hint | null }>({
    busy: false,
    problem: null,
    hint: null,
  })
  const last = useRef<() => void>(() => undefined)
  const name = attachment.name || t('attachment.unnamed')
  const act = (use: (blob: Blob) => Promise<Hint | null>) => async () => {
    setState({ busy: true, problem: null, hint: null })
    try {
      const { bytes } = await engine.client.messages.attachment({ id: message.id, index: attachment.index })
      const hint = await use(new Blob([await bytes.arrayBuffer()], { type: attachment.mediaType }))
      setState({ busy: false, problem: null, hint })
    } catch (error) {
      setState({ busy: false, problem: toProblem(error), hint: null })
    }
  }
  const save = act(async (blob) => {
    saveFile(name, blob)
    return null
  })
  const open = act(async (blob) => {
    if (!native) return null
    const opened = await native.openAttachment(name, await blob.arrayBuffer())
    return opened === 'opened' ? null : `attachment.${opened}`
  })
  const start = (work: () => Promise<void>) => () => {
    last.current = () => void work()
    last.current()
  }
  return { ...state, name, open: start(open), save: start(save), again: () => last.current() }
}
