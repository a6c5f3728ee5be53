// FMRI scheme: what each kind of FMRI must know how to do. A file of its own per scheme follows
// this; fmri.ts puts them together.
//
//   hc:///motherboard=0/chip=0  <->  { scheme: 'hc', path: [...] }  <->  nvlist
//
// Holds: what is printed parses to the same again; an nvlist says more (packages, descriptions)
// and keeps all of it. Source: illumos-gate usr/src/lib/fm/topo/libtopo/common.
import type { NvList } from './nvlist.js'

/** One scheme. `parse` gets the text behind `name://` and yields undefined for what it is not;
 *  `fromNvlist` yields undefined when a member is missing that the scheme needs. */
export interface FmriScheme<F> {
  /** `chip=0` of `hc:///chip=0`, with an example for who misspells it. */
  readonly example: string
  print(fmri: F): string
  parse(text: string): F | undefined
  toNvlist(fmri: F): NvList
  fromNvlist(list: NvList): F | undefined
}

/** Characters that URIs of the mem and legacy-hc schemes leave as they are. */
const PLAIN = /[^A-Za-z0-9\-_.!~*'():,/]/gu

/** Escapes a name for a URI, `%` and two upper-case digits a byte. */
export function escapeUri(text: string): string {
  const bytes = new TextEncoder()
  const escaped = (c: string): string =>
    [...bytes.encode(c)].map((b) => `%${b.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  return text.replace(PLAIN, escaped)
}

/** Undoes `escapeUri`; undefined where `%` is followed by nonsense. */
export function unescapeUri(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A number in hexadecimal, without 0x, of at most 64 bits. */
export function parseHex(text: string): bigint | undefined {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : undefined
}

/** A number in decimal from 0 to `most`. */
export function parseDecimal(text: string, most: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return value <= most ? value : undefined
}
