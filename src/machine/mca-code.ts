// McaCode: what the low 16 bits of a bank's status say went wrong.
//
//   0x0135  ->  l1dcache   DCACHEL1_DRD_ERR    a data read, in the data cache of level 1
//   0x009f  ->  mc         MC_CH_RD_ERR        memory was read, on a channel nobody names
//   0x0400  ->  internal_timer
//
// Holds: the first rule that matches decides; every code has a class, `unknown` where no rule does.
// Bit 12 of a compound code (the hardware already counts these) is no part of its meaning.
// Source: Intel SDM volume 3, 16.9; leaf classes and names as illumos has them (its generic
// machine-check handler): `undefined` and `reserved` are its words.

/** What kind of thing a code is about. */
export type McaKind =
  | 'simple'
  | 'cache-level'
  | 'tlb'
  | 'cache'
  | 'interconnect'
  | 'memory-controller'
  | 'unknown'

/** One code, explained. */
export interface McaCode {
  readonly code: number
  readonly kind: McaKind
  /** Last part of the class of an ereport, without `_uc`. */
  readonly leafClass: string
  /** The name that the processor's manual builds; undefined for codes that have none. */
  readonly compoundName: string | undefined
}

interface Rule {
  readonly kind: McaKind
  /** Bits that are set, bits that are clear. */
  readonly on: number
  readonly off: number
  readonly leafClass: (code: number) => string
  readonly compoundName?: (code: number) => string
}

const simple = (on: number, off: number, name: string): Rule => ({
  kind: 'simple',
  on,
  off,
  leafClass: () => name,
})

/** In this order. */
const RULES: readonly Rule[] = [
  simple(0x0001, 0xfffe, 'unclassified'),
  simple(0x0002, 0xfffd, 'microcode_rom_parity'),
  simple(0x0003, 0xfffc, 'external'),
  simple(0x0004, 0xfffb, 'frc'),
  simple(0x0005, 0xfffa, 'internal_parity'),
  simple(0x0400, 0xfbff, 'internal_timer'),
  simple(0x0400, 0xf800, 'internal_unclassified'),
  {
    kind: 'cache-level',
    on: 0x000c,
    off: 0xeff0,
    leafClass: (c) => `${levelClass(c)}cache`,
  },
  {
    kind: 'tlb',
    on: 0x0010,
    off: 0xefe0,
    leafClass: (c) => `${levelClass(c)}${typeClass(c)}tlb`,
    compoundName: (c) => `${typeName(c)}TLB${levelName(c)}_ERR`,
  },
  {
    kind: 'cache',
    on: 0x0100,
    off: 0xee00,
    leafClass: (c) => `${levelClass(c)}${typeClass(c)}cache`,
    compoundName: (c) => `${typeName(c)}CACHE${levelName(c)}_${requestName(c)}_ERR`,
  },
  {
    kind: 'interconnect',
    on: 0x0800,
    off: 0xe000,
    leafClass: (c) => `bus_interconnect${['_memory', '', '_io', ''][(c >> 2) & 3]}`,
    compoundName: (c) =>
      `BUS${levelName(c)}_${partyName(c)}_${requestName(c)}_${spaceName(c)}_${timeoutName(c)}_ERR`,
  },
  {
    kind: 'memory-controller',
    on: 0x0080,
    off: 0xff00,
    leafClass: () => 'mc',
    compoundName: (c) => `MC_${channelName(c)}_${accessName(c)}_ERR`,
  },
]

/** Requests, as bits 7:4 of a compound code number them. */
export const REQUESTS = [
  'ERR',
  'RD',
  'WR',
  'DRD',
  'DWR',
  'IRD',
  'PREFETCH',
  'EVICT',
  'SNOOP',
] as const

const levelClass = (c: number): string => ['l0', 'l1', 'l2', ''][c & 3] as string
const typeClass = (c: number): string => ['i', 'd', '', ''][(c >> 2) & 3] as string
const levelName = (c: number): string => ['LO', 'L1', 'L2', 'LG'][c & 3] as string
const typeName = (c: number): string => ['I', 'D', 'G', 'undefined'][(c >> 2) & 3] as string
const requestName = (c: number): string => REQUESTS[(c >> 4) & 15] ?? 'undefined'
const partyName = (c: number): string => ['SRC', 'RES', 'OBS', ''][(c >> 9) & 3] as string
const spaceName = (c: number): string => ['M', 'reserved', 'IO', ''][(c >> 2) & 3] as string
const timeoutName = (c: number): string => ((c & 0x100) === 0 ? 'NOTIMEOUT' : 'TIMEOUT')
const channelName = (c: number): string => ((c & 15) === 15 ? 'CH' : `CH${c & 15}`)
const accessName = (c: number): string =>
  ['GEN', 'RD', 'WR', 'ADDR_CMD', 'SCRUB'][(c >> 4) & 7] ?? 'reserved'

/** Explains the low 16 bits of a bank's status; higher bits are passed over. */
export function mcaCode(status: number): McaCode {
  const code = status & 0xffff
  const rule = RULES.find(({ on, off }) => (code & on) === on && (code & off) === 0)
  return {
    code,
    kind: rule?.kind ?? 'unknown',
    leafClass: rule?.leafClass(code) ?? 'unknown',
    compoundName: rule?.compoundName?.(code),
  }
}

/** The leaf class of an ereport for a bank's status: with `_uc` where the kind of error tells
 *  corrected and uncorrected ones apart. */
export function mcaLeafClass(code: number, uncorrected: boolean): string {
  const { kind, leafClass } = mcaCode(code)
  const tells = kind === 'cache-level' || kind === 'tlb' || kind === 'cache'
  return uncorrected && (tells || kind === 'interconnect') ? `${leafClass}_uc` : leafClass
}
