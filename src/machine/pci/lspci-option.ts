// The options of `lspci`, read as the tool reads them: letters may stand together, `-v` and `-x`
// count.
//
//   ['-vvs', '03:00.0']  ->  { verbose: 2, selects: a function on bus 3 ... }
import { partsOf, type RequesterId } from './requester-id.js'

/** What was asked for. */
export interface LspciOptions {
  readonly verbose: number
  readonly hex: number
  readonly numeric: number
  readonly tree: boolean
  readonly domains: boolean
  readonly drivers: boolean
  /** For programs: 2, or 1 for the older form. */
  readonly machine: number
  /** The bridges above a function stand before it: 1 without their buses, 2 with. */
  readonly path: number
  readonly selects: (id: RequesterId) => boolean
  readonly matches: (ids: DeviceIds) => boolean
}

/** The numbers that say what a function is. */
export interface DeviceIds {
  readonly vendor: number
  readonly device: number
  readonly classCode: number
}

/** The options, or the tool's own words about what is wrong with them. */
export type ReadOptions =
  | { readonly kind: 'options'; readonly options: LspciOptions }
  | { readonly kind: 'refused'; readonly message: string }

const USAGE = `Usage: lspci [<switches>]

-v		Be verbose (-vv or -vvv for higher verbosity)
-k		Show kernel drivers handling each device
-x		Show hex-dump of the standard part of the config space
-xxx		Show hex-dump of the whole config space
-xxxx		Show hex-dump of the 4096-byte extended config space
-D		Always show domain numbers
-t		Show bus tree
-mm		Produce machine-readable output (single -m for an obsolete format)
-b		Bus-centric view (addresses and IRQ's as seen by the bus)
-P		Display bridge path in addition to bus and device number
-PP		Display bus path in addition to bus and device number
-n		Show numeric ID's
-nn		Show both textual and numeric ID's (names & numbers)
-s [[[[<domain>]:]<bus>]:][<slot>][.[<func>]]	Show only devices in selected slots
-d [<vendor>]:[<device>][:<class>]		Show only devices with specified ID's
`

type Counts = Record<'v' | 'x' | 'n' | 't' | 'D' | 'k' | 'm' | 'P' | 'b', number>

/** Reads the words after `lspci`. */
export function readOptions(words: readonly string[]): ReadOptions {
  const counts: Counts = { v: 0, x: 0, n: 0, t: 0, D: 0, k: 0, m: 0, P: 0, b: 0 }
  let selects: ((id: RequesterId) => boolean) | undefined
  let matches: ((ids: DeviceIds) => boolean) | undefined
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!/^-./.test(word)) return refused(USAGE)
    for (let i = 1; i < word.length; i++) {
      const letter = word[i] ?? ''
      if (isCounted(letter, counts)) counts[letter] += 1
      else if (letter === 's' || letter === 'd') {
        const filter = word.slice(i + 1) || rest.shift()
        if (filter === undefined) {
          return refused(`lspci: option requires an argument -- '${letter}'\n${USAGE}`)
        }
        const read = letter === 's' ? readSlot(filter) : readIds(filter)
        if (typeof read === 'string') return refused(`lspci: -${letter}: ${read}\n`)
        if (read.kind === 'slot') selects = read.selects
        else matches = read.matches
        break
      } else return refused(`lspci: invalid option -- '${letter}'\n${USAGE}`)
    }
  }
  const options = {
    verbose: counts.v,
    hex: counts.x,
    numeric: counts.n,
    tree: counts.t > 0,
    domains: counts.D > 0,
    drivers: counts.k > 0,
    machine: counts.m,
    path: counts.P,
    selects: selects ?? (() => true),
    matches: matches ?? (() => true),
  }
  return { kind: 'options', options }
}

const refused = (message: string): ReadOptions => ({ kind: 'refused', message })

const isCounted = (letter: string, counts: Counts): letter is keyof Counts => letter in counts

/** A number in hexadecimal; undefined for any; NaN when it is neither or too large. */
function part(text: string | undefined, most: number): number | undefined {
  if (text === undefined || text === '' || text === '*') return undefined
  const value = /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN
  return value > most ? Number.NaN : value
}

type SlotFilter = { readonly kind: 'slot'; readonly selects: (id: RequesterId) => boolean }
type IdFilter = { readonly kind: 'ids'; readonly matches: (ids: DeviceIds) => boolean }

function readSlot(text: string): SlotFilter | string {
  const [slots = '', inDevice] = (text.split(':').at(-1) ?? '').split('.')
  const buses = text.split(':').slice(0, -1)
  const domain = part(buses.at(-2), 0x7fff_ffff)
  const bus = part(buses.at(-1), 0xff)
  const device = part(slots, 0x1f)
  const one = part(inDevice, 7)
  if (Number.isNaN(domain) || buses.length > 2) return 'Invalid domain number'
  if (Number.isNaN(bus)) return 'Invalid bus number'
  if (Number.isNaN(device)) return 'Invalid slot number'
  if (Number.isNaN(one)) return 'Invalid function number'
  const selects = (id: RequesterId): boolean => {
    const is = partsOf(id)
    return (
      (domain ?? 0) === 0 &&
      (bus ?? is.bus) === is.bus &&
      (device ?? is.device) === is.device &&
      (one ?? is.function) === is.function
    )
  }
  return { kind: 'slot', selects }
}

function readIds(text: string): IdFilter | string {
  const [vendorText, deviceText, classText] = text.split(':')
  const vendor = part(vendorText, 0xffff)
  const device = part(deviceText, 0xffff)
  const classCode = part(classText, 0xffff)
  if (Number.isNaN(vendor)) return 'Invalid vendor ID'
  if (Number.isNaN(device)) return 'Invalid device ID'
  if (Number.isNaN(classCode)) return 'Invalid class code'
  const matches = (ids: DeviceIds): boolean =>
    (vendor ?? ids.vendor) === ids.vendor &&
    (device ?? ids.device) === ids.device &&
    (classCode ?? ids.classCode) === ids.classCode
  return { kind: 'ids', matches }
}
