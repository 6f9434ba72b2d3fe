const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')

/**
 * The line that begins a mail in an mbox (RFC 4155, appendix A): the sender's bare address and the time as asctime writes
 * it, in UTC.
 * @param from As shown to people; where there is no plain address in it, `MAILER-DAEMON` stands for it.
 */
export function fromLine(from: string, at: Date): string {
  const address = /[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+/.exec(from)?.[0] ?? 'MAILER-DAEMON'
  const date = `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)}`
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  return `From ${address} ${date} ${time} ${String(at.getUTCFullYear()).padStart(4, '0')}\n`
}

/** What may be the beginning of something that goes on in the next piece: `\r\n`, or `From `. */
const open = ['\r', 'From', 'Fro', 'Fr', 'F']
const quotable = /((?:^|\n)>*)From /g
const quotableInside = /(\n>*)From /g

/**
 * Puts one mail into an mbox, piece by piece: lines end in LF, and a line that is any number of `>` and `From ` gets one more
 * `>` (the "mboxrd" way, which can be undone exactly). Pieces are bytes as latin1 text, since a mail may be in any charset.
 */
export class MboxQuoter {
  private held = ''
  /** Since the last line end there was nothing but `>`. */
  private atStart = true
  private endsLine = true

  add(piece: string): string {
    const all = this.held + piece
    this.held = open.find((beginning) => all.endsWith(beginning)) ?? ''
    return this.quote(this.held === '' ? all : all.slice(0, -this.held.length))
  }

  /** The rest, and the empty line that ends the mail. */
  end(): string {
    const rest = this.quote(this.held)
    this.held = ''
    return this.endsLine ? `${rest}\n` : `${rest}\n\n`
  }

  private quote(text: string): string {
    if (text === '') return ''
    const lines = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text
    const quoted = lines.includes('From ') ? lines.replace(this.atStart ? quotable : quotableInside, '$1>From ') : lines
    const last = lines.lastIndexOf('\n')
    this.atStart = (last >= 0 || this.atStart) && /^>*$/.test(lines.slice(last + 1))
    this.endsLine = last === lines.length - 1
    return quoted
  }
}
