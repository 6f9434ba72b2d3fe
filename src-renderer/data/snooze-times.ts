/** When a snooze can end, beside a date that the person picks. */
export interface SnoozeTime {
  kind: 'later' | 'evening' | 'tomorrow' | 'weekend' | 'nextWeek'
  at: Date
}

const MORNING = 8
const EVENING = 18
/** "Later today" is this many hours from now, on the hour. */
const LATER_HOURS = 3

/** The choices that make sense at `now`, in the person's own time zone, soonest first. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const at = (days: number, hour: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour)
  const later = new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + LATER_HOURS)
  const times: SnoozeTime[] = []
  if (later.getDate() === now.getDate()) times.push({ kind: 'later', at: later })
  if (later.getTime() < at(0, EVENING).getTime()) times.push({ kind: 'evening', at: at(0, EVENING) })
  times.push({ kind: 'tomorrow', at: at(1, MORNING) })
  const toSaturday = (6 - now.getDay() + 7) % 7
  if (toSaturday > 1 && toSaturday < 6) times.push({ kind: 'weekend', at: at(toSaturday, MORNING) })
  const toMonday = (1 - now.getDay() + 7) % 7 || 7
  if (toMonday > 1) times.push({ kind: 'nextWeek', at: at(toMonday, MORNING) })
  return times.sort((a, b) => a.at.getTime() - b.at.getTime())
}
