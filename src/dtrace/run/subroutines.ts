// D's subroutines, by name, as both engines call them.
import { fromBytes, toBytes } from '../../base/byte-text.js'
import { int64 } from '../../base/int64.js'
import { notRecorded } from './engine.js'
import { type Subroutine, type SubroutineState, type Value, whole } from './subroutine.js'
import { json } from './subroutine-json.js'
import { ADDRESS_SUBROUTINES } from './subroutines-address.js'
import { MEMORY_SUBROUTINES } from './subroutines-memory.js'
import { PATH_SUBROUTINES } from './subroutines-path.js'
import { TEXT_SUBROUTINES } from './subroutines-text.js'

/** In the key of an aggregation, an address is itself, and there are no frames. */
const SYMBOLS = ['sym', 'func', 'mod', 'usym', 'ufunc', 'umod', 'uaddr']
const STACKS = ['stack', 'ustack', 'jstack']

const SUBROUTINES: Readonly<Record<string, Subroutine>> = {
  ...TEXT_SUBROUTINES,
  ...PATH_SUBROUTINES,
  ...MEMORY_SUBROUTINES,
  ...ADDRESS_SUBROUTINES,
  json: ([text, selector], state) => json(state.text(text), state.text(selector)),
  rand: (_, state) => BigInt(state.random()),
  getmajor: ([device], { limits }) => {
    const d = BigInt.asUintN(64, whole(device))
    return limits.dialect === 'linux' ? BigInt.asUintN(32, d) >> 20n : d >> 32n
  },
  getminor: ([device], { limits }) =>
    BigInt.asUintN(limits.dialect === 'linux' ? 20 : 32, whole(device)),
  speculation: (_, state) => BigInt(state.speculation()),
  ...Object.fromEntries(SYMBOLS.map((name) => [name, ([address]) => whole(address)])),
  ...Object.fromEntries(STACKS.map((name) => [name, () => ''])),
  mtons: ([time]) => whole(time),
  vm_kernel_addrperm: ([address]) => disguised(whole(address)),
  progenyof: ([pid], state) => progenyof(whole(pid), state),
}

/** Moved by an offset that macOS picks when it starts, and we once and for all. */
function disguised(address: bigint): bigint {
  return address === 0n ? 0n : address + 0x3a5c_71e8_9d42_b601n
}

/** A recording knows a process, but not its parents. */
function progenyof(pid: bigint, state: SubroutineState): bigint {
  if (pid === BigInt(state.pid) || pid === 0n || pid === 1n) return 1n
  throw notRecorded('the parent of a process')
}

/** Subroutines that no argument makes fault, as long as no string is NULL. */
const SAFE: ReadonlySet<string> = new Set([
  ...['strlen', 'substr', 'index', 'rindex', 'strchr', 'strrchr', 'strstr', 'toupper', 'tolower'],
  ...['basename', 'dirname', 'cleanpath', 'json', 'rand', 'getmajor', 'getminor'],
  ...['speculation', ...SYMBOLS, ...STACKS],
  ...['mtons', 'vm_kernel_addrperm'],
  ...['htons', 'htonl', 'htonll', 'ntohs', 'ntohl', 'ntohll'],
])

/** Whether a call with so many arguments, none of them NULL, may fault. */
export function subroutineMayFault(name: string, args: number): boolean {
  if (name === 'lltostr' || name === 'strtoll') return args === 2
  return !SAFE.has(name)
}

/** A subroutine by name, or undefined. Integers go in as what 64-bit registers they stand for. */
export function subroutine(name: string): Subroutine | undefined {
  const f = Object.hasOwn(SUBROUTINES, name) ? SUBROUTINES[name] : undefined
  if (f === undefined) return undefined
  return (args: readonly Value[], state: SubroutineState) => {
    const bytes = args.map((v) => (typeof v === 'string' ? toBytes(v) : int64(v)))
    const result = f(bytes, state)
    return typeof result === 'string' ? fromBytes(result) : result
  }
}
