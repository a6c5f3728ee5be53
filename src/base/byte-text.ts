// Bytes as text: UTF-8 where they are, and a lone surrogate (U+DC80 to U+DCFF) for each byte that
// is not, so that every run of bytes is one string and comes back as it was.
//
//   41 c3 a9 ff   <->   A é U+DCFF
//
// A string of bytes has one character for each, U+0000 to U+00FF. Source: Unicode TR 36 (3.7),
// Python's "surrogateescape".

const ESCAPE = 0xdc00

/** The text of one byte that is no UTF-8 by itself: 0x80 to 0xff. */
export function loneByte(byte: number): string {
  return String.fromCharCode(ESCAPE + byte)
}

/** Whether a code point stands for such a byte. */
export function isLoneByte(codePoint: number): boolean {
  return codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xff
}

/** The bytes of a text. */
export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(toBytes(text), (c) => c.charCodeAt(0))
}

/** The text of some bytes. */
export function textOfBytes(bytes: Uint8Array): string {
  return fromBytes(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** The bytes of a text, one character each. */
export function toBytes(text: string): string {
  if (isAscii(text)) return text
  let bytes = ''
  for (const c of text) {
    const codePoint = c.codePointAt(0) ?? 0
    bytes += isLoneByte(codePoint)
      ? String.fromCharCode(codePoint - ESCAPE)
      : String.fromCharCode(...new TextEncoder().encode(c))
  }
  return bytes
}

/** A string of bytes read as UTF-8. */
export function fromBytes(bytes: string): string {
  if (isAscii(bytes)) return bytes
  return decoded(bytes) ?? piecewise(bytes)
}

function piecewise(bytes: string): string {
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes.charCodeAt(i)
    const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const c = decoded(bytes.slice(i, i + length))
    text += c ?? loneByte(lead)
    i += c === undefined ? 1 : length
  }
  return text
}

/** Undefined when it is not UTF-8. */
function decoded(bytes: string): string | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** Whether all characters are below U+0080: text and bytes are the same. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
