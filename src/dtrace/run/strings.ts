// D strings are bytes; JavaScript's are 16-bit units. Most are ASCII, where both are the same: only
// others go through UTF-8.

/** Cuts a string to so many bytes of UTF-8, at a character's border. */
export function cutString(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text
  if (isAscii(text)) return text.slice(0, bytes)
  let used = 0
  let kept = ''
  for (const c of text) {
    used += utf8Length(c.codePointAt(0) ?? 0)
    if (used > bytes) break
    kept += c
  }
  return kept
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

/** The bytes of a string, one character each. */
export function toBytes(text: string): string {
  if (isAscii(text)) return text
  return String.fromCharCode(...new TextEncoder().encode(text))
}

/** A string of bytes read as UTF-8; what is not valid becomes U+FFFD. */
export function fromBytes(bytes: string): string {
  if (isAscii(bytes)) return bytes
  return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)))
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
