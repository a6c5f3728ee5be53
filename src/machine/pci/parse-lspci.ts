// Functions out of the text of `lspci -xxx` or `-xxxx`: their bytes, and the driver that has them.
//
//   00:00.0 Host bridge: ...   00: 86 80 c0 29 ...   ->   { id, bytes, driver }
//
// Holds: a function without bytes is left out; a line that is neither is passed over.
import type { PciListing } from './listing.js'
import { parseRequesterId } from './requester-id.js'

/** The functions that a text shows byte by byte. */
export function parseLspci(text: string): readonly PciListing[] {
  return text.split(/\n(?=\S+:\S+\.\d )/).flatMap((block) => {
    const id = parseRequesterId(/^(\S+) /.exec(block)?.[1] ?? '')
    const bytes = bytesOf(block)
    if (id === undefined || bytes.length === 0) return []
    const driver = /^\tKernel driver in use: (\S+)$/m.exec(block)?.[1]
    return [{ id, bytes, ...(driver === undefined ? {} : { driver }) }]
  })
}

function bytesOf(block: string): Uint8Array {
  const rows = [...block.matchAll(/^[0-9a-f]{2,3}: ((?:[0-9a-f]{2} ?)+)$/gm)]
  return Uint8Array.from(
    rows.flatMap(([, row = '']) =>
      row
        .trim()
        .split(' ')
        .map((byte) => Number.parseInt(byte, 16)),
    ),
  )
}
