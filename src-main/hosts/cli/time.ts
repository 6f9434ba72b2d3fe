const two = (value: number) => String(value).padStart(2, '0')

/** `2026-01-31 09:30` in local time. */
export function localTime(instant: string): string {
  const date = new Date(instant)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}
