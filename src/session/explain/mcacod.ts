// MCACOD: the low 16 bits of a bank's status, part by part: which rule of the manual they follow,
// what each letter of it stands for.
//
//   0x009f  ->  memory controller   MMM 001 read   CCCC 1111 channel not told
//
// Source: Intel SDM volume 3, "Interpreting the MCA Error Codes".
import { type Table, table } from '../../base/table.js'
import { type McaKind, mcaCode } from '../../machine/mca-code.js'

/** Some bits of a code with one meaning. */
interface Part {
  readonly high: number
  readonly low: number
  /** The letters that stand for them in the manual. */
  readonly letters: string
  readonly meanings: readonly string[]
}

const LEVELS: Part = {
  high: 1,
  low: 0,
  letters: 'LL',
  meanings: ['level 0', 'level 1', 'level 2', 'any level: not told which'],
}
const KINDS: Part = {
  high: 3,
  low: 2,
  letters: 'TT',
  meanings: ['instructions', 'data', 'both, or not told which', 'reserved'],
}
const REQUESTS: Part = {
  high: 7,
  low: 4,
  letters: 'RRRR',
  meanings: [
    'not told which request',
    'a read',
    'a write',
    'a data read',
    'a data write',
    'an instruction fetch',
    'a prefetch',
    'an eviction',
    'a snoop',
  ],
}
const CHANNELS: Part = {
  high: 3,
  low: 0,
  letters: 'CCCC',
  meanings: [...Array.from({ length: 15 }, (_, n) => `channel ${n}`), 'channel not told'],
}
const ACCESSES: Part = {
  high: 6,
  low: 4,
  letters: 'MMM',
  meanings: [
    'not told which access',
    'memory was read',
    'memory was written',
    'address or command',
    'the patrol scrubber came across it',
  ],
}
const PARTIES: Part = {
  high: 10,
  low: 9,
  letters: 'PP',
  meanings: ['this processor asked', 'this processor answered', 'it only watched', 'not told'],
}
const TIMEOUT: Part = { high: 8, low: 8, letters: 'T', meanings: ['no timeout', 'it timed out'] }
const SPACE: Part = {
  high: 3,
  low: 2,
  letters: 'II',
  meanings: ['memory', 'reserved', 'I/O', 'something else'],
}

/** What a kind of code is about, and the parts it is made of. */
const PARTS: Readonly<Record<McaKind, { readonly title: string; readonly parts: Part[] }>> = {
  simple: { title: 'a simple code: one number, one meaning', parts: [] },
  'cache-level': { title: 'a cache, of which only the level is told', parts: [LEVELS] },
  tlb: { title: 'a translation lookaside buffer (TLB)', parts: [KINDS, LEVELS] },
  cache: { title: 'a cache', parts: [REQUESTS, KINDS, LEVELS] },
  interconnect: {
    title: 'the bus or interconnect between processors, memory and I/O',
    parts: [PARTIES, TIMEOUT, REQUESTS, SPACE, LEVELS],
  },
  'memory-controller': {
    title: 'the memory behind a memory controller',
    parts: [ACCESSES, CHANNELS],
  },
  unknown: { title: 'no rule of the manual covers it: it is of this model alone', parts: [] },
}

/** Bit 12 of a compound code: corrected errors of it are counted by the hardware. */
const FILTERED = 0x1000

/** What a code is about, in a line: its number, its name in the manual, the part it blames. */
export function mcacodTitle(code: number): string {
  const { kind, leafClass, compoundName } = mcaCode(code)
  const name = compoundName ?? leafClass
  return `MCACOD 0x${code.toString(16).padStart(4, '0')} ${name}: ${PARTS[kind].title}`
}

/** The parts of a code; undefined for one that has none. */
export function mcacodTable(code: number): Table | undefined {
  const { kind } = mcaCode(code)
  const rows = PARTS[kind].parts.map(({ high, low, letters, meanings }) => {
    const raw = (code >> low) & ((1 << (high - low + 1)) - 1)
    const bits = high === low ? `${high}` : `${high}:${low}`
    return [
      bits,
      letters,
      raw.toString(2).padStart(high - low + 1, '0'),
      meanings[raw] ?? 'reserved',
    ]
  })
  if (rows.length === 0) return undefined
  const isCompound = kind !== 'simple' && kind !== 'unknown' && (code & FILTERED) !== 0
  const filtered = isCompound ? [['12', 'F', '1', 'the hardware already counts these']] : []
  const columns = [
    { name: 'bits', align: 'right' as const },
    'part',
    { name: 'value', align: 'right' as const },
    { name: 'meaning', wraps: true },
  ]
  return table(columns, [...filtered, ...rows])
}
