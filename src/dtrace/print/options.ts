// Options as printers read them: `-x flowindent`, `#pragma D option quiet`.
//
// Holds: names are lower case; a bare option has the value "". Source: D language guide, "Options
// and Tunables".
import { isOn } from '../../base/switch-value.js'

/** Option values by name. */
export type OptionMap = ReadonlyMap<string, string>

/** Whether a boolean option is set: given, and not given as no, false, off or the like. */
export function isSet(options: OptionMap, name: string): boolean {
  return isOn(options.get(name))
}

const UNITS: Readonly<Record<string, number>> = { k: 10, m: 20, g: 30, t: 40 }

/** A number or size option (`24`, `4k`); `otherwise` when it is not given or no number. */
export function numberOption(options: OptionMap, name: string, otherwise: number): number {
  const [, digits, unit] = /^(\d+)([kmgt]?)$/i.exec(options.get(name) ?? '') ?? []
  return digits === undefined
    ? otherwise
    : Number(digits) * 2 ** (UNITS[(unit ?? '').toLowerCase()] ?? 0)
}
