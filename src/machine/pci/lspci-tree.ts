// `lspci -t`: the functions as a tree of buses.
//
//   -[0000:00]-+-00.0
//              +-02.0-[01-04]----00.0-[02-04]--+-00.0-[03]--+-00.0
import { readConfig } from './config-space.js'
import type { PciListing } from './listing.js'
import { hex } from './lspci-format.js'
import { isBridge } from './register-map.js'
import { partsOf } from './requester-id.js'

/** The lines of the tree. `name` adds what a function is called (`-tv`); '' for nothing. */
export function treeText(
  listings: readonly PciListing[],
  name: (listing: PciListing) => string,
): string {
  const tree = new Tree(listings, name)
  return tree
    .bus(0, '-[0000:00]')
    .map((line) => `${line}\n`)
    .join('')
}

class Tree {
  readonly #listings: readonly PciListing[]
  readonly #name: (listing: PciListing) => string
  readonly #seen = new Set<number>()

  constructor(listings: readonly PciListing[], name: (listing: PciListing) => string) {
    this.#listings = [...listings].sort((a, b) => a.id - b.id)
    this.#name = name
  }

  /** The lines of one bus: the first begins with `start`, the others below it. */
  bus(number: number, start: string): readonly string[] {
    const on = this.#seen.has(number)
      ? []
      : this.#listings.filter((listing) => partsOf(listing.id).bus === number)
    this.#seen.add(number)
    const [only] = on
    if (only === undefined) return [`${start}-`]
    if (on.length === 1) return this.#entry(only, `${start}---`)
    const head = `${start}-`
    const below = ' '.repeat(head.length)
    return on.flatMap((listing, i) => {
      const isLast = i === on.length - 1
      const lines = this.#entry(listing, '')
      return lines.map((line, row) => {
        if (row > 0) return `${below}${isLast ? ' ' : '|'} ${line}`
        return `${i === 0 ? head : below}${isLast ? '\\' : '+'}-${line}`
      })
    })
  }

  #entry(listing: PciListing, start: string): readonly string[] {
    const { device, function: inDevice } = partsOf(listing.id)
    const label = `${start}${hex(device, 2)}.${inDevice}`
    const { bytes } = listing
    if (!isBridge(bytes)) return [`${label}${this.#name(listing)}`]
    const first = readConfig(bytes, 0x19, 1) ?? 0
    const last = readConfig(bytes, 0x1a, 1) ?? 0
    const buses = first === last ? hex(first, 2) : `${hex(first, 2)}-${hex(last, 2)}`
    return this.bus(first, `${label}-[${buses}]-`)
  }
}
