// Stability attributes: how far a name, what it yields, and the machines it exists on may be
// relied upon, and the least a program asks for with -x amin.
//
//   "Evolving/Stable/ISA"  ->  { name: 5, data: 6, class: 4 }
//
// Source: the D language guide, "Stability"; libdtrace dt_subr.c (dtrace_str2attr), dt_attr.c,
// dt_open.c (what each identifier of D's own has).

/** Least to most: the place in the list is the rank. */
const LEVELS: readonly string[] =
  'Internal Private Obsolete External Unstable Evolving Stable Standard'.split(' ')
const CLASSES: readonly string[] = 'Unknown CPU Platform Group ISA Common'.split(' ')

/** The stability of one identifier, as ranks. */
export interface Stability {
  readonly name: number
  readonly data: number
  readonly class: number
}

const MOST: Stability = {
  name: LEVELS.length - 1,
  data: LEVELS.length - 1,
  class: CLASSES.length - 1,
}

/** What programs define, and most of what D has. */
export const STABLE: Stability = { name: 6, data: 6, class: 5 }
/** Subroutines that look into a kernel. */
const EVOLVING: Stability = { name: 5, data: 5, class: 5 }
/** Symbols of a kernel. */
const SYMBOL: Stability = { name: 1, data: 1, class: 0 }

const EVOLVING_NAMES: ReadonlySet<string> = new Set(
  (
    'd_path ddi_pathname getmajor getminor htonl htonll htons mutex_owned mutex_owner ' +
    'mutex_type_adaptive mutex_type_spin ntohl ntohll ntohs rw_iswriter rw_read_held rw_write_held'
  ).split(' '),
)

/** The stability of an identifier that D itself has. */
export function stabilityOf(name: string): Stability {
  if (name.includes('`')) return SYMBOL
  return EVOLVING_NAMES.has(name) ? EVOLVING : STABLE
}

/** Reads `Name/Data/Class`; parts left away at the end are the highest. Undefined when it is
 *  none. */
export function parseStability(text: string): Stability | undefined {
  const parts = text.split('/')
  if (parts.at(-1) === '') parts.pop()
  if (parts.length === 0) return MOST
  const [name, data, group, ...more] = parts
  const rank = (list: readonly string[], part: string | undefined, most: number): number =>
    part === undefined ? most : list.findIndex((w) => w.toLowerCase() === part.toLowerCase())
  const found: Stability = {
    name: rank(LEVELS, name, MOST.name),
    data: rank(LEVELS, data, MOST.data),
    class: rank(CLASSES, group, MOST.class),
  }
  const unknown = found.name < 0 || found.data < 0 || found.class < 0
  return unknown || more.length > 0 ? undefined : found
}

/** `Name/Data/Class`. */
export function printStability({ name, data, class: group }: Stability): string {
  return `${LEVELS[name]}/${LEVELS[data]}/${CLASSES[group]}`
}

/** `Name/Data/Class` in three lines, as dtrace(8) -v reports it, each with its newline. */
export function stabilityLines({ name, data, class: group }: Stability): string {
  return (
    `\t\tIdentifier Names: ${LEVELS[name]}\n` +
    `\t\tData Semantics:   ${LEVELS[data]}\n` +
    `\t\tDependency Class: ${CLASSES[group]}\n`
  )
}

/** The least of both in each of the three. */
export function leastStability(a: Stability, b: Stability): Stability {
  return {
    name: Math.min(a.name, b.name),
    data: Math.min(a.data, b.data),
    class: Math.min(a.class, b.class),
  }
}

/** Whether `a` is at least `least` in all three. */
export function isAsStableAs(a: Stability, least: Stability): boolean {
  return a.name >= least.name && a.data >= least.data && a.class >= least.class
}
