// Captures of lspci: the bytes it dumped, its own text of them, and what only the system around
// them knew. Rows of zeros are left out of the dumps.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PciListing } from '../../../src/machine/pci/listing.js'
import { parseRequesterId, type RequesterId } from '../../../src/machine/pci/requester-id.js'

export interface Captured {
  readonly id: RequesterId
  /** Undefined where the capture has no dump. */
  readonly bytes: Uint8Array | undefined
  /** Without the dump. */
  readonly lines: readonly string[]
}

const ROW = /^([0-9a-f]{2,3}): ((?:[0-9a-f]{2} ){15}[0-9a-f]{2})$/

/** The functions of a capture in `captures/`, by their ids. */
export function captured(name: string): ReadonlyMap<string, Captured> {
  return functionsOf(readFileSync(join(import.meta.dirname, 'captures', `${name}.txt`), 'utf8'))
}

/** The functions of what lspci -xxxx printed. */
export function functionsOf(text: string): ReadonlyMap<string, Captured> {
  return new Map(text.split(/\n(?=[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] )/).map(parseFunction))
}

function parseFunction(text: string): [string, Captured] {
  const lines = text.split('\n').filter((line) => line !== '')
  const name = lines[0]?.split(' ')[0] ?? ''
  const id = parseRequesterId(name)
  if (id === undefined) throw new Error(`no function in ${lines[0]}`)
  const rows = lines.flatMap((line) => {
    const [, at, bytes] = ROW.exec(line) ?? []
    if (at === undefined || bytes === undefined) return []
    return [{ at: Number.parseInt(at, 16), bytes: Buffer.from(bytes.replaceAll(' ', ''), 'hex') }]
  })
  const told = lines.filter((line) => !ROW.test(line))
  return [name, { id, bytes: rows.length === 0 ? undefined : fill(rows), lines: told }]
}

function fill(rows: readonly { at: number; bytes: Uint8Array }[]): Uint8Array {
  const bytes = new Uint8Array((rows.at(-1)?.at ?? 0) + 16)
  for (const row of rows) bytes.set(row.bytes, row.at)
  return bytes
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1048576, G: 1073741824 }

/** A captured function as lspci saw it: what no byte tells is taken from the text. */
export function listingOf({ id, bytes, lines }: Captured): PciListing {
  const find = (pattern: RegExp): string | undefined =>
    lines.map((line) => pattern.exec(line)?.[1]).find((text) => text !== undefined)
  const sizes = new Map<number | 'rom', number>()
  for (const line of lines) {
    const [, region, size, unit = ''] =
      /^\t(Region \d|Expansion ROM).*\[size=(\d+)([KMG]?)\]/.exec(line) ?? []
    if (region === undefined) continue
    const key = region === 'Expansion ROM' ? 'rom' : Number(region.slice(7))
    sizes.set(key, Number(size) * (UNITS[unit] ?? 1))
  }
  const irq = find(/routed to IRQ (\d+)/)
  const physicalSlot = find(/^\tPhysical Slot: (.*)/)
  const driver = find(/^\tKernel driver in use: (.*)/)
  return {
    id,
    bytes: bytes ?? new Uint8Array(0),
    sizes,
    modules: find(/^\tKernel modules: (.*)/)?.split(', ') ?? [],
    ...(irq === undefined ? {} : { irq: Number(irq) }),
    ...(physicalSlot === undefined ? {} : { physicalSlot }),
    ...(driver === undefined ? {} : { driver }),
  }
}

/** The lines of one capability, by its name, without the first. */
export function linesOf(lines: readonly string[], capability: string): readonly string[] {
  const start = lines.findIndex(
    (line) => /^\tCapabilities:/.test(line) && line.includes(capability),
  )
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => !line.startsWith('\t\t'))
  return start < 0 ? [] : rest.slice(0, end < 0 ? undefined : end)
}
