// Serials: the serial numbers of what a diagnosis names. Where the names have them, nobody needs
// them again.
import type { NamedThing } from './names.js'

/** Whether each serial number stands in one of the names; none at all does. */
export function isSerialIn(names: readonly NamedThing[], serials: readonly NamedThing[]): boolean {
  return serials.every((serial) => names.some(({ name }) => name.includes(`serial=${serial.name}`)))
}
