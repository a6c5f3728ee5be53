// RequesterId: bus, device and function in 16 bits, as they stand in a TLP and in ErrorSrc.
//
//   0x0401  <->  '04:00.1'
//
// Source: PCI Express Base 3.0 section 2.2.6.2: bus [15:8], device [7:3], function [2:0].
import type { Brand } from '../../base/brand.js'

/** A function's number on its hierarchy. */
export type RequesterId = Brand<number, 'RequesterId'>

/** Makes one of its parts. */
export function requesterId(bus: number, device: number, inDevice: number): RequesterId {
  return ((bus << 8) | (device << 3) | inDevice) as RequesterId
}

/** The parts of one. */
export function partsOf(id: RequesterId): { bus: number; device: number; function: number } {
  return { bus: id >>> 8, device: (id >>> 3) & 0x1f, function: id & 7 }
}

/** As lspci prints it: `04:00.1`. */
export function printRequesterId(id: RequesterId): string {
  const { bus, device, function: inDevice } = partsOf(id)
  const hex = (n: number): string => n.toString(16).padStart(2, '0')
  return `${hex(bus)}:${hex(device)}.${inDevice}`
}

/** Reads `04:00.1` or `0000:04:00.1`; undefined when it is neither. */
export function parseRequesterId(text: string): RequesterId | undefined {
  const match = /^(?:0{1,4}:)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i.exec(text.trim())
  if (match === null) return undefined
  const [bus, device, inDevice] = match.slice(1).map((part) => Number.parseInt(part, 16))
  if (bus === undefined || device === undefined || inDevice === undefined) return undefined
  return device < 32 ? requesterId(bus, device, inDevice) : undefined
}
