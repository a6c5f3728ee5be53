// Subroutines and actions by name, with their prototypes: the compiler checks calls against this
// table, the prompt completes and explains from it, the engine implements what is `implemented`
// here.
//
// A prototype is written as DTrace writes it: `[T]` an optional argument, `@` any type, `...` any
// number more.
// Source: the D language guide, "Actions and Subroutines"; libdtrace dt_open.c (_dtrace_globals).

import type { OptionDialect } from './options.js'
import { typeNamed } from './type-names.js'
import { type DType, STACK, SYMBOL_ADDRESS, USER_SYMBOL_ADDRESS } from './types.js'

/** Types that only D itself names. */
const OWN_TYPES = [
  { name: 'stack', type: STACK },
  { name: '_symaddr', type: SYMBOL_ADDRESS },
  { name: '_usymaddr', type: USER_SYMBOL_ADDRESS },
]

/** A parameter: a type the argument is converted to, or anything at all. */
export type Parameter = { readonly kind: 'any' } | { readonly kind: 'typed'; readonly type: DType }

/** What may be called. `required` counts the parameters that must be given; `variadic` allows
 *  more. */
export interface Callable {
  readonly name: string
  readonly kind: 'subroutine' | 'action' | 'aggregating'
  readonly result: DType
  readonly parameters: readonly Parameter[]
  readonly required: number
  readonly variadic: boolean
  readonly prototype: string
  /** False: known to D, but refused here, since a recording holds no memory, stack or process to
   *  act on. */
  readonly implemented: boolean
  readonly doc: string
}

type Row = readonly [prototype: string, doc: string]

const SUBROUTINE_ROWS: readonly Row[] = [
  ['size_t strlen(const char *)', 'length in bytes'],
  ['string strjoin(const char *, const char *)', 'the two, one after the other'],
  [
    'string substr(const char *, int, [int])',
    'from a start, a length when given; both may be negative',
  ],
  ['int index(const char *, const char *, [int])', 'place of the second in the first, or -1'],
  ['int rindex(const char *, const char *, [int])', 'last place of the second in the first, or -1'],
  ['string strstr(const char *, const char *)', 'from the first place on, NULL when absent'],
  ['string strchr(const char *, char)', 'from that character on, NULL when absent'],
  ['string strrchr(const char *, char)', 'from the last such character on, NULL when absent'],
  [
    'string strtok(const char *, const char *)',
    'next piece between delimiters; NULL goes on, and comes at the end',
  ],
  ['string basename(const char *)', 'last part of a path'],
  ['string dirname(const char *)', 'all but the last part of a path'],
  ['string cleanpath(const char *)', 'the path without //, /./ and /../'],
  ['string lltostr(int64_t, [int])', 'an integer as text, in a base from 2 to 36'],
  ['int64_t strtoll(const char *, [int])', 'text as an integer, in a base from 2 to 36'],
  ['string toupper(const char *)', 'in capitals'],
  ['string tolower(const char *)', 'in small letters'],
  ['int rand()', 'a pseudo-random number'],
  ['int speculation()', 'a buffer for speculative tracing, 0 when none is free'],
  ['uint16_t htons(uint16_t)', 'host to network order, 16 bits'],
  ['uint32_t htonl(uint32_t)', 'host to network order, 32 bits'],
  ['uint64_t htonll(uint64_t)', 'host to network order, 64 bits'],
  ['uint16_t ntohs(uint16_t)', 'network to host order, 16 bits'],
  ['uint32_t ntohl(uint32_t)', 'network to host order, 32 bits'],
  ['uint64_t ntohll(uint64_t)', 'network to host order, 64 bits'],
  ['void * alloca(size_t)', 'scratch memory'],
  ['void bcopy(void *, void *, size_t)', 'copies memory'],
  ['void * copyin(uintptr_t, size_t)', 'reads memory of a process'],
  ['string copyinstr(uintptr_t, [size_t])', 'reads a string of a process'],
  ['void copyinto(uintptr_t, size_t, void *)', 'reads memory of a process into scratch memory'],
  ['dev_t getmajor(dev_t)', 'major number of a device'],
  ['dev_t getminor(dev_t)', 'minor number of a device'],
  ['string inet_ntoa(ipaddr_t *)', 'an IPv4 address as text'],
  ['string inet_ntoa6(struct in6_addr *, [int])', 'an IPv6 address as text'],
  ['string inet_ntop(int, void *)', 'an address as text'],
  ['string json(const char *, const char *)', 'an element of a JSON text'],
  ['string link_ntop(int, void *)', 'an address of a network card as text'],
  ['uint64_t mtons(uint64_t)', 'a time of Mach in nanoseconds: one is the other here'],
  ['void * vm_kernel_addrperm(void *)', 'an address in disguise, 0 for 0'],
  ['int mutex_owned(struct mutex *)', 'whether the current thread holds a lock'],
  ['void * mutex_owner(struct mutex *)', 'the thread that holds a lock'],
  ['int mutex_type_adaptive(struct mutex *)', 'whether a lock is adaptive'],
  ['int mutex_type_spin(struct mutex *)', 'whether a lock spins'],
  ['int progenyof(pid_t)', 'whether the process descends from another'],
  ['int rw_iswriter(struct rwlock *)', 'whether a lock is held by a writer'],
  ['int rw_read_held(struct rwlock *)', 'whether a lock is held by a reader'],
  ['int rw_write_held(struct rwlock *)', 'whether a lock is held for writing'],
]

