// cpu FMRI: a processor by the number the operating system gives it, maybe a bit of its cache.
//
//   cpu:///cpuid=5
//   cpu:///cpuid=5/serial=0123456789ABCDEF/cacheindex=12/cacheway=1/cachebit=3/cachetype=0
//
// Holds: of a place in a cache all four numbers are known, or none. On a host with a hypervisor the
// number is that of whoever speaks: a pcpu for the hypervisor, a vcpu for a guest.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/cpu.c (version 1; 0 is read).
import { type FmriScheme, parseDecimal } from './fmri-scheme.js'
import { type NvList, nv, nvlist, stringMember, unsignedMember } from './nvlist.js'

/** A bit of a cache: type 0 is level 2, type 1 level 3. */
interface CachePlace {
  readonly index: number
  readonly way: number
  readonly bit: number
  readonly type: number
}

/** A processor by its number. */
export interface CpuFmri {
  readonly scheme: 'cpu'
  readonly cpuid: number
  /** Revision of the processor's masks, undefined for 0; not printed. */
  readonly mask?: number | undefined
  readonly serial?: string | undefined
  readonly cache?: CachePlace | undefined
}

const CACHE = [
  ['cacheindex', 'index', 0xffff_ffff],
  ['cacheway', 'way', 0xffff_ffff],
  ['cachebit', 'bit', 0xffff],
  ['cachetype', 'type', 0xff],
] as const

const PATTERN = /^\/cpuid=(\d+)(?:\/serial=([^/]+))?((?:\/cache[a-z]+=\d+)+)?$/

export const CPU: FmriScheme<CpuFmri> = {
  example: 'cpu:///cpuid=0',
  print: ({ cpuid, serial, cache }) => {
    const place = cache === undefined ? [] : CACHE.map(([name, key]) => `${name}=${cache[key]}`)
    const parts = [`cpuid=${cpuid}`, ...(serial === undefined ? [] : [`serial=${serial}`])]
    return `cpu:///${[...parts, ...place].join('/')}`
  },
  parse: (text) => {
    const [, first = '', serial, places] = PATTERN.exec(text) ?? []
    const cpuid = parseDecimal(first, 0xffff_ffff)
    const words = places?.split('/').slice(1)
    const numbers = CACHE.map(([name, , most], i) => {
      const [said, digits = ''] = words?.[i]?.split('=') ?? []
      return said === name ? parseDecimal(digits, most) : undefined
    })
    const cache = words?.length === CACHE.length ? cachePlace(numbers) : undefined
    if (cpuid === undefined || (words !== undefined && cache === undefined)) return undefined
    return { scheme: 'cpu', cpuid, serial, cache }
  },
  toNvlist: ({ cpuid, mask, serial, cache }) =>
    nvlist({
      version: nv.uint8(1),
      scheme: nv.string('cpu'),
      cpuid: nv.uint32(cpuid),
      cpumask: nv.uint8(mask ?? 0),
      serial: serial === undefined ? undefined : nv.string(serial),
      cacheindex: cache && nv.uint32(cache.index),
      cacheway: cache && nv.uint32(cache.way),
      cachebit: cache && nv.uint16(cache.bit),
      cachetype: cache && nv.uint8(cache.type),
    }),
  fromNvlist: (list) => {
    const cpuid = unsignedMember(list, 'cpuid', 32)
    if (cpuid === undefined) return undefined
    const cache = cachePlace(
      CACHE.map(([name, , most]) => toNumber(unsignedMember(list, name, bitsOf(most)))),
    )
    const mask = toNumber(unsignedMember(list, 'cpumask', 8) || undefined)
    return { scheme: 'cpu', cpuid: Number(cpuid), mask, serial: serialOf(list), cache }
  },
}

const bitsOf = (most: number): number => Math.log2(most + 1)
const toNumber = (value: bigint | undefined): number | undefined =>
  value === undefined ? undefined : Number(value)

function cachePlace([index, way, bit, type]: readonly (number | undefined)[]) {
  const known = index !== undefined && way !== undefined && bit !== undefined && type !== undefined
  return known ? { index, way, bit, type } : undefined
}

/** Version 0 has the serial number as a number, printed in upper-case hexadecimal. */
function serialOf(list: NvList): string | undefined {
  const number = unsignedMember(list, 'serial', 64)
  return number === undefined ? stringMember(list, 'serial') : number.toString(16).toUpperCase()
}
