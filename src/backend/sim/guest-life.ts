// GuestLife: what a guest's kernel does that tools wait for: it brings its vcpus up, keeps to its
// memory target, and leaves when it is asked to.
//
//   unpaused                                  ->  ... booting ...  ->  VCPUOP_up of its other vcpus
//   cpu/1/availability = 'offline'            ->  VCPUOP_down
//   memory/target = 131072                    ->  its balloon gives frames back, or takes some
//   control/shutdown = 'poweroff'             ->  ... seconds later ...  ->  SCHEDOP_shutdown
//
// Holds: only numbers are on their way, so that a machine can be copied meanwhile; what a guest
// does, it does by hypercalls of its own, on a pcpu that its first vcpu has.
// Source: docs/misc/xenstore-paths; Sun's os/balloon.c; Linux drivers/xen/{manage,cpu_hotplug}.c.

import { FRAMES_PER_MIB, KIB_PER_FRAME } from './frames.js'
import type { Hypervisor } from './hypervisor.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'
import { SHUTDOWN } from './shutdown.js'
import type { CallValues } from './step.js'
import type { StoreView } from './tool-world.js'

/** Its kernel is told: of its end, its vcpus, its memory. */
const LEAVES = HYPERVISOR_KINDS + 4
const VCPUS = HYPERVISOR_KINDS + 7
const BALLOONS = HYPERVISOR_KINDS + 8
/** Its first vcpu has come to do it. */
const DOES: ReadonlyMap<number, number> = new Map([
  [LEAVES, HYPERVISOR_KINDS + 12],
  [VCPUS, HYPERVISOR_KINDS + 13],
  [BALLOONS, HYPERVISOR_KINDS + 14],
])
/** A guest has used the time of its hypercall: nothing follows. */
const SPENT = HYPERVISOR_KINDS + 9
/** What the tools write, the reason the guest leaves with, and how long it takes to. */
const REQUESTS: ReadonlyMap<string, { readonly reason: number; readonly ns: number }> = new Map([
  ['poweroff', { reason: SHUTDOWN.poweroff, ns: 3_400_000_000 }],
  ['halt', { reason: SHUTDOWN.poweroff, ns: 3_100_000_000 }],
  ['reboot', { reason: SHUTDOWN.reboot, ns: 3_600_000_000 }],
  ['suspend', { reason: SHUTDOWN.suspend, ns: 48_000_000 }],
])
const NODE = /^\/local\/domain\/(\d+)\/(control\/shutdown|memory\/target|cpu\/\d+\/availability)$/
/** Nanoseconds a kernel takes to reach its other vcpus, its balloon driver, a watch of its own. */
const VCPUS_NS = 240_000_000
const BALLOON_NS = 620_000_000
const WATCH_NS = 9_000_000
/** MiB a kernel keeps, and by how many bits what it booted with is shifted, below so many MiB. */
const LEAST: readonly (readonly [baseMiB: number, shift: number, below: number])[] = [
  [8, 1, 128],
  [40, 2, 512],
  [104, 3, 2048],
]
/** What it takes until the kernel makes its hypercall. */
const THREAD_NS = 6_000

/** The kernels of guests, as far as dom0's tools deal with them. */
export class GuestLife {
  readonly #kernel: Kernel
  readonly #hypervisor: () => Hypervisor
  readonly #store: () => StoreView

  /** The hypervisor and the store are asked for when they are needed. */
  constructor(kernel: Kernel, hypervisor: () => Hypervisor, store: () => StoreView) {
    this.#kernel = kernel
    this.#hypervisor = hypervisor
    this.#store = store
    this.#does(LEAVES, (domid, reason) => this.#leave(domid, reason))
    this.#does(VCPUS, (domid) => this.#plugVcpus(domid))
    this.#does(BALLOONS, (domid) => this.#balloon(domid))
    kernel.on(SPENT, () => {})
  }

  /** A guest was let go: it boots. */
  started(domid: number): void {
    this.#kernel.schedule(VCPUS_NS, VCPUS, domid)
    this.#kernel.schedule(BALLOON_NS, BALLOONS, domid)
  }

