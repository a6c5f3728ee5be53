// ByteSource: a file's bytes at any position, without a file system. The composition root hands in
// one that reads a real file; tests and simulators hand in bytes.
//
// Holds: `read` is synchronous and fills `target` from the start; it comes back short only at the
// end.

/** Random access to bytes. `read` yields how many bytes it put at the start of `target`: all of it,
 *  or fewer at the end of the source, 0 at or past it. */
export interface ByteSource {
  readonly name: string
  readonly sizeBytes: number
  read(target: Uint8Array, position: number): number
  close(): void
}

/** A source over bytes already in memory. `name` is what messages call it. */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    sizeBytes: bytes.length,
    read: (target, position) => {
      const piece = bytes.subarray(position, position + target.length)
      target.set(piece)
      return piece.length
    },
    close: () => {},
  }
}
