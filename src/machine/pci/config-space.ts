// ConfigSpace: the bytes through which a PCI function is configured and tells its errors.
//
//   0000 .. 003f   header                       readable by anybody
//   0040 .. 00ff   classic capabilities         root only
//   0100 .. 0fff   extended capabilities: AER   root only, PCI Express only
//
// Holds: little endian; a read beyond what is there is undefined, never a 0: who may not see a
// capability must not say that there is none. Source: PCI Local Bus 3.0, PCI Express Base 3.0.

/** Bytes of a function without PCI Express. */
export const CLASSIC_BYTES = 256
/** Bytes of a PCI Express function. */
export const EXTENDED_BYTES = 4096

/** Reads 1, 2 or 4 bytes as an unsigned number; undefined when they are not all there. */
export function readConfig(bytes: Uint8Array, offset: number, size: 1 | 2 | 4): number | undefined {
  if (offset < 0 || offset + size > bytes.length) return undefined
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] as number)
  return value
}

/** Sets 1, 2 or 4 bytes as the hardware itself does: whatever software may not write included. */
export function putConfig(bytes: Uint8Array, offset: number, size: 1 | 2 | 4, value: number): void {
  for (let i = 0; i < size; i++) bytes[offset + i] = (value >>> (8 * i)) & 0xff
}

/** The bytes as `lspci -x` shows them: sixteen a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)].map((b) => b.toString(16).padStart(2, '0'))
    lines.push(`${at.toString(16).padStart(2, '0')}: ${row.join(' ')}\n`)
  }
  return lines.join('')
}
