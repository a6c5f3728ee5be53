// What Linux on metal says of machine checks in its log, where no driver takes them.
//
//   the records so far  ->  mce: [Hardware Error]: Machine check events logged
//                           mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 2: 9000000000000135
//                           mce: [Hardware Error]: TSC 0
//                           mce: [Hardware Error]: PROCESSOR 0:106a5 TIME 1197273610 SOCKET 1 ...
//
// Holds: lines are those of the newest record. That something was logged is said twice a minute at
// most; what it was, always. A poll leaves the time stamp 0, an interrupt takes it.
// Source: Linux 6.1, arch/x86/kernel/cpu/mce/core.c: __print_mce, mce_notify_irq; lib/ratelimit.c.
import type { HostConfig } from '../host-config.js'
import type { Processor } from '../processor.js'
import type { TelemetryBank, TelemetryRecord } from './telemetry.js'

/** Where they were found. */
export interface LinuxHost {
  readonly host: HostConfig
  readonly processor: Processor
  /** A processor's own number; 0 where it has none. */
  ppin(pcpu: number): bigint
}

const PREFIX = 'mce: [Hardware Error]: '
const LIMIT_NS = 60_000_000_000
const BURST = 2
/** MCG_STATUS: a machine check is in progress. */
const MCIP = 4n
/** X86_VENDOR_*. */
const VENDORS = { intel: 0, amd: 2 } as const

/** Lines of the newest of these records, oldest first. */
export function kernelLines(records: readonly TelemetryRecord[], on: LinuxHost): readonly string[] {
  const newest = records.at(-1)
  if (newest === undefined) return []
  const told = notices(records)
  return newest.banks.flatMap((bank, n) => [
    ...(told[told.length - newest.banks.length + n] ?? []),
    ...bankLines(newest, bank, on),
  ])
}

/** For each bank of each record what is said of there being something. */
function notices(records: readonly TelemetryRecord[]): readonly (readonly string[])[] {
  let beganNs = Number.NEGATIVE_INFINITY
  let printed = 0
  let missed = 0
  return records.flatMap(({ atNs, banks }) =>
    banks.map(() => {
      const lines: string[] = []
      if (atNs - beganNs > LIMIT_NS) {
        if (missed > 0) lines.push(`mce_notify_irq: ${missed} callbacks suppressed`)
        beganNs = atNs
        printed = 0
        missed = 0
      }
      if (printed < BURST) {
        printed += 1
        return [...lines, `${PREFIX}Machine check events logged`]
      }
      missed += 1
      return lines
    }),
  )
}

function bankLines(record: TelemetryRecord, bank: TelemetryBank, on: LinuxHost): string[] {
  const { pcpu, socket, apicId, atNs, mcgStatus } = record
  const { host, processor } = on
  const how = (mcgStatus & MCIP) === 0n ? '' : ' Exception'
  const status = bank.status.toString(16).padStart(16, '0')
  const seconds = (host.bootedAt + BigInt(Math.floor(atNs))) / 1_000_000_000n
  const who = `${VENDORS[processor.vendor]}:${signature(processor).toString(16)}`
  const where = `SOCKET ${socket} APIC ${apicId.toString(16)}`
  const values = [
    `TSC ${bank.tsc.toString(16)} `,
    named('ADDR', bank.addr),
    named('MISC', bank.misc),
    named('PPIN', on.ppin(pcpu)),
  ]
  return [
    `CPU ${pcpu}: Machine Check${how}: ${mcgStatus.toString(16)} Bank ${bank.bank}: ${status}`,
    values.join(''),
    `PROCESSOR ${who} TIME ${seconds} ${where} microcode ${processor.microcode.toString(16)}`,
  ].map((line) => `${PREFIX}${line}`)
}

const named = (name: string, value: bigint): string =>
  value === 0n ? '' : `${name} ${value.toString(16)} `

/** EAX of CPUID leaf 1: stepping, model and family, what is above 4 bits of them apart. */
function signature({ family, model, stepping }: Processor): number {
  const base = Math.min(family, 15)
  return (
    ((family - base) << 20) | ((model >> 4) << 16) | (base << 8) | ((model & 15) << 4) | stepping
  )
}
