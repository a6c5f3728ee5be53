// Character constants: bytes packed into an integer, the first one highest.
//
//   'ab'  ->  0x6162
import { bytesOfText } from '../../base/byte-text.js'
import { readEscapes } from '../program/string-literal.js'

/** The value of what stands between the quotes. Undefined for more than 8 bytes. */
export function packCharacter(text: string): bigint | undefined {
  const bytes = [...bytesOfText(readEscapes(text))]
  if (bytes.length > 8) return undefined
  return bytes.reduce((packed, b) => (packed << 8n) | BigInt(b), 0n)
}
