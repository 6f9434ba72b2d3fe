import { z } from 'zod'

/**
 * What an import did not understand, said once for all places that are alike. Nothing of it is lost: what `kept` says lies
 * in the office byte for byte, as a record.
 *
 * - `file_kept`: a file of the export that is not read here; a message of kind `file` holds it.
 * - `file_unreadable`: a file that is damaged in the export, or larger than any; what could be read of it is kept.
 * - `item_kept`: an entry that makes no message; kept as a message of kind `file`.
 * - `field_unknown`: a field that is not known here; it stands in the bytes of the records that have it.
 * - `value_unknown`: a known field with a value that makes no sense; likewise.
 * - `media_missing`: a message names a file that the export does not hold.
 * - `name_mended`: a name in the archive that leads out of it, or stands there twice.
 * - `hash_mismatch`: bytes that do not have the hash under which they stand; kept.
 * - `signature_unchecked`: a signature that cannot be judged without asking the network.
 */
export const ImportRemark = z.object({
  kind: z.enum([
    'file_kept',
    'file_unreadable',
    'item_kept',
    'field_unknown',
    'value_unknown',
    'media_missing',
    'name_mended',
    'hash_mismatch',
    'signature_unchecked',
  ]),
  /** The file of the export; empty where there were too many to name. */
  path: z.string(),
  /** The field, entry or file that it is about; may be empty. */
  name: z.string(),
  count: z.number().int().positive(),
})
export type ImportRemark = z.infer<typeof ImportRemark>

/** Messages that were new, already there, or could not be understood (kept as damaged where there were any bytes). */
export const ImportReport = z.object({
  new: z.number().int().nonnegative(),
  known: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  remarks: z.array(ImportRemark),
})
export type ImportReport = z.infer<typeof ImportReport>
