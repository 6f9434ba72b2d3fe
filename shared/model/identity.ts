import { z } from 'zod'
import { IdentityId } from './ids.ts'

/** Who speaks: the impartial institution, a Member as elected representative, or the personal and party voice. */
export const Voice = z.enum(['institutional', 'mandate', 'personal'])
export type Voice = z.infer<typeof Voice>

/** A voice is told by name, shape and colour together, never by colour alone. */
export const IdentityShape = z.enum(['square', 'circle', 'diamond', 'triangle', 'hexagon'])
export type IdentityShape = z.infer<typeof IdentityShape>
export const IdentityColor = z.enum(['blue', 'green', 'amber', 'red', 'violet', 'teal', 'slate'])
export type IdentityColor = z.infer<typeof IdentityColor>

export const IdentityName = z.string().trim().min(1).max(80)

/** What ends a mail of this identity: plain text, several lines. Empty for none. */
export const IdentitySignature = z
  .string()
  .max(2000)
  .regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u)

export const Identity = z.object({
  id: IdentityId,
  name: IdentityName,
  voice: Voice,
  shape: IdentityShape,
  color: IdentityColor,
  signature: IdentitySignature,
})
export type Identity = z.infer<typeof Identity>

/** The shape and colour a new identity of a voice starts with. */
export const defaultMark: Record<Voice, { shape: IdentityShape; color: IdentityColor }> = {
  institutional: { shape: 'square', color: 'blue' },
  mandate: { shape: 'circle', color: 'green' },
  personal: { shape: 'diamond', color: 'amber' },
}
