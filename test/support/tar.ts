/** A tar (ustar, with pax fields for what does not fit), written by hand so that every byte of it can be wrong. */
export function tar(files: Readonly<Record<string, string | Uint8Array>>, more: readonly Buffer[] = []): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => tarFile(name, content))
  return Buffer.concat([...parts, ...more, Buffer.alloc(1024)])
}

export function tarFile(name: string, content: string | Uint8Array, type = '0'): Buffer[] {
  const bytes = Buffer.from(content)
  const long = Buffer.byteLength(name) > 100 || /[^ -~]/.test(name)
  const extra = long ? tarFile('pax', paxField('path', name), 'x') : []
  return [...extra, header(long ? 'long' : name, bytes.length, type), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
}

function header(name: string, size: number, type: string): Buffer {
  const head = Buffer.alloc(512)
  head.write(name, 0)
  head.write('0000644\0', 100)
  head.write(`${size.toString(8).padStart(11, '0')} `, 124)
  head.write(`${(1_700_000_000).toString(8).padStart(11, '0')} `, 136)
  head.write('        ', 148)
  head.write(type, 156)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((all, byte) => all + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

function paxField(name: string, value: string): string {
  const rest = Buffer.byteLength(` ${name}=${value}\n`)
  let length = rest + 1
  while (String(length).length + rest !== length) length = String(length).length + rest
  return `${length} ${name}=${value}\n`
}
