// McaHandler: the software that owns machine checks on a host: a hypervisor, an operating system on
// metal, or nobody who looks.
//
//   poll due, interrupt, exception  ->  handler  ->  banks read and cleared, telemetry, dom0 told
//
// Holds: a handler's own memory is plain data; everything it does to a bank is said on the bus.
import { MCI_STATUS } from '../../../machine/mci-status.js'
import { type PcpuShape, pcpuPlace } from '../../../machine/pcpu-place.js'
import type { SeenAt } from '../bus.js'
import type { BankState } from './bank.js'
import type { Banks } from './banks.js'
import { MC_FLAG, type TelemetryBank, type TelemetryRecord } from './telemetry.js'

/** What became of taking a page out of service. */
export interface PageOutcome {
  readonly outcome: 'offlined' | 'pending' | 'failed'
  /** Whose page it is. */
  readonly domid: number | undefined
}

/** What a handler works with, besides the banks. */
export interface McaSurroundings {
  readonly nowNs: number
  readonly tsc: bigint
  /** Pcpus that are online, ascending. */
  readonly online: readonly number[]
  /** Who runs on a pcpu. */
  running(pcpu: number): SeenAt
  console(line: string): void
  /** Whether dom0 has bound VIRQ_MCA. */
  readonly virqBound: boolean
  virq(): void
  /** Whose page this is; undefined for nobody's. */
  ownerOf(mfn: number): number | undefined
  offlinePage(mfn: number): PageOutcome
  /** A domain cannot go on. */
  crash(domid: number): void
}

/** What a handler says on the bus: a MCA_* number and the bank it is about, undefined for none. */
export type SayMca = (what: number, pcpu: number, bank: number | undefined) => void

/** What a handler is made of. */
export interface McaHandlerParts {
  readonly banks: Banks
  readonly shape: PcpuShape
  readonly around: McaSurroundings
  readonly say: SayMca
  /** The host cannot go on. */
  readonly panic: (reason: string) => void
  /** Lets its poll happen so much later. */
  readonly pollIn: (ns: number) => void
}

/** Who handles machine checks. */
export interface McaHandler {
  /** Sets up the banks and, if it polls, the first poll. */
  start(): void
  poll(): void
  /** A corrected machine-check interrupt came on a pcpu. */
  cmci(pcpu: number): void
  /** A machine-check exception came on these pcpus. */
  exception(pcpus: readonly number[]): void
  save(): unknown
  restore(state: unknown): void
}

/** Why software looked at the banks. */
export type Looking = 'poll' | 'cmci' | 'exception'

const FLAG_OF = { poll: MC_FLAG.POLLED, cmci: MC_FLAG.CMCI, exception: MC_FLAG.MCE } as const
const { VAL, UC, PCC, ADDRV, MISCV } = MCI_STATUS

/** The banks of a pcpu that hold an error, of those that `wanted` admits. */
export function holding(
  banks: Banks,
  pcpu: number,
  wanted: (bank: number) => boolean = () => true,
): readonly (readonly [bank: number, state: BankState])[] {
  return Array.from({ length: banks.count }, (_, n) => n).flatMap((bank) => {
    const state = banks.at(pcpu, bank)
    return state !== undefined && wanted(bank) && (state.status & VAL) !== 0n
      ? [[bank, state] as const]
      : []
  })
}

/** A record of what was found, before anything is cleared. */
export function recordOf(
  parts: McaHandlerParts,
  found: readonly (readonly [bank: number, state: BankState])[],
  of: { readonly pcpu: number; readonly why: Looking },
): Omit<TelemetryRecord, 'id'> {
  const { banks, shape, around } = parts
  const { socket, core, thread, apicId } = pcpuPlace(shape, of.pcpu)
  const { domid, vcpu } = around.running(of.pcpu)
  return {
    urgent: of.why === 'exception',
    atNs: around.nowNs,
    pcpu: of.pcpu,
    socket,
    core,
    thread,
    apicId,
    domid,
    vcpu,
    flags: FLAG_OF[of.why] | severityFlag(found.map(([, state]) => state.status)),
    mcgStatus: banks.mcgStatus(of.pcpu),
    mcgCap: banks.processor.mcgCap,
    banks: found.map(([bank, state]) => bankOf(bank, state, { around, why: of.why })),
    recovery: [],
  }
}

function severityFlag(statuses: readonly bigint[]): number {
  if (statuses.some((status) => (status & PCC) !== 0n)) return MC_FLAG.UNCORRECTABLE
  return statuses.some((status) => (status & UC) !== 0n) ? MC_FLAG.RECOVERABLE : MC_FLAG.CORRECTABLE
}

function bankOf(
  bank: number,
  state: BankState,
  of: { readonly around: McaSurroundings; readonly why: Looking },
): TelemetryBank {
  const hasBoth = (state.status & (ADDRV | MISCV)) === (ADDRV | MISCV)
  const asks = hasBoth && isPhysical(state.misc) && of.why !== 'exception'
  return {
    bank,
    status: state.status,
    addr: (state.status & ADDRV) === 0n ? 0n : state.addr,
    misc: (state.status & MISCV) === 0n ? 0n : state.misc,
    ctl2: of.why === 'cmci' ? state.ctl2 : 0n,
    tsc: of.why === 'cmci' ? of.around.tsc : 0n,
    domid: asks ? of.around.ownerOf(mfnOf(state.addr)) : undefined,
  }
}

/** Whether MISC says that ADDR is a physical address. */
export function isPhysical(misc: bigint): boolean {
  return ((misc >> 6n) & 7n) === 2n
}

/** The frame of an address. */
export function mfnOf(addr: bigint): number {
  return Number(addr >> 12n)
}
