/**
 * SHA-256 as the archive uses it. An interface, because the same code runs in Node and, as the stand-alone verifier, in a
 * browser. Text is hashed as UTF-8.
 */
export interface Sha256 {
  /** 32 bytes. */
  digest(input: string | Uint8Array): Uint8Array
  /** Base64 with padding: 44 characters. */
  base64(input: string | Uint8Array): string
  /** 64 lower-case digits. */
  hex(input: string | Uint8Array): string
}

/** Length of a SHA-256 hash in bytes. */
export const HASH_BYTES = 32
