// SchedulerTrace: what the hypervisor writes of its scheduling.
//
// Source: xen/common/sched/core.c and public/trace.h; words as facts of `trace-event-table.ts`.
import { DOMID_IDLE } from '../../machine/ids.js'
import type { Bus, SeenAt } from './bus.js'
import { RUNSTATE_NUMBERS, type Runstate } from './vcpu.js'

const RUNSTATE = 0x21001
const CONTINUE = 0x21002
const DOM_ADD = 0x28001
const DOM_REM = 0x28002
const SLEEP = 0x28003
const WAKE = 0x28004
const BLOCK = 0x28006
const SWITCH = 0x2800a
const PREVIOUS = 0x2800e
const NEXT = 0x2800f
const SAME = 0x28011

/** Who was or will be on a pcpu; nobody is the idle vcpu of that pcpu. */
export interface OnPcpu {
  readonly domid: number
  readonly vcpu: number
}

/** Says what a scheduler does. */
export class SchedulerTrace {
  readonly #bus: Bus

  constructor(bus: Bus) {
    this.#bus = bus
  }

  added(at: SeenAt, domid: number): void {
    this.#bus.say(DOM_ADD, at, [domid])
  }

  removed(at: SeenAt, domid: number): void {
    this.#bus.say(DOM_REM, at, [domid])
  }

  slept(at: SeenAt, who: OnPcpu): void {
    this.#bus.say(SLEEP, at, [who.domid, who.vcpu])
  }

  woke(at: SeenAt, who: OnPcpu): void {
    this.#bus.say(WAKE, at, [who.domid, who.vcpu])
  }

  blocked(at: SeenAt, who: OnPcpu): void {
    this.#bus.say(BLOCK, at, [who.domid, who.vcpu])
  }

  /** A vcpu went from one runstate to another. */
  changed(at: SeenAt, who: OnPcpu, from: Runstate, to: Runstate): void {
    const code = RUNSTATE | (RUNSTATE_NUMBERS[from] << 8) | (RUNSTATE_NUMBERS[to] << 4)
    this.#bus.say(code, at, [(who.domid << 16) | who.vcpu])
  }

  /** Another vcpu comes on a pcpu. */
  switched(
    at: SeenAt,
    from: OnPcpu & { readonly ranNs: number },
    to: OnPcpu & { readonly waitedNs: number; readonly sliceNs: number },
  ): void {
    this.#bus.say(PREVIOUS, at, [from.domid, from.vcpu, from.ranNs])
    this.#bus.say(NEXT, at, [to.domid, to.vcpu, to.waitedNs, to.sliceNs])
    this.#bus.say(SWITCH, at, [from.domid, from.vcpu, to.domid, to.vcpu])
  }

  /** The same vcpu stays for another slice. */
  stayed(at: SeenAt, who: OnPcpu, ns: { readonly ran: number; readonly slice: number }): void {
    this.#bus.say(SAME, at, [who.domid, who.vcpu, ns.ran, ns.slice])
    this.#bus.say(CONTINUE, at, [(who.domid << 16) | who.vcpu])
  }
}

/** The idle vcpu of a pcpu. */
export function idleOf(pcpu: number): OnPcpu {
  return { domid: DOMID_IDLE, vcpu: pcpu }
}
