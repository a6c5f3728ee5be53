// Asked: a line that asks what something is: a name, a path, a number, a probe, a class, a code, a
// resource or a D program, with one question mark right behind, or two.
//
//   pcpus[1].idleNs?   ->  the path, the value before its last dot
//   0x9c0000400001009f?  xpv:::dom-*?  ereport.cpu.generic-x86.mc?   ->  a text
//   EINVAL                ->  an error's name asks by itself
//   a ? b : c             ->  none: that is code
//
// Holds: what is asked is not run, but for a path, whose value is read.
import { ERRNO } from '../machine/errno.js'

/** What a line asks about. */
export interface Asked {
  /** The question without its marks. */
  readonly text: string
  /** Two marks: the definition too. */
  readonly isDeep: boolean
  /** Whether it may be code: a name or what leads to a value. */
  readonly isPath: boolean
  /** Of `a.b`: `a` and `b`. */
  readonly receiver?: string
  readonly member?: string
}

/** A name, or what leads to a value: members, indexes, calls without operators. */
const PATH = /^[\p{ID_Start}$_][\p{ID_Continue}$.[\]'"()]*$/u

/** Texts that are no code, and that tables may know. */
const TEXTS: readonly RegExp[] = [
  /^-?(0[xX][\da-fA-F_]+|\d[\d_]*)n?$/,
  /^0[xX][\da-fA-F_]+([\s,]+(0[xX][\da-fA-F_]+|\d+))+$/,
  /^[\w$*-]*(:[\w$*.[\]-]*){1,3}$/,
  /^(ereport|fault|defect|upset|list|resource|ireport)(\.[\w-]+)+$/,
  /^[A-Z][A-Z0-9_]*-[0-9A-Y]{4}(-[0-9A-Y]{2,4})+$/,
  /^[a-z][a-z-]*:\/\/\S*$/,
  /^[\w$*.-]*(:[\w$*.-]*){0,3}\s*(\/[^{]*\/\s*)?\{[\s\S]*\}$/,
]

/** What a line asks about; undefined for one that asks nothing. */
export function askedIn(source: string): Asked | undefined {
  const bare = source.trim()
  if (bare in ERRNO && !(bare in globalThis)) return { text: bare, isDeep: false, isPath: false }
  const [, text = '', marks = ''] = /^\s*(\S|\S[\s\S]*?[^\s?])(\?\??)\s*$/.exec(source) ?? []
  if (text === '') return undefined
  const isDeep = marks === '??'
  if (!PATH.test(text)) {
    return TEXTS.some((form) => form.test(text)) ? { text, isDeep, isPath: false } : undefined
  }
  const [, receiver, member] = /^(.+)\.([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(text) ?? []
  if (receiver === undefined || member === undefined) return { text, isDeep, isPath: true }
  return { text, isDeep, isPath: true, receiver, member }
}

/** The global function that questions are turned into calls of. */
export const LOOK_FUNCTION = '__xpvLook'

/** A question as code: what is read is read by functions, for a name may be none of the
 *  session's. */
export function lookCode(asked: Asked): string {
  const reads = asked.isPath ? [asked.text, asked.receiver ?? 'undefined'] : []
  const given = [JSON.stringify(asked), ...reads.map((path) => `() => (${path})`)]
  return `${LOOK_FUNCTION}(${given.join(', ')})`
}
