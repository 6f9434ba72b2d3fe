import { implement } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import type { ServiceOptions } from './service.ts'

/** Calls about the parliamentary calendar of an identity. */
export function voiceCalls({ engine: { calendars } }: ServiceOptions) {
  const on = implement(contract).voices
  return {
    voices: on.router({
      state: on.state.handler(({ input }) => calendars.state(input.identityId)),
      calendar: on.calendar.handler(({ input }) => calendars.calendar(input.identityId)),
      addPeriod: on.addPeriod.handler(({ input }) => calendars.add(input)),
      removePeriod: on.removePeriod.handler(async ({ input }) => {
        await calendars.remove(input)
        return {}
      }),
      importCalendar: on.importCalendar.handler(({ input }) => calendars.import(input)),
      setCalendar: on.setCalendar.handler(({ input }) => calendars.set(input)),
      checkLists: on.checkLists.handler(({ input }) => calendars.checkLists(input.identityId)),
      check: on.check.handler(({ input }) => calendars.sign(input)),
      uncheck: on.uncheck.handler(({ input }) => calendars.sign({ ...input, outcome: null, reason: '' })),
    }),
  }
}
