// Addresses that stand for symbols: sym(), func(), mod(), usym() ... . A recording has no symbol
// table, so an address prints as itself, as DTrace prints one that lies in no module.
//
//   mod(0xffff82d040200000)  ->  "  0xffff82d040200000                                "
//
// Source: illumos libdtrace dt_consume.c (dt_print_sym, dt_print_mod, dt_print_usym).
import type { TypedValue } from '../program/record.js'
import { SYMBOL_ADDRESS, USER_SYMBOL_ADDRESS } from '../program/types.js'
import { pad } from './pad.js'

const SYMBOL_TYPES: ReadonlySet<string> = new Set([SYMBOL_ADDRESS.name, USER_SYMBOL_ADDRESS.name])

/** An address in hex. */
export function addressText(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`
}

/** What a row shows of a symbol's address, in 50 columns; undefined for any other value. */
export function symbolText({ type, value }: TypedValue): string | undefined {
  if (typeof value !== 'bigint' || !SYMBOL_TYPES.has(type.name)) return undefined
  return `  ${pad(addressText(value), 50, 'left')}`
}
