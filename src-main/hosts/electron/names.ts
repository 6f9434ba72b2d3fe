import { extname } from 'node:path'

/**
 * Kinds of file that are opened by the computer's own programs. A list of what may, not of what may not: programs, scripts,
 * pages, shortcuts, disk images and documents with macros are all left out and can only be saved.
 */
const opened = new Set(
  (
    'pdf txt csv tsv log md rtf ics vcf eml ' +
    'png jpg jpeg gif webp bmp tif tiff heic avif ' +
    'docx xlsx pptx doc xls ppt odt ods odp epub ' +
    'mp3 m4a aac ogg oga opus wav flac mp4 m4v mov webm mkv avi zip'
  ).split(' '),
)

/** A file name that means nothing to a shell or a file system: no path, no control or direction marks, not hidden, not long. */
export function safeName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).pop() ?? ''
  const plain = base.replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '').replace(/^[.\s]+|[.\s]+$/g, '')
  const end = extname(plain).slice(0, 20)
  const stem = plain.slice(0, plain.length - extname(plain).length).slice(0, 100)
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)
  return `${reserved || stem === '' ? `file ${stem}`.trim() : stem}${end}`
}

/** Whether a file of this name may be opened by another program. */
export function mayOpen(name: string): boolean {
  return opened.has(extname(safeName(name)).slice(1).toLowerCase())
}
