// Pcpu: a physical CPU: where it is, what it runs, how busy it was, its registers and its
// machine-check banks. A vcpu is another thing: it only borrows a pcpu.
//
//   pcpus[1].running  ->  vcpu 0 of domain 3      pcpus[1].banks[8]      pcpus[1].msr.IA32_MCG_CAP

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { Bank } from './bank.js'
import { BankList } from './bank-list.js'
import type { HostAccess, PcpuFacts } from './host-access.js'
import { carryOut } from './host-action.js'
import type { PcpuId } from './ids.js'
import { type Indexed, indexed } from './live-list.js'
import { isKnown, type NotKnown, valueOr } from './not-known.js'
import { known, type Obs } from './obs.js'
import { byEveryName, PcpuMsrs } from './pcpu-msr.js'
import type { PcpuPlace } from './pcpu-place.js'
import { propertyTable } from './property-table.js'
import { Vcpu } from './vcpu.js'

/** One physical CPU. */
export class Pcpu implements ShownAsPage, Described {
  readonly id: PcpuId
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess, id: PcpuId) {
    this.#access = access
    this.id = id
  }

  get isOnline(): boolean | NotKnown {
    return valueOr(this.facts().isOnline)
  }

  get socket(): number | NotKnown {
    return this.#place('socket')
  }

  get core(): number | NotKnown {
    return this.#place('core')
  }

  get thread(): number | NotKnown {
    return this.#place('thread')
  }

  get apicId(): number | NotKnown {
    return this.#place('apicId')
  }

  /** The vcpu it runs now; null when it has nothing to run. */
  get running(): Vcpu | null | NotKnown {
    const running = valueOr(this.facts().running)
    if (running === null || !isKnown(running)) return running
    return new Vcpu(this.#access, running.domid, running.vcpu)
  }

  get idleNs(): number | NotKnown {
    return valueOr(this.facts().idleNs)
  }

  get busyPercent(): number | NotKnown {
    return valueOr(busyPercent(this.facts()))
  }

  get msr(): PcpuMsrs {
    return byEveryName(new PcpuMsrs(this.#access, this.id))
  }

  get banks(): Indexed<BankList, Bank> | NotKnown {
    const facts = valueOr(this.#access().banks(this.id))
    return isKnown(facts) ? indexed(new BankList(this.id, facts)) : facts
  }

  /** What the machine tells of it, each thing with where it came from. Throws `XpvError`
   *  `machine.no-pcpu`. */
  facts(): PcpuFacts {
    const found = this.#access().pcpu(this.id)
    if (found !== undefined) return found
    throw new XpvError('machine.no-pcpu', `there is no pcpu ${this.id}`, 'pcpus')
  }

  /** Takes it out of service: its vcpus go elsewhere. Throws `XpvError` `machine.refused`. */
  offline(): Pcpu {
    carryOut(this.#access(), `take pcpu ${this.id} offline`, (to) =>
      to.setPcpuOnline(this.id, false),
    )
    return this
  }

  /** Puts it into service again. Throws `XpvError` `machine.refused`. */
  online(): Pcpu {
    carryOut(this.#access(), `bring pcpu ${this.id} online`, (to) =>
      to.setPcpuOnline(this.id, true),
    )
    return this
  }

  toJSON(): unknown {
    const { id, isOnline, socket, core, thread, apicId, idleNs, busyPercent } = this
    return { pcpu: id, isOnline, socket, core, thread, apicId, idleNs, busyPercent }
  }

  [DESCRIBE](): Description {
    return { name: `pcpus[${this.id}]`, summary: 'a physical CPU', members: PCPU_MEMBERS }
  }

  [DISPLAY](): Page {
    const running = this.running
    const what =
      running instanceof Vcpu ? `runs vcpu ${running.id} of domain ${running.domid}` : undefined
    const idle = running === null ? 'has nothing to run' : undefined
    const offline = this.isOnline === false ? 'is offline' : undefined
    const style = { members: PCPU_MEMBERS, shown: SHOWN, units: UNITS }
    return page(
      [`pcpu ${this.id}${join(offline ?? what ?? idle)}`, propertyTable<Pcpu>(this, style)],
      this.toJSON(),
    )
  }

  #place(part: keyof PcpuPlace): number | NotKnown {
    const place = valueOr(this.facts().place)
    return isKnown(place) ? place[part] : place
  }
}

/** The part of the time in which a pcpu ran something, in percent. */
export function busyPercent({ idleNs, overNs }: PcpuFacts): Obs<number> {
  if (idleNs.kind === 'unknown') return idleNs
  if (overNs.kind === 'unknown') return overNs
  const share = overNs.value === 0 ? 0 : 1 - idleNs.value / overNs.value
  return known(100 * share, idleNs.from)
}

const join = (text: string | undefined): string => (text === undefined ? '' : ` ${text}`)

const SHOWN = ['isOnline', 'socket', 'core', 'thread', 'apicId', 'idleNs', 'busyPercent'] as const
const UNITS = { idleNs: 'ns', busyPercent: 'percent' } as const

/** What each property and method of a pcpu says. */
const PCPU_MEMBERS: MembersOf<Pcpu> = {
  id: 'its number, as the hypervisor counts',
  isOnline: 'it takes part: the scheduler may use it',
  socket: 'the package it is in',
  core: 'the core of that package',
  thread: 'the thread of that core',
  apicId: 'its number for interrupts',
  running: 'the vcpu it runs now; null when it has nothing to run',
  idleNs: 'nanoseconds it had nothing to run, since boot',
  busyPercent: 'the part of the time since boot in which it ran something, in percent',
  msr: 'its registers by name: msr.IA32_MCG_CAP',
  banks: 'its machine-check banks, decoded: banks[8]',
  facts: 'all that is known of it, each thing with where it came from: facts()',
  offline: 'takes it out of service; its vcpus go elsewhere: offline()',
  online: 'puts it into service again: online()',
}