/** What DTrace for Linux does not know. */
const NOT_ON_LINUX: ReadonlySet<string> = new Set([
  'json',
  'strtoll',
  'toupper',
  'tolower',
  'mtons',
  'vm_kernel_addrperm',
])

const ACTION_ROWS: readonly Row[] = [
  ['void trace(@)', 'records a value'],
  ['void printf(string, ...)', 'records values and prints them in a format'],
  ['void printa(@, ...)', 'prints aggregations, in a format when given'],
  ['void exit(int)', 'ends the run with a status'],
  ['void clear(@)', 'sets the values of an aggregation to zero, keeps its keys'],
  ['void trunc(@, [int64_t])', 'keeps the n largest, or for a negative n smallest, values'],
  ['void normalize(@, uint64_t)', 'divides the values of an aggregation when they print'],
  ['void denormalize(@)', 'undoes normalize()'],
  ['void print(@)', 'prints a value with its type'],
  ['void tracemem(@, size_t, [size_t])', 'records memory'],
  ['void speculate(int)', 'sends what follows to a speculative buffer'],
  ['void commit(int)', 'prints a speculative buffer'],
  ['void discard(int)', 'empties a speculative buffer'],
  ['void setopt(const char *, [const char *])', 'sets an option'],
  ['void freopen(@, ...)', 'sends output to a file'],
  ['void ftruncate()', 'empties the output file'],
  ['void system(@, ...)', 'runs a command'],
  ['stack stack([uint32_t])', 'the kernel stack, which no recording holds'],
  ['stack ustack([uint32_t], [uint32_t])', 'the user stack, which no recording holds'],
  ['stack jstack([uint32_t], [uint32_t])', 'the user stack with Java frames'],
  ['_symaddr sym(uintptr_t)', 'the symbol at an address, which prints in hex'],
  ['_symaddr func(uintptr_t)', 'the function at an address, which prints in hex'],
  ['_symaddr mod(uintptr_t)', 'the module at an address, which prints in hex'],
  ['_usymaddr usym(uintptr_t)', 'the symbol at a user address, which prints in hex'],
  ['_usymaddr ufunc(uintptr_t)', 'the function at a user address, which prints in hex'],
  ['_usymaddr umod(uintptr_t)', 'the module at a user address, which prints in hex'],
  ['_usymaddr uaddr(uintptr_t)', 'a user address, which prints in hex'],
  ['void breakpoint()', 'stops the machine in its debugger: a fault here'],
  ['void chill(int)', 'spins for nanoseconds: a fault here'],
  ['void copyout(void *, uintptr_t, size_t)', 'writes to a process: a fault here'],
  ['void copyoutstr(char *, uintptr_t, size_t)', 'writes to a process: a fault here'],
  ['void panic()', 'stops the machine: a fault here'],
  ['void raise(int)', 'sends a signal: a fault here'],
  ['void stop()', 'stops the process: a fault here'],
]

