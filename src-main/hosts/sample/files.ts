import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Letter, writeLetter } from './letter.ts'
import type { SampleMailbox } from './office.ts'

/** Writes a mailbox under `dir` as a mail program would keep it. @returns the path to import. */
export async function writeMailbox(mailbox: SampleMailbox, dir: string): Promise<string> {
  const path = join(dir, mailbox.identity)
  if (mailbox.format === 'mbox') {
    await writeFile(path, Buffer.concat(mailbox.letters.map(mboxEntry)))
    return path
  }
  const own = mailbox.settings.address
  for (const folder of ['cur', 'new', 'tmp', '.Sent/cur', '.Sent/new', '.Sent/tmp'])
    await mkdir(join(path, folder), { recursive: true })
  for (const [index, letter] of mailbox.letters.entries()) {
    const folder = letter.from.address === own ? '.Sent/cur' : 'cur'
    const flags = `${letter.answered ? 'R' : ''}${letter.read ? 'S' : ''}`
    // Windows has no colon in file names; programs there write a semicolon.
    const name = `${Math.floor(letter.at / 1000)}.M${String(index).padStart(5, '0')}.sample${process.platform === 'win32' ? ';' : ':'}2,${flags}`
    await writeFile(join(path, folder, name), writeLetter(letter))
  }
  return path
}

/** One mail of an mbox (the `mboxrd` kind): LF line ends, `From ` lines quoted, flags in `Status`. */
function mboxEntry(letter: Letter): Buffer {
  const [weekday, date, month, year, time] = new Date(letter.at).toUTCString().replace(',', '').split(' ')
  const status = `Status: ${letter.read ? 'RO' : 'O'}\nX-Status: ${letter.answered ? 'A' : ''}\n`
  const mail = Buffer.from(writeLetter(letter)).toString('latin1').replace(/\r\n/g, '\n')
  const quoted = mail.replace(/^(>*From )/gm, '>$1').trimEnd()
  return Buffer.from(`From ${letter.from.address} ${weekday} ${month} ${date} ${time} ${year}\n${status}${quoted}\n\n`, 'latin1')
}
