// Vcpu: a virtual CPU of a domain: what it does, where it may run and where it runs; and the
// registers as its instructions see them.
//
//   dom0.vcpus[0].pcpu                       ->  where it is now; ask again and it may have moved
//   dom0.vcpus[0].rdmsr('IA32_MC4_STATUS')   ->  a reading that says where it was executed, or
//                                                GeneralProtectionFault
//
// Holds: every property is asked of the machine when it is read.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { HostAccess, RunstateNs, VcpuFacts } from './host-access.js'
import { carryOut } from './host-action.js'
import type { DomainId, PcpuId, VcpuId } from './ids.js'
import type { MsrReference } from './msr/msr-reference.js'
import type { MsrReading } from './msr-reading.js'
import { readMsr, writeMsr } from './msr-routes.js'
import type { MsrWriting } from './msr-writing.js'
import { isKnown, type NotKnown, valueOr } from './not-known.js'
import { known, type Obs } from './obs.js'
import { propertyTable } from './property-table.js'

/** One vcpu of one domain. */
export class Vcpu implements ShownAsPage, Described {
  readonly domid: DomainId
  readonly id: VcpuId
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess, domid: DomainId, id: VcpuId) {
    this.#access = access
    this.domid = domid
    this.id = id
  }

  get state(): keyof RunstateNs | NotKnown {
    return valueOr(this.facts().state)
  }

  get pcpu(): PcpuId | NotKnown {
    return valueOr(this.facts().pcpu)
  }

  get affinity(): readonly PcpuId[] | NotKnown {
    return valueOr(this.facts().affinity)
  }

  get runningNs(): number | NotKnown {
    return this.#ns('running')
  }

  get runnableNs(): number | NotKnown {
    return this.#ns('runnable')
  }

  get blockedNs(): number | NotKnown {
    return this.#ns('blocked')
  }

  get offlineNs(): number | NotKnown {
    return this.#ns('offline')
  }

  get migrations(): number | NotKnown {
    return valueOr(this.facts().migrations)
  }

  /** What the machine tells of it, each thing with where it came from. Throws `XpvError`
   *  `machine.no-vcpu` when it is gone. */
  facts(): VcpuFacts {
    const access = this.#access()
    const found = access.vcpu(this.domid, this.id)
    if (found !== undefined) return found
    const isThere = access.domain(this.domid) !== undefined
    throw new XpvError(
      'machine.no-vcpu',
      `domain ${this.domid} has no vcpu ${this.id}`,
      isThere ? `domains[${this.domid}].vcpus` : 'domains',
    )
  }

  /** Lets this vcpu execute rdmsr, wherever the scheduler has it; time passes. Throws
   *  `GeneralProtectionFault`. */
  rdmsr(msr: MsrReference): MsrReading {
    return readMsr(this.#access(), { kind: 'vcpu', domid: this.domid, vcpu: this.id }, msr)
  }

  /** Lets this vcpu execute wrmsr; what became of the value. Throws `GeneralProtectionFault`. */
  wrmsr(msr: MsrReference, value: bigint | number): MsrWriting {
    const route = { kind: 'vcpu', domid: this.domid, vcpu: this.id } as const
    return writeMsr(this.#access(), route, msr, BigInt(value))
  }

  /** Says on which pcpus it may run from now on. Throws `XpvError` `machine.refused`. */
  pin(pcpus: number | readonly number[]): Vcpu {
    const wanted = (typeof pcpus === 'number' ? [pcpus] : pcpus) as readonly PcpuId[]
    carryOut(this.#access(), `pin vcpu ${this.id} of domain ${this.domid}`, (actions) =>
      actions.pinVcpu(this.domid, this.id, wanted),
    )
    return this
  }

  /** Does something while the vcpu may run on one pcpu only; then it may run where it might
   *  before. Yields what `work` yields. Throws as `pin` does. */
  withPinned<T>(pcpu: number, work: (vcpu: Vcpu) => T): T {
    const before = this.affinity
    this.pin(pcpu)
    const release = (): unknown => isKnown(before) && this.pin(before)
    return lastly(() => work(this), release)
  }

  toJSON(): unknown {
    const { domid, id, state, pcpu, affinity, runningNs, migrations } = this
    return { domid, vcpu: id, state, pcpu, affinity, runningNs, migrations }
  }

  [DESCRIBE](): Description {
    const name = `domains[${this.domid}].vcpus[${this.id}]`
    return { name, summary: 'a virtual CPU of a domain', members: VCPU_MEMBERS }
  }

  [DISPLAY](): Page {
    const { seen } = this.facts()
    const shown = seen === undefined ? SHOWN : SHOWN_RECORDED
    const style = { members: VCPU_MEMBERS, shown, units: UNITS }
    return page(
      [`vcpu ${this.id} of domain ${this.domid}`, propertyTable<Vcpu>(this, style)],
      this.toJSON(),
    )
  }

  #ns(state: keyof RunstateNs): number | NotKnown {
    const { ns }: { readonly ns: Obs<RunstateNs> } = this.facts()
    return valueOr(ns.kind === 'known' ? known(ns.value[state], ns.from) : ns)
  }
}

/** `last` happens whatever becomes of `work`, when a promise is settled at the latest. */
function lastly<T>(work: () => T, last: () => unknown): T {
  let isLater = false
  try {
    const result = work()
    isLater = result instanceof Promise
    return isLater ? ((result as Promise<unknown>).finally(last) as T) : result
  } finally {
    if (!isLater) last()
  }
}

const SHOWN = [
  'state',
  'pcpu',
  'affinity',
  'runningNs',
  'runnableNs',
  'blockedNs',
  'offlineNs',
  'migrations',
] as const
const SHOWN_RECORDED = ['state', 'pcpu', 'affinity', 'migrations'] as const

const UNITS = {
  runningNs: 'ns',
  runnableNs: 'ns',
  blockedNs: 'ns',
  offlineNs: 'ns',
} as const

/** What each property and method of a vcpu says. */
const VCPU_MEMBERS: MembersOf<Vcpu> = {
  domid: 'whose it is',
  id: 'its number in its domain',
  state: 'running, runnable (waits for a pcpu), blocked (waits for something to do), offline',
  pcpu: 'the pcpu it runs on, else the one it was put on last',
  affinity: 'the pcpus it may run on',
  runningNs: 'nanoseconds it ran',
  runnableNs: 'nanoseconds it wanted to run and had no pcpu',
  blockedNs: 'nanoseconds it had nothing to do',
  offlineNs: 'nanoseconds it might not run',
  migrations: 'how often it went on on another pcpu',
  facts: 'all that is known of it, each thing with where it came from: facts()',
  rdmsr: "lets it execute rdmsr: rdmsr('IA32_MCG_CAP'); says on which pcpu that was",
  wrmsr: 'lets it execute wrmsr; says what became of the value',
  pin: 'the pcpus it may run on from now on: pin(2), pin([0, 1])',
  withPinned: 'does something while it stays on one pcpu: withPinned(1, (vcpu) => ...)',
}
