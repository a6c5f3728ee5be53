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
