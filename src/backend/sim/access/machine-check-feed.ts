// Machine checks as dom0, or on metal the operating system, gets to see them: the records that
// came out of the banks, and why there are none where there are none.
//
//   metal      the operating system's own        xvm-mca, xen-4.20   what dom0 fetched
//   xen-4.17   by interrupt alone                xvm-3.1 and its like   nothing
//
// Holds: nothing is seen here that nobody in the machine has seen, save why something was not.
import type { PcpuId } from '../../../machine/ids.js'
import type {
  MachineCheckCause,
  MachineCheckRecord,
  TelemetryGap,
} from '../../../machine/telemetry.js'
import type { McaHandling } from '../era.js'
import type { MachineChecks } from '../machine-check.js'
import { MC_FLAG, type TelemetryRecord } from '../mca/telemetry.js'

const NO_RECORD =
  'this hypervisor keeps no record of machine checks, and what dom0 reads of a bank is refused ' +
  'or that of whichever pcpu it happens to be on'
const NO_SCAN =
  'the set of banks that this hypervisor looks at is empty (an upstream fault of Xen 4.13 to 4.18)'

/** Records from the n-th on, oldest first. */
export function machineCheckFeed(
  checks: MachineChecks,
  from: number,
): readonly MachineCheckRecord[] {
  return checks.log.slice(from).map(recordOf)
}

/** Why machine checks are not seen, or not all. */
export function machineCheckGaps(
  checks: MachineChecks,
  handling: McaHandling,
): readonly TelemetryGap[] {
  return [...gapsOf(checks, handling), ...halted(checks, handling)]
}

function gapsOf(checks: MachineChecks, handling: McaHandling): readonly TelemetryGap[] {
  const kind = 'machine-check'
  switch (handling) {
    case 'none':
      return [{ kind, extent: 'all', reason: NO_RECORD }]
    case 'unscanned':
      return [unscanned(checks.hasInterrupt)]
    case 'hypervisor':
      return dropped(checks.pool.dropped)
    case 'metal':
      return []
  }
}

/** On metal what ended the host was written down before. */
function halted({ halted }: MachineChecks, handling: McaHandling): readonly TelemetryGap[] {
  if (halted === undefined || handling === 'metal') return []
  const reason = `the host stopped, and nobody reads what it stopped for from its banks: ${halted}`
  return [{ kind: 'machine-check', extent: 'some', reason }]
}

function unscanned(hasInterrupt: boolean): TelemetryGap {
  const kind = 'machine-check'
  if (!hasInterrupt) return { kind, extent: 'all', reason: NO_SCAN }
  return { kind, extent: 'some', reason: `${NO_SCAN}; only interrupts for corrected errors work` }
}

function dropped(count: number): readonly TelemetryGap[] {
  if (count === 0) return []
  const what = count === 1 ? '1 record found' : `${count} records found`
  const reason = `${what} no room in the hypervisor while dom0 had not fetched the others`
  return [{ kind: 'machine-check', extent: 'some', reason }]
}

function recordOf({ atNs, pcpu, flags, mcgStatus, mcgCap, banks }: TelemetryRecord) {
  return {
    atNs,
    pcpu: pcpu as PcpuId,
    cause: causeOf(flags),
    mcgStatus,
    mcgCap,
    banks: banks.map(({ bank, status, addr, misc }) => ({ bank, status, addr, misc })),
  }
}

function causeOf(flags: number): MachineCheckCause {
  if ((flags & MC_FLAG.MCE) !== 0) return 'exception'
  return (flags & MC_FLAG.CMCI) !== 0 ? 'cmci' : 'poll'
}
