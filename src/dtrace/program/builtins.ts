// The built-in variables: what D calls them, their types, and what they mean on a Xen machine.
//
// `xdt_curpcpu and its relatives are kernel variables of the historic xdt provider: they name the
// same thing.
// Source: the D language guide, "Built-in Variables"; the illumos xdt driver for the backtick
// names.
import type { BuiltinName } from './program.js'
import { typeNamed } from './type-names.js'
import { type DType, STRING, UINT64 } from './types.js'

/** One built-in variable. */
export interface Builtin {
  readonly name: BuiltinName
  readonly type: DType
  readonly doc: string
}

const TABLE: readonly (readonly [name: BuiltinName, type: string, doc: string])[] = [
  ['timestamp', 'uint64_t', 'nanoseconds since the start of the recording'],
  ['vtimestamp', 'uint64_t', 'nanoseconds this thread has run'],
  ['walltimestamp', 'int64_t', 'nanoseconds since 1970-01-01 UTC'],
  ['cpu', 'processorid_t', 'what dtrace(8) prints under CPU'],
  ['pcpu', 'uint_t', 'the physical CPU'],
  ['vcpuid', 'uint_t', 'the vcpu within its domain'],
  ['domid', 'uint_t', 'the domain'],
  ['tid', 'uint_t', 'the thread: a dom0 thread id, or a number of its own for each vcpu'],
  ['pid', 'pid_t', 'the dom0 process, 0 where none is known'],
  ['execname', 'string', 'the name of the dom0 process'],
  ['probeprov', 'string', 'provider of the firing probe'],
  ['probemod', 'string', 'module of the firing probe'],
  ['probefunc', 'string', 'function of the firing probe'],
  ['probename', 'string', 'name of the firing probe'],
  ['epid', 'uint_t', 'number of the enabled probe: one for each clause and probe'],
  ['id', 'uint_t', 'number of the probe'],
  ['xdt_timestamp', 'uint64_t', "the record's own time stamp"],
  ['ppid', 'pid_t', 'parent of the process'],
  ['uid', 'uid_t', 'real user id'],
  ['gid', 'gid_t', 'real group id'],
  ['ipl', 'uint_t', 'interrupt priority level'],
  ['errno', 'int', 'error of the last system call'],
  ['stackdepth', 'uint32_t', 'frames on the kernel stack'],
  ['ustackdepth', 'uint32_t', 'frames on the user stack'],
  ['caller', 'uintptr_t', 'who called the probed function'],
  ['ucaller', 'uint64_t', 'who called it in user space'],
  ['zonename', 'string', 'name of the zone'],
  ['root', 'string', 'root directory of the process'],
  ['cwd', 'string', 'working directory of the process'],
]

/** All built-in variables by name; arg0 to arg9 and args[] are not among them. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  TABLE.map(([name, type, doc]) => [
    name,
    { name, type: type === 'string' ? STRING : (typeNamed(type) ?? UINT64), doc },
  ]),
)

/** Names of the fault codes, as an ERROR clause compares arg4 with. */
export const FAULT_CODES: ReadonlyMap<string, bigint> = new Map([
  ['DTRACEFLT_UNKNOWN', 0n],
  ['DTRACEFLT_BADADDR', 1n],
  ['DTRACEFLT_BADALIGN', 2n],
  ['DTRACEFLT_ILLOP', 3n],
  ['DTRACEFLT_DIVZERO', 4n],
  ['DTRACEFLT_NOSCRATCH', 5n],
  ['DTRACEFLT_KPRIV', 6n],
  ['DTRACEFLT_UPRIV', 7n],
  ['DTRACEFLT_TUPOFLOW', 8n],
  ['DTRACEFLT_BADSTACK', 9n],
  ['DTRACEFLT_LIBRARY', 1000n],
])

/** The xdt provider's kernel variables, without the backtick. */
export const XDT_VARIABLES: ReadonlyMap<string, BuiltinName> = new Map([
  ['xdt_curpcpu', 'pcpu'],
  ['xdt_curdom', 'domid'],
  ['xdt_curvcpu', 'vcpuid'],
  ['xdt_timestamp', 'xdt_timestamp'],
])
