// Padding as C's printf does it: a width counts bytes of UTF-8, not characters.
//
//   pad('dom0', 8, 'left') -> 'dom0    '

/** How many bytes `text` takes as UTF-8; an unpaired surrogate counts as the three of U+FFFD. */
export function byteLength(text: string): number {
  let bytes = 0
  for (const char of text) bytes += codePointBytes(char.codePointAt(0) ?? 0)
  return bytes
}

/** Pads to `width` bytes with blanks; longer text stays as it is. `align` names the side the
 *  text is on. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - byteLength(text)))
  return align === 'left' ? text + blanks : blanks + text
}

/** The longest start of `text` within `bytes` bytes. C would cut a character in two; whole ones
 *  stay here. */
export function cutBytes(text: string, bytes: number): string {
  let kept = ''
  let left = bytes
  for (const char of text) {
    left -= codePointBytes(char.codePointAt(0) ?? 0)
    if (left < 0) break
    kept += char
  }
  return kept
}

function codePointBytes(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
