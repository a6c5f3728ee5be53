// XenConsole: what a hypervisor's console says of machine checks that it does not show: whoever
// reads it alone would take silence for health.
//
//   (XEN) MCE: send MCE# to DOM0 through virq      an exception; no bank before it: none was read
//   (XEN) MCE: Enter UCR recovery action           an error in a page; its bank was not printed
//
// Holds: it only counts. Source: xen/arch/x86/cpu/mcheck/mce.c, mce_intel.c; captures of 4.17 and
// 4.20.
import type { TelemetrySource } from './source.js'
import type { Unknowns } from './unknowns.js'

const SENT = /\(XEN\).*MCE: send MCE# to DOM0/
const RECOVERED = /\(XEN\).*MCE: Enter UCR recovery action/
const BANK = /\(XEN\).*\bBank \d{1,2}: ([0-9a-f]{1,16})(?:\[ *[0-9a-f]{1,16}\])?( at +[0-9a-f]+)?/

const NOT_READ =
  'the hypervisor met a machine check and printed no bank of it: Xen 4.13 to 4.18 read none ' +
  '(a fault upstream)'
const NOT_PRINTED =
  'the hypervisor recovered from an error in memory, the bank of which it did not print: ' +
  '/dev/mcelog of dom0 has it'

const NOT_CORRECTED =
  'Xen prints no corrected error: those that it finds are in /dev/mcelog of dom0'

/** A console on which nothing is said of machine checks; undefined for what is none of Xen's. */
export function silentConsole(text: string): TelemetrySource | undefined {
  if (!/^(?:\[[^\]\n]*\] ?)?\(XEN\) /m.test(text)) return undefined
  return {
    format: 'console of Xen',
    records: (unknowns) => {
      unknowns.add('record', NOT_CORRECTED, undefined)
      return []
    },
  }
}

/** Whether a line tells of a machine check without showing it. */
export const isXenNews = (line: string): boolean => SENT.test(line) || RECOVERED.test(line)

/** Counts what was not printed. */
export function noteXenConsole(lines: readonly string[], unknowns: Unknowns): void {
  let [banks, places, recoveries] = [0, 0, 0]
  for (const line of lines) {
    const [bank, , place] = BANK.exec(line) ?? []
    if (bank !== undefined) banks += 1
    if (place !== undefined) places += 1
    if (RECOVERED.test(line)) recoveries += 1
    if (!SENT.test(line)) continue
    if (banks === 0 && recoveries === 0) unknowns.add('bank', NOT_READ)
    else if (recoveries > places) unknowns.add('bank', NOT_PRINTED)
    ;[banks, places, recoveries] = [0, 0, 0]
  }
}
