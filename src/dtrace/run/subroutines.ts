// D's subroutines: of their arguments and, for strtok and rand, of what they remember. Strings come
// in and go out as bytes.
//
// Source: D language guide, "Actions and Subroutines"; corners as in illumos dtrace.c
// (dtrace_dif_subr).
import { int64 } from '../../base/int64.js'
import { prng } from '../../base/prng.js'
import { ILLEGAL_OPERATION } from './engine.js'
import { fromBytes, toBytes } from './strings.js'

export type Value = bigint | string

/** What some subroutines remember: the rest of a strtok per thread, and the state of rand(). */
export class SubroutineState {
  readonly tokens = new Map<number, string>()
  readonly random = prng(0x9e3779b9)
  /** The thread of the current firing. */
  tid = 0
  /** Bytes a string can hold. */
  readonly strsize: number

  constructor(strsize: number) {
    this.strsize = strsize
  }
}

type Subroutine = (args: readonly Value[], state: SubroutineState) => Value

const text = (v: Value | undefined): string => (typeof v === 'string' ? v : '')
const whole = (v: Value | undefined, absent = 0n): bigint => (typeof v === 'bigint' ? v : absent)

const SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  strlen: ([s]) => BigInt(text(s).length),
  strjoin: ([a, b]) => text(a) + text(b),
  substr: ([s, start, length], { strsize }) =>
    substr(text(s), whole(start), whole(length, BigInt(strsize))),
  index: ([s, sub, from]) => BigInt(text(s).indexOf(text(sub), toIndex(from, 0))),
  rindex: ([s, sub, from]) => rindex(text(s), text(sub), from),
  strchr: ([s, c]) => tailFrom(text(s), text(s).indexOf(byte(c))),
  strrchr: ([s, c]) => tailFrom(text(s), text(s).lastIndexOf(byte(c))),
  strstr: ([s, sub]) => tailFrom(text(s), text(s).indexOf(text(sub))),
  strtok: ([s, separators], state) => strtok(s, text(separators), state),
  basename: ([path]) => basename(text(path)),
  dirname: ([path]) => dirname(text(path)),
  cleanpath: ([path]) => cleanpath(text(path)),
  toupper: ([s]) => text(s).replace(/[a-z]+/g, (t) => t.toUpperCase()),
  tolower: ([s]) => text(s).replace(/[A-Z]+/g, (t) => t.toLowerCase()),
  lltostr: ([v, base]) => lltostr(whole(v), whole(base, 10n)),
  strtoll: ([s, base]) => strtoll(text(s), whole(base, 10n)),
  rand: (_, state) => BigInt(state.random()),
  htons: ([v]) => swapBytes(whole(v), 2),
  htonl: ([v]) => swapBytes(whole(v), 4),
  htonll: ([v]) => swapBytes(whole(v), 8),
  ntohs: ([v]) => swapBytes(whole(v), 2),
  ntohl: ([v]) => swapBytes(whole(v), 4),
  ntohll: ([v]) => swapBytes(whole(v), 8),
}

/** Whether a call with so many arguments may fault: with a base that no number is written in. */
export function subroutineMayFault(name: string, args: number): boolean {
  return args === 2 && (name === 'lltostr' || name === 'strtoll')
}

/** A subroutine by name, or undefined. Integers go in as what 64-bit registers they stand for. */
export function subroutine(name: string): Subroutine | undefined {
  const f = Object.hasOwn(SUBROUTINES, name) ? SUBROUTINES[name] : undefined
  if (f === undefined) return undefined
  return (args, state) => {
    const bytes = args.map((v) => (typeof v === 'string' ? toBytes(v) : int64(v)))
    const result = f(bytes, state)
    return typeof result === 'string' ? fromBytes(result) : result
  }
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
const tailFrom = (s: string, at: number) => (at < 0 ? '' : s.slice(at))

function strtok(s: Value | undefined, separators: string, state: SubroutineState): string {
  const rest = typeof s === 'string' ? s : (state.tokens.get(state.tid) ?? '')
  let start = 0
  while (start < rest.length && separators.includes(rest.charAt(start))) start++
  let end = start
  while (end < rest.length && !separators.includes(rest.charAt(end))) end++
  // The next search begins at the delimiter, which may be none of the next call's.
  state.tokens.set(state.tid, rest.slice(end))
  return rest.slice(start, end)
}

function basename(path: string): string {
  if (path === '') return '.'
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  if (trimmed === '') return path === '' ? '.' : '/'
  const slash = trimmed.lastIndexOf('/')
  if (slash < 0) return '.'
  const parent = trimmed.slice(0, slash).replace(/\/+$/, '')
  return parent === '' ? '/' : parent
}

function cleanpath(path: string): string {
  const kept: string[] = []
  for (const part of path
    .replace(/\/+/g, '/')
    .split('/')
    .slice(path.startsWith('/') ? 1 : 0)) {
    if (part === '..' && (kept.length > 0 || path.startsWith('/'))) kept.pop()
    else if (part !== '.') kept.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + kept.join('/')
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

function strtoll(s: string, base: bigint): bigint {
  if (base < 2n || base > 36n) throw ILLEGAL_OPERATION
  const parts = (base === 16n ? HEXADECIMAL : DIGITS).exec(s)
  let value = 0n
  for (const c of parts?.[2] ?? '') {
    const digit = Number.parseInt(c, 36)
    if (digit >= Number(base)) break
    value = value * base + BigInt(digit)
  }
  return int64(parts?.[1] === '-' ? -value : value)
}

function swapBytes(v: bigint, bytes: 2 | 4 | 8): bigint {
  let swapped = 0n
  for (let i = 0; i < bytes; i++) swapped = (swapped << 8n) | ((v >> BigInt(8 * i)) & 0xffn)
  return swapped
}
