import { describe, expect, it } from 'vitest'
import { wish } from '#connectors/sms/opt-out.ts'

describe('what a text asks for', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop! ',
    'STOP ALL',
    'stopall',
    'unsubscribe',
    'opt-out',
    'ARRÊT',
    'arret',
    'Désabonner',
    'BAJA',
    'dar de baja',
    'إيقاف',
    'ايقاف',
    'إِيقَاف',
    'الغاء',
    'إلغاء',
  ])('%s: no more', (text) => expect(wish(text)).toBe('out'))
  it.each(['START', 'unstop', 'Reprendre', 'ALTA', 'ابدأ', 'اشتراك'])('%s: again', (text) => expect(wish(text)).toBe('back'))
  it.each(['', 'please stop the bus 12 from being cut', 'yes', 'Stop it, or I will start', 'the end', `STOP${' '.repeat(100)}`])(
    '“%s”: neither',
    (text) => expect(wish(text)).toBeNull(),
  )
})
