// String literals: C's escapes, both ways.
//
//   readEscapes('a\\tb')  <->  quoteString('a<tab>b')
//
// Holds: readEscapes of what quoteString wrote, without its quotes, is the string again.
// Source: the D language guide, "Types, Operators and Expressions"; libdtrace dt_string.c
// (stresc2chr).

const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
}

/** Replaces C's escapes; an unknown one keeps its backslash. */
export function readEscapes(text: string): string {
  return text.replace(
    /\\(x[0-9a-fA-F]+|[0-7]{1,3}|[\s\S])/g,
    (whole: string, code: string): string => {
      if (/^x./.test(code)) return byte(Number.parseInt(code.slice(-2), 16))
      if (/^[0-7]/.test(code)) return byte(Number.parseInt(code, 8))
      return NAMED[code] ?? whole
    },
  )
}

/** Writes a string as a literal that readEscapes reads back. */
export function quoteString(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}]/gu, (c) => {
    const name = Object.entries(NAMED).find(([, value]) => value === c)?.[0]
    if (name !== undefined) return `\\${name}`
    return `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `"${escaped}"`
}

function byte(value: number): string {
  return String.fromCharCode(value & 0xff)
}
