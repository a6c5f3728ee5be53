// The three ways to a register, as objects take them: what came back becomes a reading, or is
// thrown.
//
//   readMsr(access, { kind: 'vcpu', domid: 0, vcpu: 1 }, 'IA32_MC4_STATUS')
//     ->  MsrReading | GeneralProtectionFault | ResourceOpDenied
import { XpvError } from '../base/error.js'
import type { HostAccess, MsrRoute } from './host-access.js'
import type { PcpuId } from './ids.js'
import { type McgCapability, mcgCapability } from './mci-status.js'
import type { MsrReference } from './msr/msr-reference.js'
import { msrAddress, msrAt, msrNamed } from './msr/msr-table.js'
import { GeneralProtectionFault, ResourceOpDenied } from './msr-fault.js'
import { MsrReading } from './msr-reading.js'
import { MsrWriting } from './msr-writing.js'

/** Reads a register. Throws `GeneralProtectionFault`, `ResourceOpDenied`, or `XpvError`
 *  `machine.not-known` where nobody can know it. */
export function readMsr(access: HostAccess, route: MsrRoute, of: MsrReference): MsrReading {
  const msr = numberOf(of)
  const read = access.readMsr(route, msr)
  switch (read.kind) {
    case 'read':
    case 'virtualised':
      return new MsrReading(read, route, capabilityOf(access, read.executedOn as PcpuId))
    case 'gp-fault':
      throw faulted('rdmsr', route, read)
    case 'denied':
      throw denied(route, read)
    case 'unknown':
      throw new XpvError('machine.not-known', read.reason)
  }
}

/** Writes a register. What became of it: `written`, `virtualised`, or `write-dropped`, which
 *  nobody was told. Throws as `readMsr` does. */
export function writeMsr(
  access: HostAccess,
  route: MsrRoute,
  of: MsrReference,
  value: bigint,
): MsrWriting {
  const written = access.writeMsr(route, numberOf(of), value)
  switch (written.kind) {
    case 'gp-fault':
      throw faulted('wrmsr', route, written)
    case 'denied':
      throw denied(route, written)
    case 'unknown':
      throw new XpvError('machine.not-known', written.reason)
    default:
      return new MsrWriting(written, value)
  }
}

interface Refused {
  readonly msr: number
  readonly executedOn: number
  readonly why: string
}

function faulted(verb: string, route: MsrRoute, refused: Refused): GeneralProtectionFault {
  const { msr, executedOn, why } = refused
  const who = route.kind === 'vcpu' ? ` in vcpu ${route.vcpu} of domain ${route.domid}` : ''
  const what = `${verb} ${nameOf(msr)}${who}, executed on pcpu ${executedOn}`
  return new GeneralProtectionFault(
    refused,
    `general protection fault: ${what}: ${why}`,
    insteadOf(msr, executedOn),
  )
}

function denied(route: MsrRoute, { msr, executedOn, why }: Refused): ResourceOpDenied {
  const pcpu = 'pcpu' in route ? route.pcpu : executedOn
  return new ResourceOpDenied(
    msr,
    `the hypervisor does not give ${nameOf(msr)} of pcpu ${pcpu}: ${why}`,
    `pcpus[${pcpu}].msr.${propertyOf(msr)}.hardware`,
  )
}

/** What to type instead: of a bank, the banks; else the register itself. */
function insteadOf(msr: number, pcpu: number): string {
  const name = propertyOf(msr)
  return /^IA32_MC\d+_/.test(name) ? `pcpus[${pcpu}].banks` : `pcpus[${pcpu}].msr.${name}.hardware`
}

const nameOf = (msr: number): string => {
  const name = msrAt(msr)?.name
  return name === undefined ? hex(msr) : `${hex(msr)} (${name})`
}
const propertyOf = (msr: number): string => msrAt(msr)?.name ?? hex(msr)
const hex = (n: number): string => `0x${n.toString(16)}`

/** A number that the table does not have is tried as it is. */
function numberOf(of: MsrReference): number {
  return msrAddress(of) ?? msrNamed(of).address
}

function capabilityOf(access: HostAccess, pcpu: PcpuId): McgCapability {
  const banks = access.banks(pcpu)
  return mcgCapability(banks.kind === 'known' ? banks.value.mcgCap : 0n)
}
