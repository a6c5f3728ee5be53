// The sha256 of a file, whatever its size.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const PIECE = 1 << 20

/** The sha256 of a file's bytes, 64 hex digits. Reads in pieces. Throws what reading throws. */
export function hashFile(path: string): string {
  const hash = createHash('sha256')
  const piece = new Uint8Array(PIECE)
  const file = openSync(path, 'r')
  try {
    for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) {
      hash.update(piece.subarray(0, size))
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
