import { useRef, useState } from 'react'
import type { Client } from '#shared/contract/client.ts'
import type { DraftWords, IdentityId, OutgoingMedia, Problem, SendLimits, Voice } from '#shared/model/index.ts'
import { useApp } from '../../app/context.ts'
import { toProblem } from '../../data/faults.ts'
import { useSize, useText } from '../../i18n/text.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Button, Field } from '../../ui/parts.tsx'
import { ALT_WANTED } from './ready.ts'
import type { Writing } from './writing.ts'

export interface AddedFiles {
  busy: boolean
  problem: Problem | null
  add: (files: readonly File[]) => Promise<void>
}

/** Puts files into the office, encrypted, and names them in the text that is being written. */
export function useFiles(writing: Writing): AddedFiles {
  const { engine } = useApp()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const add = async (files: readonly File[]) => {
    setBusy(true)
    setProblem(null)
    try {
      for (const file of files) {
        const added = await upload(engine.client, writing.place.identityId, file)
        const { media } = writing.state.get().words
        if (!media.some((one) => one.sha256 === added.sha256)) writing.write({ media: [...media, added] })
      }
    } catch (error) {
      setProblem(toProblem(error))
    }
    setBusy(false)
  }
  return { busy, problem, add }
}

const PIECE = 1_000_000

/** A file in pieces that fit a frame. */
async function upload(client: Client, identityId: IdentityId, file: File): Promise<OutgoingMedia> {
  const name = file.name.slice(-255) || 'file'
  const mediaType = file.type || 'application/octet-stream'
  let at = 0
  let under: string | null = null
  for (;;) {
    const last = at + PIECE >= file.size
    const bytes = base64(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))
    const answer: { upload: string; media: OutgoingMedia | null } = await client.outbox.attach({
      identityId,
      name,
      mediaType,
      upload: under,
      bytes,
      last,
    })
    if (answer.media) return answer.media
    if (last) throw new Error('a file was taken without a name')
    under = answer.upload
    at += PIECE
  }
}

function base64(bytes: Uint8Array): string {
  let text = ''
  // An argument each: more at once than an engine's stack takes would fail.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

/** Chooses files. */
export function FileButton({ files, limits }: { files: AddedFiles; limits: SendLimits | null }) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  if (limits !== null && limits.media.most === 0) return null
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-hidden="true"
        tabIndex={-1}
        {...(limits && limits.media.types.length > 0 ? { accept: limits.media.types.join(',') } : {})}
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])]
          event.target.value = ''
          if (chosen.length > 0) void files.add(chosen)
        }}
      />
      <Button look="plain" icon="attachment" isDisabled={files.busy} onPress={() => input.current?.click()}>
        {t('compose.attach')}
      </Button>
    </>
  )
}

interface FilesProps {
  words: DraftWords
  writing: Writing
  limits: SendLimits | null
  voice: Voice
  problem: Problem | null
}

/** The files of the text, each with words for those who do not see it. */
export function Files({ words, writing, limits, voice, problem }: FilesProps) {
  const t = useText()
  if (words.media.length === 0) return <FaultNote problem={problem} />
  const change = (sha256: string, to: Partial<OutgoingMedia> | null) =>
    writing.write({
      media: words.media.flatMap((one) => (one.sha256 !== sha256 ? [one] : to === null ? [] : [{ ...one, ...to }])),
    })
  return (
    <>
      <ul className="composer-files" aria-label={t('attachment.list', { count: words.media.length })}>
        {words.media.map((one) => (
          <FileItem key={one.sha256} file={one} limits={limits} voice={voice} onChange={(to) => change(one.sha256, to)} />
        ))}
      </ul>
      <FaultNote problem={problem} />
    </>
  )
}

interface FileItemProps {
  file: OutgoingMedia
  limits: SendLimits | null
  voice: Voice
  onChange: (to: Partial<OutgoingMedia> | null) => void
}

function FileItem({ file, limits, voice, onChange }: FileItemProps) {
  const t = useText()
  const size = useSize()
  const described = (limits?.media.mostAlt ?? 0) > 0 && ALT_WANTED.test(file.mediaType)
  return (
    <li className="composer-file">
      <p>
        <Icon name={file.mediaType.startsWith('image/') ? 'picture' : 'attachment'} />
        <bdi className="truncate" title={file.name}>
          {file.name}
        </bdi>
        <span className="dim">{size(file.size)}</span>
        <Button look="plain" icon="close" bare onPress={() => onChange(null)}>
          {t('compose.removeFile', { name: file.name })}
        </Button>
      </p>
      {described ? (
        <Field
          label={t('compose.alt', { name: file.name })}
          help={voice === 'institutional' ? t('compose.alt.needed') : t('compose.alt.help')}
          value={file.alt}
          onChange={(alt) => onChange({ alt: alt.slice(0, limits?.media.mostAlt ?? 0) })}
          required={voice === 'institutional'}
        />
      ) : null}
    </li>
  )
}
