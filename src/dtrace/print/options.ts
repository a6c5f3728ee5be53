// Options as printers read them: `-x flowindent`, `#pragma D option quiet`.
//
// Holds: names are lower case; a bare option has the value "". Source: D language guide, "Options
// and Tunables".

/** Option values by name. */
export type OptionMap = ReadonlyMap<string, string>

const OFF = new Set(['no', 'false', 'off', 'unset', 'disable', 'disabled', '0'])

/** Whether a boolean option is set: given, and not given as no, false, off, unset or disable. */
export function isSet(options: OptionMap, name: string): boolean {
  const value = options.get(name)
  return value !== undefined && !OFF.has(value.toLowerCase())
}
