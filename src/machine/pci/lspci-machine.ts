// `lspci -mm` and `lspci -vmm`: a line a function with its parts in quotes, or a line a part, for
// programs to read.
//
//   03:00.0 "Ethernet controller" "Intel Corporation" "82571EB ..." -r06 -p00 "Intel ..." "PRO ..."
//
// Held to lspci 3.9.0.
import type { PciListing } from './listing.js'
import { hex } from './lspci-format.js'
import type { DeviceIds, LspciOptions } from './lspci-option.js'
import { boardParts, deviceParts } from './pci-names.js'

/** What a line is made of, besides names. */
export interface MachineFacts {
  readonly address: string
  readonly className: string
  readonly ids: DeviceIds
  readonly revision: number
  readonly progIf: number
  /** Vendor and device of the board; undefined where it says none. */
  readonly board: readonly [vendor: number, device: number] | undefined
}

/** The text of one function. */
export function machineText(
  listing: PciListing,
  facts: MachineFacts,
  options: LspciOptions,
): string {
  const { ids, board } = facts
  const [vendor, device] = deviceParts(ids.vendor, ids.device, options.numeric)
  const boards = board === undefined ? undefined : boardParts(ids, board, options.numeric)
  const names = { vendor, device, boards }
  return options.verbose > 0
    ? longText(listing, facts, { ...names, options })
    : shortText(facts, names)
}

interface Names {
  readonly vendor: string
  readonly device: string
  readonly boards: readonly [vendor: string, device: string] | undefined
}

function shortText(facts: MachineFacts, { vendor, device, boards = ['', ''] }: Names): string {
  const { address, className, revision, progIf } = facts
  const quoted = (...words: readonly string[]): string => words.map((w) => `"${w}"`).join(' ')
  const numbers = `${revision === 0 ? '' : ` -r${hex(revision, 2)}`} -p${hex(progIf, 2)}`
  return `${address} ${quoted(className, vendor, device)}${numbers} ${quoted(...boards)}\n`
}

function longText(
  { physicalSlot, driver, modules = [] }: PciListing,
  facts: MachineFacts,
  names: Names & { readonly options: LspciOptions },
): string {
  const { vendor, device, boards, options } = names
  const has = (label: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${label}:\t${value}\n`]
  return [
    // With one m the address is called what the device is.
    ...has(options.machine === 1 ? 'Device' : 'Slot', facts.address),
    ...has('Class', facts.className),
    ...has('Vendor', vendor),
    ...has('Device', device),
    ...has('SVendor', boards?.[0]),
    ...has('SDevice', boards?.[1]),
    ...has('PhySlot', physicalSlot),
    ...has('Rev', facts.revision === 0 ? undefined : hex(facts.revision, 2)),
    ...has('ProgIf', hex(facts.progIf, 2)),
    ...(options.drivers ? has('Driver', driver) : []),
    ...(options.drivers ? modules.flatMap((module) => has('Module', module)) : []),
    '\n',
  ].join('')
}
