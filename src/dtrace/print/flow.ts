// -F: firings indented by entry and return, as a call tree.
//
//   0  -> createdomain
//   0   | populate-physmap:start
//   0  <- createdomain
//
// A probe opens a level when its name is `entry` or ends in `-entry`, and closes one at `return`.
// Two clauses of one probe move the indent once: the first of the entry's, the last of the
// return's; so a return needs to see the firing after it. Source: illumos libdtrace dt_consume.c
// (dt_flowindent), its heuristic included.
import type { FiringRecord } from '../program/record.js'
import type { Dialect } from './conversion.js'

/** What stands under FUNCTION in a row of -F: indent, arrow and names. */
export class FlowIndenter {
  readonly #indent = new Map<number, number>()
  readonly #last = new Map<number, FiringRecord>()
  readonly #looksAhead: boolean

  /** DTrace for Linux does not look at the firing after a return. */
  constructor(dialect: Dialect = 'illumos') {
    this.#looksAhead = dialect === 'illumos'
  }

  /** The name for `firing`; `next` is the firing after it on any cpu, if there is one. */
  name(firing: FiringRecord, next: FiringRecord | undefined): string {
    const kind = this.#kind(firing, next)
    const before = this.#indent.get(firing.cpu) ?? 0
    const indent = kind === 'return' ? Math.max(0, before - 2) : before
    this.#indent.set(firing.cpu, kind === 'entry' ? indent + 2 : indent)
    this.#last.set(firing.cpu, firing)
    return ' '.repeat(indent) + label(firing, kind)
  }

  #kind(firing: FiringRecord, next: FiringRecord | undefined): FlowKind {
    const kind = flowKind(firing.probe.name)
    const after = this.#looksAhead ? next : undefined
    const beside = kind === 'entry' ? this.#last.get(firing.cpu) : after
    const again =
      beside !== undefined &&
      beside.cpu === firing.cpu &&
      beside.epid !== firing.epid &&
      beside.probe.id === firing.probe.id
    return again ? 'none' : kind
  }
}

type FlowKind = 'entry' | 'return' | 'none'

function flowKind(name: string): FlowKind {
  if (/(^|-)entry$/.test(name)) return 'entry'
  return /(^|-)return$/.test(name) ? 'return' : 'none'
}

function label({ probe }: FiringRecord, kind: FlowKind): string {
  if (kind === 'none') return `| ${probe.function}:${probe.name}`
  const line = probe.provider === 'syscall' ? '=' : '-'
  return kind === 'entry' ? ` ${line}> ${probe.function}` : ` <${line} ${probe.function}`
}
