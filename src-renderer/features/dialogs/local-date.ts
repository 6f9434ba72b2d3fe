/** A moment as date inputs write it, in the person's time zone: `2026-01-31`, or with time `2026-01-31T09:30`. */
export function localDate(at: Date, withTime: boolean): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return withTime ? `${day}T${two(at.getHours())}:${two(at.getMinutes())}` : day
}
