import type { Detector } from './detector.ts'
import { altText, directionMarks, hiddenCharacters, lookalikes, shouting, spacedLetters, styledLetters } from './form.ts'
import { wrongLanguage } from './language.ts'
import { linkBroken, linkLocal, linkSecret, linkShort, linkTracking, placeholder } from './links.ts'
import { mailParts } from './mail-parts.ts'
import type { DetectorName } from './names.ts'
import { card, iban, mailAddress, nationalId, phone, postalAddress } from './personal.ts'
import { embargo, partisanTerms } from './terms.ts'

export const detectors: Record<DetectorName, Detector> = {
  phone,
  'mail-address': mailAddress,
  'postal-address': postalAddress,
  iban,
  card,
  'national-id': nationalId,
  embargo,
  'partisan-terms': partisanTerms,
  'mail-parts': mailParts,
  placeholder,
  shouting,
  'alt-text': altText,
  'link-broken': linkBroken,
  'link-local': linkLocal,
  'link-secret': linkSecret,
  'link-short': linkShort,
  'link-tracking': linkTracking,
  'direction-marks': directionMarks,
  'hidden-characters': hiddenCharacters,
  lookalikes,
  'styled-letters': styledLetters,
  'spaced-letters': spacedLetters,
  'wrong-language': wrongLanguage,
}