/** Prototypes of illumos that leave more to the action itself, and to messages of its own. */
const ILLUMOS_ROWS: readonly Row[] = [
  ['void printf(@, ...)', 'records values and prints them in a format'],
  ['void clear(...)', 'sets the values of an aggregation to zero, keeps its keys'],
  ['void trunc(...)', 'keeps the n largest, or for a negative n smallest, values'],
  ['void normalize(...)', 'divides the values of an aggregation when they print'],
  ['void denormalize(...)', 'undoes normalize()'],
  ['void tracemem(@, size_t, ...)', 'records memory'],
  ['stack stack(...)', 'the kernel stack, which no recording holds'],
  ['stack ustack(...)', 'the user stack, which no recording holds'],
  ['stack jstack(...)', 'the user stack with Java frames'],
]

const LINUX_ROWS: readonly Row[] = [['void print(void *)', 'prints what a pointer points to']]

const AGGREGATING_ROWS: readonly Row[] = [
  ['void count()', 'how often'],
  ['void sum(@)', 'the total'],
  ['void avg(@)', 'the arithmetic mean'],
  ['void min(@)', 'the smallest'],
  ['void max(@)', 'the largest'],
  ['void stddev(@)', 'the standard deviation'],
  ['void quantize(@, ...)', 'a power-of-two histogram'],
  ['void lquantize(@, int32_t, int32_t, ...)', 'a linear histogram: base, limit, step'],
  [
    'void llquantize(@, int32_t, int32_t, int32_t, int32_t, ...)',
    'a log-linear histogram: factor, low and high power of it, steps in each',
  ],
  ['void quantile(@, @, ...)', 'what so many percent of all values do not exceed: 50, 99, "99.9"'],
  ['void heatmap(@, @)', 'a power-of-two histogram for each interval of time: "100ms"'],
  ['void series(@, @)', 'count(), sum(x), avg(x), min(x) or max(x) for each interval: "100ms"'],
]

/** Subroutines: usable in any expression. */
export const SUBROUTINES = table('subroutine', SUBROUTINE_ROWS, [])
/** Actions: statements of their own. */
export const ACTIONS = table('action', ACTION_ROWS, [])
const ILLUMOS = table('action', ILLUMOS_ROWS, [])
const LINUX = table('action', LINUX_ROWS, [['void pcap(void *, int)', 'keeps a network packet']])
/** Aggregating functions: only to the right of `@name =`. */
export const AGGREGATING = table('aggregating', AGGREGATING_ROWS, [])

/** Whatever can be called under this name. */
export function callableNamed(name: string, dialect?: OptionDialect): Callable | undefined {
  if (dialect === 'linux' && NOT_ON_LINUX.has(name)) return undefined
  const own = { illumos: ILLUMOS, linux: LINUX, any: undefined }[dialect ?? 'any']
  return own?.get(name) ?? SUBROUTINES.get(name) ?? ACTIONS.get(name) ?? AGGREGATING.get(name)
}

function table(
  kind: Callable['kind'],
  rows: readonly Row[],
  refused: readonly Row[],
): ReadonlyMap<string, Callable> {
  const all = [
    ...rows.map((row) => callable(kind, row, true)),
    ...refused.map((row) => callable(kind, row, false)),
  ]
  return new Map(all.map((c) => [c.name, c]))
}

function callable(kind: Callable['kind'], [prototype, doc]: Row, implemented: boolean): Callable {
  const [, result = '', name = '', inside = ''] = /^(.*?)\s*(\w+)\((.*)\)$/.exec(prototype) ?? []
  const words = inside === '' ? [] : inside.split(',').map((w) => w.trim())
  const fixed = words.filter((w) => w !== '...')
  return {
    name,
    kind,
    result: typeOf(result),
    parameters: fixed.map((w) => parameter(w.replace(/^\[|\]$/g, ''))),
    required: fixed.filter((w) => !w.startsWith('[')).length,
    variadic: words.includes('...'),
    prototype,
    implemented,
    doc,
  }
}

function parameter(word: string): Parameter {
  return word === '@' ? { kind: 'any' } : { kind: 'typed', type: typeOf(word) }
}

/** `const char *` takes any string; other pointers stand for addresses. */
function typeOf(word: string): DType {
  const own = OWN_TYPES.find((t) => t.name === word)
  if (own !== undefined) return own.type
  const type = typeNamed(/^(const )?char \*$/.test(word) ? 'string' : word)
  if (type === undefined) throw new Error(`xpv bug: prototype names no type: ${word}`)
  return type
}
