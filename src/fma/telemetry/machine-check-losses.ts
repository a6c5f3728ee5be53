// MachineCheckLosses: what a record of machine checks does not say, or says that nobody knows.
//
//   OVER  ->  count      code of no meaning  ->  class      memory, no DIMM known  ->  dimm
//
// Holds: what is noted is no error: the ereports are made all the same.
import { mcaCode } from '../../machine/mca-code.js'
import { correctedCount, MCI_STATUS, mcgCapability } from '../../machine/mci-status.js'
import type { MachineCheckBank, MachineCheckRecord } from '../../machine/telemetry.js'
import { memoryAt, strandOf } from '../topo/resolve.js'
import type { Topology } from '../topo/topology.js'
import { memoryLeaf, type ProcessorVendor } from './memory-ereport.js'
import type { Unknowns } from './unknowns.js'

export const MORE_ERRORS = 'errors were counted but not told of one by one'
export const NO_ADDRESS = 'a memory error does not say at which physical address it was'
export const NO_DIMM = 'which DIMM holds an address is not known'
const NO_MEMORY = 'an address is in no memory that this host has'
const OVERFLOW = 'a bank was full when further errors came (OVER): how many, who knows'

const { VAL, OVER, UC } = MCI_STATUS

/** What notes are taken with. */
export interface MachineCheckNotes {
  readonly unknowns: Unknowns
  readonly topology: Topology
  /** Intel where nobody says. */
  readonly vendor: ProcessorVendor | undefined
}

/** Notes what a record does not say; how many ereports it makes. */
export function noteMachineCheck(
  record: Omit<MachineCheckRecord, 'atNs'>,
  notes: MachineCheckNotes,
): number {
  const { pcpu, mcgCap } = record
  const { unknowns, topology } = notes
  if (pcpu === undefined) unknowns.add('pcpu', 'a record does not say whose banks it is of')
  else if (strandOf(topology, pcpu) === undefined) {
    unknowns.add('pcpu', `the topology has no strand for pcpu ${pcpu}`)
  }
  const banks = record.banks.filter(({ status }) => (status & VAL) !== 0n)
  for (const bank of banks) noteBank(bank, mcgCap, notes)
  return banks.length
}

function noteBank(
  bank: MachineCheckBank,
  mcgCap: bigint | undefined,
  { unknowns, topology, vendor = 'intel' }: MachineCheckNotes,
): void {
  const { status } = bank
  const { kind } = mcaCode(Number(status & 0xffffn))
  const leaf = memoryLeaf(bank, { vendor, mcgCap })
  const isCounted = mcgCap !== undefined && mcgCapability(mcgCap).cmci && (status & UC) === 0n
  const count = isCounted ? correctedCount(status) : 0
  if ((status & OVER) !== 0n) unknowns.add('count', OVERFLOW)
  if (count > 1) unknowns.add('count', MORE_ERRORS, count - 1)
  if (kind === 'unknown') unknowns.add('class', 'the code of an error has no meaning')
  if (kind === 'memory-controller' && leaf === undefined) unknowns.add('address', NO_ADDRESS)
  if (leaf !== undefined && memoryAt(topology, bank.addr) === undefined) {
    unknowns.add('dimm', topology.memory === undefined ? NO_DIMM : NO_MEMORY)
  }
}
