// Memory ereport: which machine checks are memory's own, and what they say about the page and the
// DIMM. All makers' hosts speak of memory with the classes that generic rules diagnose:
//
//   ereport.cpu.generic-x86.mem_ce@chip/core/strand    corrected     -> page_ce, dimm_ce
//   ereport.cpu.generic-x86.mem_ue@chip/core/strand    uncorrected   -> page_ue, dimm_ue
//
//   IA32_MCi_ADDR  uint64    as read                                  (there: always)
//   resource       nvlist[]  hc FMRIs of what holds the address, with hc-specific.physaddr: the
//                            address of the page of 4 KiB, where ADDR says which. The rank
//                            (chip/memory-controller/dram-channel/dimm/rank); on AMD also the
//                            chip-select; where nobody knows the memory, the memory-controller of
//                            the strand's chip. Absent where the topology has none.
//   syndrome       uint16     AMD's northbridge; `syndrome-type` is C4
//
//   maker    these registers                                             are
//   AMD      bank 4, bus code, LL=LG, II=M, CECC or UECC, ADDRV          mem_ce, mem_ue with UC
//   Intel    code 0x008x GEN, 0x009x RD, 0x00ax WR, 0x00cx SCRUB, ADDRV  the same
//   AMD      since family 17h, the unit is a memory controller (IPID)      mc: ADDR is its own
//   Intel    code 0x0134, 0x0150 with UC, S and AR, ADDRV                mem_ue: bad data was used
//
// Holds: the detector is the strand whose bank it was, so rules find the place by `resource`
// (payloadprop_contains). Where no strand is known (a driver of the memory controller told) it is
// chip/memory-controller. Memory codes without an address that is physical keep the class of their
// code (`mc`, `bus_interconnect_memory`): nobody can take a page away for them. Address and command
// errors (0x00bx) are the channel's, not a page's: `mc`.
// Source: illumos-gate authamd_main.c and gcpu_amd.esc (classes, northbridge, payload); Intel SDM
// volume 3, 15.9.2.8 and table 15-18 (codes), 15.3.2.4 (which addresses are physical). illumos has
// other classes for Intel's (quickpath.mem_ce), whose page thresholds differ: ours are one.
import { MCI_STATUS } from '../../machine/mci-status.js'

/** Who made the processor, whose codes differ. */
export type ProcessorVendor = 'intel' | 'amd'

/** What of a bank decides. */
export interface MemoryBank {
  readonly bank: number
  readonly status: bigint
  readonly misc: bigint
  readonly ipid?: bigint | undefined
}

/** Last part of the class of a memory ereport. */
export type MemoryLeaf = 'mem_ce' | 'mem_ue'

/** Hardware id 0x96 and type 0 of an IPID: a unified memory controller. */
const UMC = 0x96n

const { UC, ADDRV, MISCV, S, AR } = MCI_STATUS
const NORTHBRIDGE = 4
const ECC = (1n << 46n) | (1n << 45n)
const SER_P = 1n << 24n
/** MISC says so of an address that is physical. */
const PHYSICAL = 2n

/** Whether a bank tells of memory with the address of a page; undefined when it does not.
 *  `mcgCap` says whether MISC has an address mode at all. */
export function memoryLeaf(
  bank: MemoryBank,
  { vendor, mcgCap }: { readonly vendor: ProcessorVendor; readonly mcgCap: bigint | undefined },
): MemoryLeaf | undefined {
  if ((bank.status & ADDRV) === 0n) return undefined
  const isMemory = vendor === 'amd' ? isNorthbridgeEcc(bank) : isIntelMemory(bank)
  if (!isMemory || (vendor === 'intel' && !isPhysical(bank, mcgCap))) return undefined
  return (bank.status & UC) === 0n ? 'mem_ce' : 'mem_ue'
}

/** Whether a bank is that of a memory controller of AMD's, which tells neither a physical address
 *  nor, by its code, that it is one. */
export function isMemoryController({ ipid }: MemoryBank): boolean {
  return ipid !== undefined && ((ipid >> 32n) & 0xfffn) === UMC && ipid >> 48n === 0n
}

function isNorthbridgeEcc({ bank, status, ipid }: MemoryBank): boolean {
  if (ipid !== undefined && ipid !== 0n) return false
  const isBusOfMemory = (status & 0xe80fn) === 0x0803n
  return bank === NORTHBRIDGE && isBusOfMemory && (status & ECC) !== 0n
}

function isIntelMemory({ status }: MemoryBank): boolean {
  const code = Number(status & 0xefffn)
  const access = (code >> 4) & 7
  if ((code & 0xff80) === 0x0080) return access !== 3 && access <= 4
  const used = UC | S | AR
  return (code === 0x0134 || code === 0x0150) && (status & used) === used
}

/** Processors that cannot recover have no address mode in MISC: theirs are physical. */
function isPhysical({ status, misc }: MemoryBank, mcgCap: bigint | undefined): boolean {
  if ((status & MISCV) === 0n || (mcgCap !== undefined && (mcgCap & SER_P) === 0n)) return true
  const mode = (misc >> 6n) & 7n
  return mode === PHYSICAL || (mcgCap === undefined && mode === 0n)
}