  /** Something was written in xenstore. Dom0 does not leave when it is asked to. */
  written(path: string, value: string): void {
    const [, number, node] = NODE.exec(path) ?? []
    const domain = this.#hypervisor().domains.get(Number(number ?? -1))
    if (domain === undefined || !domain.started) return
    const request = REQUESTS.get(value)
    if (node === 'memory/target') this.#kernel.schedule(WATCH_NS, BALLOONS, domain.domid)
    else if (node !== 'control/shutdown') this.#kernel.schedule(WATCH_NS, VCPUS, domain.domid)
    else if (request !== undefined && domain.domid !== 0) {
      this.#kernel.schedule(request.ns, LEAVES, domain.domid, request.reason)
    }
  }

  /** Lets the first vcpu do something once its kernel was told: when it has a pcpu, and not while
   *  it is paused. */
  #does(told: number, act: (domid: number, a: number) => void): void {
    const done = DOES.get(told) ?? SPENT
    this.#kernel.on(told, (domid, a) => {
      const { domains, scheduler } = this.#hypervisor()
      const isThere = domains.get(domid)?.vcpus[0] !== undefined
      if (isThere) scheduler.work(domid, 0, THREAD_NS, done, domid, a)
    })
    this.#kernel.on(done, (domid, a) => {
      if (this.#isAlive(domid)) act(domid, a)
    })
  }

  #leave(domid: number, reason: number): void {
    this.#call(domid, ['sched_op', 'shutdown', { reason }])
  }

  /** Brings vcpus up or down, as xenstore says; those it does not speak of come up. */
  #plugVcpus(domid: number): void {
    const vcpus = this.#hypervisor().domains.get(domid)?.vcpus ?? []
    vcpus.forEach((vcpu, v) => {
      const node = `/local/domain/${domid}/cpu/${v}/availability`
      const isWanted = this.#store().read(node) !== 'offline'
      if (v === 0 || isWanted === vcpu.up) return
      if (isWanted && !vcpu.initialised) this.#call(domid, ['vcpu_op', 'initialise', { a1: v }])
      this.#call(domid, ['vcpu_op', isWanted ? 'up' : 'down', { a1: v }])
    })
  }

  /** Gives frames back, or takes some, until it has what its target says. */
  #balloon(domid: number): void {
    const target = Number(this.#store().read(`/local/domain/${domid}/memory/target`) ?? Number.NaN)
    if (!Number.isFinite(target)) return
    const { frames, host } = this.#hypervisor()
    const has = frames.ownedBy(domid)
    const least = domid === 0 ? Math.min(has, leastOfDom0(host.dom0MemoryMiB)) : 0
    const more = Math.max(Math.floor(target / KIB_PER_FRAME), least) - has
    if (more === 0) return
    const operation = more > 0 ? 'populate_physmap' : 'decrease_reservation'
    this.#call(domid, ['memory_op', operation, { domid, nr_extents: Math.abs(more) }])
  }

  #isAlive(domid: number): boolean {
    const domain = this.#hypervisor().domains.get(domid)
    return domain !== undefined && domain.shutdown === undefined && domain.pauseCount === 0
  }

  #call(domid: number, what: [hypercall: string, operation: string, args: CallValues]): void {
    const [hypercall, operation, args] = what
    const { scheduler } = this.#hypervisor()
    const step = { kind: 'call', hypercall, operation, args } as const
    const { ns } = this.#hypervisor().call({ domid, vcpu: 0 }, step)
    if (this.#isAlive(domid)) scheduler.work(domid, 0, ns, SPENT)
  }
}

/** Frames that dom0's kernel keeps whatever its target is, by what it booted with: it would not
 *  live with less. Source: minimum_target() of linux-2.6.18-xen's balloon.c. */
function leastOfDom0(bootMiB: number): number {
  const [base, shift] = LEAST.find(([, , below]) => bootMiB < below) ?? [296, 5]
  return base * FRAMES_PER_MIB + ((bootMiB * FRAMES_PER_MIB) >> shift)
}
