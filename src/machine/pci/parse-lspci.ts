// Functions out of the text of `lspci -xxx` or `-xxxx`: their bytes, and the driver that has them.
//
//   00:00.0 Host bridge: ...   00: 86 80 c0 29 ...   ->   { id, bytes, driver }
//
// Holds: a function without bytes is left out; a line that is neither is passed over; a row that is
// missing is zeros, as lspci shows 64, 256 or 4096 bytes.
import { CLASSIC_BYTES, EXTENDED_BYTES } from './config-space.js'
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
  const bytes = new Uint8Array(EXTENDED_BYTES)
  let end = 0
  for (const [, place = '', row = ''] of block.matchAll(ROW)) {
    const at = Number.parseInt(place, 16)
    const values = row
      .trim()
      .split(' ')
      .map((byte) => Number.parseInt(byte, 16))
      .slice(0, EXTENDED_BYTES - at)
    bytes.set(values, at)
    end = Math.max(end, at + values.length)
  }
  const length = LENGTHS.find((each) => end <= each)
  return bytes.slice(0, length)
}

const LENGTHS = [0, 64, CLASSIC_BYTES, EXTENDED_BYTES]
const ROW = /^([0-9a-f]{2,3}): ((?:[0-9a-f]{2} ?)+)$/gm
