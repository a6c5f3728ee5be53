// TextLine: one line of tracefs' `trace`, or of `trace-cmd report`, taken apart.
//
//   xl-734     [000] .....   257.341992: other_ioctl: (privcmd_ioctl+0x0/0xbe0) cmd=0x50ff
//   comm pid   vcpu  flags   time        name         body
//
// Holds: times are exact: the printed digits become an integer, never a floating-point number of
// seconds.
// Source: linux kernel/trace/trace_output.c (trace_print_context); trace-cmd 3.1.6 lib/traceevent.

/** A line of a trace. `time` counts nanoseconds, or ticks of a counter when `counter` is set. */
export interface TextLine {
  readonly comm: string
  readonly pid: number
  readonly vcpu: number
  readonly time: bigint
  readonly counter: boolean
  /** Undefined for a line of another tracer, such as `function`. */
  readonly name: string | undefined
  readonly body: string
}

const PREFIX =
  /^\s*(\S.{0,15})?-(\d+)\s+(?:\(\s*[-\d]+\)\s+)?\[(\d+)\]\s+(?:[^\s\d]\S*\s+)?(\d+)(?:\.(\d+))?: +/
const NAME = /^([A-Za-z_]\w*): ?/
const LOST = /^\s*CPU:(\d+) \[(?:LOST )?(?:(\d+) )?EVENTS(?: DROPPED)?\]/
const FIELD = /(\w+)=(-?)(0x[0-9a-fA-F]+|\d+)(?=\s|$)/g

/** Takes a line apart; undefined when it is not a line of a trace. */
export function parseTextLine(text: string): TextLine | undefined {
  const prefix = PREFIX.exec(text)
  if (prefix === null) return undefined
  const [all, comm, pid, vcpu, whole = '', fraction] = prefix
  const rest = text.slice(all.length)
  const name = NAME.exec(rest)
  return {
    comm: comm ?? '',
    pid: Number(pid),
    vcpu: Number(vcpu),
    time: fraction === undefined ? BigInt(whole) : nanoseconds(whole, fraction),
    counter: fraction === undefined,
    name: name?.[1],
    body: name === null ? rest : rest.slice(name[0].length),
  }
}

/** The dropped-records line of a trace; undefined for any other line. */
export function parseLostLine(
  text: string,
): { readonly vcpu: number; readonly records: number | undefined } | undefined {
  const lost = LOST.exec(text)
  if (lost === null) return undefined
  return { vcpu: Number(lost[1]), records: lost[2] === undefined ? undefined : Number(lost[2]) }
}

/** The integer fields of a kprobe's body, `name=value`; a value that is no integer is left out. */
export function parseFields(body: string): ReadonlyMap<string, bigint> {
  const fields = new Map<string, bigint>()
  for (const [, name = '', sign, digits = ''] of body.matchAll(FIELD)) {
    const magnitude = BigInt(digits)
    fields.set(name, sign === '-' ? -magnitude : magnitude)
  }
  return fields
}

function nanoseconds(seconds: string, fraction: string): bigint {
  return BigInt(seconds + fraction.slice(0, 9).padEnd(9, '0'))
}
