// Subroutines on strings.
//
// Source: D language guide, "Actions and Subroutines"; corners as in illumos dtrace.c
// (dtrace_dif_subr), and where Linux differs dt_cg.c (dt_cg_subr_strtok, dt_cg_subr_strjoin).
import { int64 } from '../../base/int64.js'
import { ILLEGAL_OPERATION, invalidAddress, OUT_OF_SCRATCH } from './engine.js'
import { NULL_STRING } from './strings.js'
import { isNull, type Subroutine, type SubroutineState, type Value, whole } from './subroutine.js'

/** By name. */
export const TEXT_SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  strlen: ([s], state) => BigInt(state.text(s).length),
  strjoin: ([a, b], state) => strjoin(state.text(a) + state.text(b), state),
  substr: ([s, start, length], state) =>
    substr(state.text(s), whole(start), whole(length, BigInt(state.limits.strsize))),
  index: ([s, sub, from], state) =>
    BigInt(state.text(s).indexOf(state.text(sub), toIndex(from, 0))),
  rindex: ([s, sub, from], state) => rindex(state.text(s), state.text(sub), from),
  strchr: ([s, c], state) => tailFrom(state.text(s), `${state.text(s)}\0`.indexOf(byte(c))),
  strrchr: ([s, c], state) => tailFrom(state.text(s), `${state.text(s)}\0`.lastIndexOf(byte(c))),
  strstr: ([s, sub], state) => tailFrom(state.text(s), state.text(s).indexOf(state.text(sub))),
  strtok: ([s, separators], state) => strtok(s, separators, state),
  toupper: ([s], state) => state.text(s).replace(/[a-z]+/g, (t) => t.toUpperCase()),
  tolower: ([s], state) => state.text(s).replace(/[A-Z]+/g, (t) => t.toLowerCase()),
  lltostr: ([v, base]) => lltostr(whole(v), whole(base, 10n)),
  strtoll: ([s, base], state) => strtoll(s, whole(base, 10n), state),
}

/** illumos runs out of scratch memory where Linux cuts. */
function strjoin(joined: string, { limits }: SubroutineState): string {
  if (limits.dialect === 'illumos' && joined.length + 1 > limits.strsize) throw OUT_OF_SCRATCH
  return joined
}

/** Without a length, substr() takes what a string can hold, also from far before its first byte. */
function substr(s: string, from: bigint, count: bigint): string {
  const size = BigInt(s.length)
  let start = from < 0n ? from + size : from
  let length = count
  if (start < 0n && length > 0n && start + length > 0n) {
    length += start
    start = 0n
  }
  if (start < 0n || start >= size) return ''
  if (length < 0n) length += size - start
  if (length <= 0n) return ''
  return s.slice(Number(start), Number(start + length > size ? size : start + length))
}

function rindex(s: string, sub: string, from: Value | undefined): bigint {
  if (s === '' && sub === '') return 0n
  if (whole(from) < 0n) return sub === '' ? 0n : -1n
  return BigInt(s.lastIndexOf(sub, toIndex(from, s.length)))
}

function toIndex(from: Value | undefined, absent: number): number {
  if (from === undefined) return absent
  const at = whole(from)
  return at < 0n ? 0 : Number(at > 0xffff_ffffn ? 0xffff_ffffn : at)
}

const byte = (c: Value | undefined) => String.fromCharCode(Number(BigInt.asUintN(8, whole(c))))
const tailFrom = (s: string, at: number) => (at < 0 ? NULL_STRING : s.slice(at))

/** NULL once nothing is left; on Linux it is a fault to go on where nothing was begun. */
function strtok(s: Value | undefined, by: Value | undefined, state: SubroutineState): string {
  const { tokens, tid, limits } = state
  const goesOn = isGoingOn(s, state)
  if (goesOn && limits.dialect === 'linux' && !tokens.has(tid)) throw invalidAddress(0)
  const rest = goesOn ? (tokens.get(tid) ?? '') : state.text(s)
  const separators = state.text(by)
  let start = 0
  while (start < rest.length && separators.includes(rest.charAt(start))) start++
  let end = start
  while (end < rest.length && !separators.includes(rest.charAt(end))) end++
  // The next search begins at the delimiter, which may be none of the next call's.
  tokens.set(tid, rest.slice(end))
  return start === rest.length ? NULL_STRING : rest.slice(start, end)
}

/** On Linux only a NULL that is written as such goes on: a string that turns out to be NULL is a
 *  fault. */
function isGoingOn(s: Value | undefined, { limits }: SubroutineState): boolean {
  return limits.dialect === 'linux' ? s === 0n : isNull(s)
}

function lltostr(v: bigint, base: bigint): string {
  if (base < 2n || base > 36n) throw ILLEGAL_OPERATION
  if (base === 10n) return `${int64(v)}`
  const digits = BigInt.asUintN(64, v).toString(Number(base))
  if (base === 16n) return `0x${digits}`
  return base === 8n && v !== 0n ? `0${digits}` : digits
}

const DIGITS = /^[ \t]*([-+]?)([0-9a-zA-Z]*)/
const HEXADECIMAL = /^[ \t]*([-+]?)(?:0[xX])?([0-9a-zA-Z]*)/

function strtoll(s: Value | undefined, base: bigint, state: SubroutineState): bigint {
  if (base < 2n || base > 36n) throw ILLEGAL_OPERATION
  return parsed(state.text(s), base)
}

/** The integer that a text begins with, as strtoll() reads it. */
export function parsed(s: string, base: bigint): bigint {
  const parts = (base === 16n ? HEXADECIMAL : DIGITS).exec(s)
  let value = 0n
  for (const c of parts?.[2] ?? '') {
    const digit = Number.parseInt(c, 36)
    if (digit >= Number(base)) break
    value = value * base + BigInt(digit)
  }
  return int64(parts?.[1] === '-' ? -value : value)
}
