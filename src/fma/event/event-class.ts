// Event class: the dotted name that says what an event is, from the general to the special.
//
//   ereport.cpu.generic-x86.l1dcache  ->  kind ereport, leaf l1dcache
//
// Holds: the first word decides the kind. A pattern's `*` stands for any characters, dots included,
// as fmd's subscriptions have it. Source: illumos-gate protocol.h, fmd_string.c (fmd_strmatch).

/** What kind of event a class names, by its first word. */
export type EventKind = (typeof KINDS)[number]

const KINDS = ['ereport', 'fault', 'defect', 'upset', 'list', 'resource', 'ireport'] as const

/** The kind of a class; undefined when its first word is none of the protocol's. */
export function eventKind(name: string): EventKind | undefined {
  const dot = name.indexOf('.')
  const first = dot < 0 ? name : name.slice(0, dot)
  return KINDS.find((kind) => kind === first)
}

/** Whether a class matches a pattern with `*`: the whole of it, not a part. */
export function matchesClass(name: string, pattern: string): boolean {
  let [at, from] = [0, 0]
  let [star, retry] = [-1, 0]
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from++
      retry = at
    } else if (pattern[from] === name[at]) {
      from++
      at++
    } else if (star >= 0) {
      from = star + 1
      at = ++retry
    } else {
      return false
    }
  }
  while (pattern[from] === '*') from++
  return from === pattern.length
}
