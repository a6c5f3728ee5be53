// TlpTarget: whom an error was about, as far as the header of its packet says: the function, the
// address, and which way the packet went.
//
//   MWr by 03:00.0 at 0xfee00000, found at 00:02.0  ->  memory access by a device, of 03:00.0
//   MRd by 00:00.0 at 0xfc000000, found at 03:00.0  ->  access to a device, at that address
//
// Holds: only the first error has a header; what the header does not say is undefined. Source:
// illumos-gate pcie_fault.c (pf_tlp_decode, pf_pci_decode).
import { ROOT_PORT } from '../../../machine/pci/express-registers.js'
import { decodeTlp, type HeaderWords } from '../../../machine/pci/tlp-header.js'
import type { FabricErrors, UncorrectableErrors } from './fabric-errors.js'

/** Which way: a device accessed memory, something accessed a device, or its configuration. */
export const BY_DEVICE = 1
export const OF_DEVICE = 2
export const OF_CONFIGURATION = 4

/** Whom the first error of a function was about. */
export interface TlpTarget {
  /** `BY_DEVICE` and so on; 0 where it cannot be told. */
  readonly way: number
  readonly address: bigint
  readonly id: number | undefined
}

const UNKNOWN: TlpTarget = { way: 0, address: 0n, id: undefined }
/** Bits of the errors in which a root port has received what a device sent. */
const POISONED = 12
const ABORTED = 15

/** The bit of the error that came first; undefined when it is not latched any more. */
export function firstBit({ status, first }: UncorrectableErrors): number | undefined {
  return first !== undefined && ((status >>> first) & 1) === 1 ? first : undefined
}

/** Whom the first uncorrectable error was about; undefined where there is no first. */
export function targetOf(of: FabricErrors): TlpTarget | undefined {
  const { uncorrectable, type, id } = of
  const first = uncorrectable && firstBit(uncorrectable)
  if (uncorrectable === undefined || first === undefined) return undefined
  const { header } = uncorrectable
  if (header === undefined || isEmpty(header)) return UNKNOWN
  const isRoot = type === ROOT_PORT
  return decode(header, { id, isRoot, isFromBelow: first === POISONED || first === ABORTED })
}

interface Place {
  readonly id: number
  readonly isRoot: boolean
  readonly isFromBelow: boolean
}

function decode(words: HeaderWords, { id, isRoot, isFromBelow }: Place): TlpTarget {
  const { kind, requester, completer, address = 0n } = decodeTlp(words)
  switch (kind) {
    case 'memory-read':
    case 'memory-write':
    case 'io-read':
    case 'io-write': {
      const isByDevice = isRoot ? isFromBelow : (requester ?? 0) >= id
      return isByDevice
        ? { way: BY_DEVICE, address, id: requester }
        : { way: OF_DEVICE, address, id: undefined }
    }
    case 'config-read':
    case 'config-write':
      return { way: OF_CONFIGURATION, address: 0n, id: completer }
    case 'completion': {
      const isByDevice = (requester ?? 0) > (completer ?? 0)
      return {
        way: isByDevice ? BY_DEVICE : OF_DEVICE | OF_CONFIGURATION,
        address: 0n,
        id: isByDevice ? requester : completer,
      }
    }
    default:
      return UNKNOWN
  }
}

/** No packet's header is all zeros: nothing was logged. */
const isEmpty = (words: HeaderWords): boolean => words.every((word) => word === 0)

const TWO_CYCLES = 0xd
const SPLIT_ABORTS = 0b11
const ABORTS = 0b1100
/** Unexpected split completion, bad data, PERR#: either way. */
const EITHER_WAY: readonly number[] = [1 << 5, 1 << 7, 1 << 11]
const DETECTED_PARITY = 0x8000

/** Whom the first error of a bridge's PCI side was about; undefined where there is no first.
 *  `root` is the root port above, where it was looked at. */
export function secondaryTargetOf(
  { secondary }: FabricErrors,
  root: FabricErrors | undefined,
): TlpTarget | undefined {
  if (secondary === undefined || firstBit(secondary) === undefined) return undefined
  const { header, status } = secondary
  if (header === undefined || isEmpty(header)) return UNKNOWN
  const [attributes, commands, low, high] = header
  const requester = (attributes >>> 8) & 0xffff
  const lower = (commands >>> 4) & 0xf
  const command = lower === TWO_CYCLES ? (commands >>> 8) & 0xf : lower
  switch (command) {
    case 0x2:
    case 0x3:
      return { way: OF_DEVICE, address: BigInt(low), id: requester }
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
    case 0xe:
    case 0xf: {
      const address = (BigInt(high) << 32n) | BigInt(low)
      return memoryTarget(status, { address, requester, root })
    }
    case 0xa:
    case 0xb:
      return { way: OF_CONFIGURATION, address: 0n, id: requester }
    case 0xc:
      return { way: BY_DEVICE, address: 0n, id: requester }
    default:
      return UNKNOWN
  }
}

function memoryTarget(
  status: number,
  of: { address: bigint; requester: number; root: FabricErrors | undefined },
): TlpTarget {
  const { address, requester, root } = of
  const isOneBit = (status & (status - 1)) === 0
  if (!isOneBit) return UNKNOWN
  if ((status & SPLIT_ABORTS) !== 0) return { way: BY_DEVICE, address, id: requester }
  if ((status & ABORTS) !== 0) return { way: OF_DEVICE, address, id: undefined }
  if (!EITHER_WAY.includes(status)) return UNKNOWN
  const isUp = ((root?.bridge?.status ?? 0) & DETECTED_PARITY) !== 0
  return { way: isUp ? BY_DEVICE : OF_DEVICE, address, id: undefined }
}
