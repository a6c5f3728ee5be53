// RegisterPayload: registers on their way into an ereport: named numbers of a width, in order.
//
// Holds: what is undefined is left out; numbers come from registers of that width and fit.
import type { NvList, NvValue } from '../../event/nvlist.js'
import type { FabricErrors } from './fabric-errors.js'

/** A payload while it is made. */
export class RegisterPayload {
  readonly #list = new Map<string, NvValue>()

  get list(): NvList {
    return this.#list
  }

  u8(name: string, value: number | undefined): void {
    if (value !== undefined) this.#list.set(name, { kind: 'uint8', value })
  }

  u16(name: string, value: number | undefined): void {
    if (value !== undefined) this.#list.set(name, { kind: 'uint16', value })
  }

  u32(name: string, value: number | undefined): void {
    if (value !== undefined) this.#list.set(name, { kind: 'uint32', value })
  }

  u64(name: string, value: bigint): void {
    this.#list.set(name, { kind: 'uint64', value })
  }

  /** The registers of the slot that a port ends in. */
  slot(slot: FabricErrors['slot']): void {
    this.u32('pcie_slot_cap', slot?.capabilities)
    this.u16('pcie_slot_control', slot?.control)
    this.u16('pcie_slot_status', slot?.status)
  }

  /** Who sent it; 0 is nobody. */
  source(id: number): void {
    this.u16('source-id', id)
    this.#list.set('source-valid', { kind: 'boolean', value: id !== 0 })
  }
}
