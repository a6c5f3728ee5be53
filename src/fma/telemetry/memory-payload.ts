// What a memory ereport says besides its bank: where the page is, and what the northbridge saw.

import type { PcpuId } from '../../machine/ids.js'
import { MCI_STATUS } from '../../machine/mci-status.js'
import type { MachineCheckBank } from '../../machine/telemetry.js'
import { fmriToNvlist } from '../event/fmri.js'
import { type NvList, type NvValue, nv } from '../event/nvlist.js'
import type { TopoNode } from '../topo/topology.js'
import type { ProcessorVendor } from './memory-ereport.js'
import type { Places } from './places.js'

const PAGE_MASK = ~0xfffn
/** Bits of an address within a page. */
const PAGE_BITS = 12n

/** Adds `syndrome`, `syndrome-type` and `resource`, as far as they are known. */
export function memoryPayload(
  payload: Map<string, NvValue>,
  bank: MachineCheckBank,
  on: {
    readonly vendor: ProcessorVendor
    readonly places: Places
    readonly pcpu: PcpuId | undefined
  },
): void {
  if (on.vendor === 'amd') addSyndrome(payload, bank.status)
  const holders = on.places.memory(bank.addr, on.pcpu)
  if (holders.length === 0) return
  const physaddr = isOfPage(bank) ? bank.addr & PAGE_MASK : undefined
  payload.set('resource', nv.lists(holders.map((holder) => placeIn(holder, physaddr))))
}

const RESOURCES = new WeakMap<TopoNode, NvList>()

/** The FMRI of an address in a part, as an ereport has it: errors come often, parts are few. */
export function placeIn(part: TopoNode, physaddr: bigint | undefined): NvList {
  const known = RESOURCES.get(part)
  const resource = known ?? fmriToNvlist(part.resource)
  if (known === undefined) RESOURCES.set(part, resource)
  if (physaddr === undefined) return resource
  const specific = new Map([['physaddr', nv.uint64(physaddr)]])
  return new Map(resource).set('hc-specific', nv.list(specific))
}

/** Whether ADDR says which page: MISC may say that only higher bits of it count. */
function isOfPage({ status, misc }: MachineCheckBank): boolean {
  const isPhysical = (status & MCI_STATUS.MISCV) !== 0n && ((misc >> 6n) & 7n) === 2n
  return !isPhysical || (misc & 0x3fn) <= PAGE_BITS
}

/** ECC of 64 bits has a syndrome of 8 (E); chipkill, which the extended code says, one of 16. */
function addSyndrome(payload: Map<string, NvValue>, status: bigint): void {
  const isChipkill = ((status >> 16n) & 0xfn) !== 0n
  const low = (status >> 47n) & 0xffn
  const high = isChipkill ? ((status >> 24n) & 0xffn) << 8n : 0n
  payload.set('syndrome', nv.uint16(Number(high | low)))
  payload.set('syndrome-type', nv.string(isChipkill ? 'C4' : 'E'))
}
