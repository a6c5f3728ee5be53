// MCA class: the class of the ereport that a machine-check bank makes.
//
//   status 0x9000000000000135, generic-x86  ->  ereport.cpu.generic-x86.l1dcache
//   the same with UC                        ->  ereport.cpu.generic-x86.l1dcache_uc
//   a status that changed while it was read ->  ereport.cpu.generic-x86.unknown
//
// Holds: each of the 65,536 codes has a class, and all classes are listed: what is not among them,
// generic x86 never reports. Source: illumos-gate usr/src/uts/i86pc/cpu/generic_cpu/gcpu_mca.c.
import { mcaLeafClass } from '../../machine/mca-code.js'

/** Whose handler names the class: none in particular, or the model layer of a maker. */
export type CpuClass = 'generic-x86' | 'intel' | 'amd'

const UNCORRECTED = 1n << 61n

/** The class for a bank's status. Telemetry that did not hold still is `unknown`. */
export function mcaEreportClass(
  status: bigint,
  { cpuClass = 'generic-x86', stable = true }: { cpuClass?: CpuClass; stable?: boolean } = {},
): string {
  const code = Number(status & 0xffffn)
  const leaf = stable ? mcaLeafClass(code, (status & UNCORRECTED) !== 0n) : 'unknown'
  return `ereport.cpu.${cpuClass}.${leaf}`
}

/** All classes that codes have, sorted. */
export function mcaEreportClasses(cpuClass: CpuClass = 'generic-x86'): readonly string[] {
  const classes = new Set<string>()
  for (let code = 0n; code <= 0xffffn; code++) {
    classes.add(mcaEreportClass(code, { cpuClass }))
    classes.add(mcaEreportClass(code | UNCORRECTED, { cpuClass }))
  }
  return [...classes].sort()
}
