// A record of telemetry as lines of Xen's console: where nobody in dom0 takes it.
//
// Source: xen/arch/x86/cpu/mcheck/mce.c (x86_mcinfo_dump).
import { MCI_STATUS } from '../../../machine/mci-status.js'
import { MC_FLAG, type TelemetryRecord } from './telemetry.js'

/** The lines, in order. Xen's %16 pads with blanks. */
export function dumpLines(record: Omit<TelemetryRecord, 'id'>): readonly string[] {
  return [
    headline(record),
    ...record.banks.map(({ bank, status, misc, addr }) => {
      const more = (status & MCI_STATUS.MISCV) === 0n ? '' : `[${hex(misc)}]`
      const at = (status & MCI_STATUS.ADDRV) === 0n ? '' : ` at ${hex(addr)}`
      return `Bank ${bank}: ${hex(status)}${more}${at}`
    }),
  ]
}

const RULE = '****************************************'

/** What Xen prints before it reboots. */
export function panicLines(reason: string): readonly string[] {
  return [`Fatal machine check: ${reason}`, RULE, 'Panic on CPU 0:', 'HARDWARE ERROR', RULE]
}

function headline({ flags, core, mcgStatus }: Omit<TelemetryRecord, 'id'>): string {
  if ((flags & MC_FLAG.MCE) !== 0) return `CPU${core}: Machine Check Exception: ${hex(mcgStatus)}`
  const how = (flags & MC_FLAG.CMCI) === 0 ? 'POLLED' : 'CMCI'
  return `${how} occurred on CPU ${core}.`
}

const hex = (value: bigint): string => value.toString(16).padStart(16)
