// Options of dtrace(8) that cannot be here: why, and what to type instead.
//
// Holds: where dtrace(8) itself refuses a use of them, its words come first. Source: cmd/dtrace
// of illumos and Linux (main, DMODE_LINK and DMODE_HEADER).
import { XpvError } from '../../base/error.js'
import type { DSource } from '../../dtrace/d/compile.js'

/** How a refused option was used. */
export interface RefusedUse {
  readonly sources: readonly DSource[]
  readonly output: string | undefined
}

const REASONS: Readonly<Record<string, readonly [reason: string, instead: string]>> = {
  a: ['no trace is kept from boot to be claimed', 'dtrace -s SCRIPT runs over the machine'],
  A: ['no kernel boots here to trace it from the start', 'dtrace -s SCRIPT runs over the machine'],
  G: [
    'there is no object file to put probes into',
    'dtrace -S -s SCRIPT shows what it compiles to',
  ],
  h: ['there is no program of yours whose probes need a header', 'dtrace -lv lists arguments'],
  '32': ['programs have 64-bit longs and pointers', 'dtrace -64, or nothing at all'],
}

/** Refuses an option. Throws `XpvError` `dtrace.usage` where dtrace(8) would too, else
 *  `dtrace.refused`. */
export function refuseFlag(flag: string, use: RefusedUse): never {
  const misuse = flag === 'G' || flag === 'h' ? misused(flag, use) : undefined
  if (misuse !== undefined) throw new XpvError('dtrace.usage', misuse)
  const [reason = '', instead] = REASONS[flag] ?? []
  throw new XpvError('dtrace.refused', `-${flag}: ${reason}`, instead)
}

function misused(flag: string, { sources, output }: RefusedUse): string | undefined {
  if (sources.length === 0) return `-${flag} requires one or more scripts or enabling options`
  if (flag === 'G' || output !== undefined) return undefined
  if (sources.length > 1) return '-h requires an output file if multiple scripts are specified'
  const isScript = sources[0]?.file?.endsWith('.d') === true
  return isScript ? undefined : '-h requires an output file if no scripts are specified'
}
