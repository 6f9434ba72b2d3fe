/** Line drawings on a 16 by 16 grid. */
const paths = {
  inbox: 'M2.5 9.5 4 3.5h8l1.5 6v3h-11zM2.5 9.5h3.2l.8 1.5h3l.8-1.5h3.2',
  reply: 'M6.5 4 3 7.5 6.5 11M3 7.5h6a4 4 0 0 1 4 4v1',
  hourglass: 'M4.5 2.5h7M4.5 13.5h7M5.5 2.5c0 3 2.5 4 2.5 5.5s-2.5 2.5-2.5 5.5M10.5 2.5c0 3-2.5 4-2.5 5.5s2.5 2.5 2.5 5.5',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.8V8l2.2 1.6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 13.5 13.5',
  settings:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.25 6.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5M5.75 13.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5',
  calendar: 'M3 3.5h10v10H3zM3 6.5h10M5.5 2v2.5M10.5 2v2.5',
  attachment: 'M12.5 7.5 8 12a2.8 2.8 0 0 1-4-4l5-5a1.9 1.9 0 0 1 2.7 2.7L7 10.4a.9.9 0 0 1-1.3-1.3l4-4',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'm4 4 8 8M12 4l-8 8',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  forward: 'M6.5 3.5 11 8l-4.5 4.5',
  down: 'm4 6.5 4 4 4-4',
  up: 'm4 9.5 4-4 4 4',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3v.01',
  mail: 'M2.5 4h11v8.5h-11zM2.5 4.5 8 8.7l5.5-4.2',
  feed: 'M3.5 12.5h.01M3.5 8.5a4 4 0 0 1 4 4M3.5 4.5a8 8 0 0 1 8 8',
  import: 'M8 2.5v7.5M5 7.2 8 10l3-2.8M2.5 10.5v3h11v-3',
  sample: 'M2.5 13.5h11M3.5 13.5v-6M6.5 13.5v-6M9.5 13.5v-6M12.5 13.5v-6M2.5 6.5 8 2.5l5.5 4z',
  unread: 'M2.5 6.5 8 10.5l5.5-4V13h-11zM2.5 6.5 8 2.5l5.5 4',
  print: 'M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  link: 'M6.5 9.5 9.5 6.5M7 4.5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5 7.5 13a2.8 2.8 0 0 1-4-4L5 7.5',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  edit: 'm3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7',
  archive: 'M2.5 3.5h11v3h-11zM3.5 6.5v7h9v-7M6.5 9h3',
  save: 'M8 2.5v8M5 7.7l3 2.8 3-2.8M3 13.5h10',
  picture: 'M2.5 3.5h11v9h-11zM2.5 10.5l3-3 3.5 3.5 2-2 2.5 2.5M10 6.5h.01',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9l7-4.5z',
  plus: 'M8 3v10M3 8h10',
  keyboard: 'M2 4h12v8.5H2zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M11.5 6.5h.01M5 10h6',
  undo: 'M5.5 3.5 2.5 6.5l3 3M2.5 6.5h7a3.5 3.5 0 0 1 0 7H7',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
  retry: 'M13 3v3.5H9.5M13 6.5A5.5 5.5 0 1 0 13.5 9',
  tag: 'M2.5 2.5h5.5l5.5 5.5-5.5 5.5-5.5-5.5zM5.3 5.3h.01',
  note: 'M3 2.5h10v7L9.5 13.5H3zM9.5 13.5v-4H13M5.5 5.5h5M5.5 8h3',
  send: 'm2.5 8 11-5-4 11-2.5-4.5zM7 9.5 13.5 3',
  phone: 'M4.5 1.5h7v13h-7zM7.2 12.3h1.6',
  shield: 'M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
} as const

export type IconName = keyof typeof paths

/** Icons that point along the line of writing turn round in right-to-left languages. */
const turning: ReadonlySet<IconName> = new Set<IconName>(['back', 'forward', 'reply', 'undo', 'open', 'play', 'send'])

/** A drawing beside a word; screen readers get the word only. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className={turning.has(name) ? 'icon-svg turns' : 'icon-svg'} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
