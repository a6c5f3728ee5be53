// GuestLife: what a guest's kernel does when dom0 asks it to go: it reads control/shutdown, stops
// its services, and leaves by SCHEDOP_shutdown.
//
//   /local/domain/3/control/shutdown = 'poweroff'  ->  ... seconds later ...  ->  shutdown, 0
//
// Holds: only numbers are on their way, so that a machine can be copied meanwhile.
import type { Hypervisor } from './hypervisor.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'

const LEAVES = HYPERVISOR_KINDS + 4
/** What the tools write, the reason the guest leaves with, and how long it takes to. */
const REQUESTS: ReadonlyMap<string, { readonly reason: number; readonly ns: number }> = new Map([
  ['poweroff', { reason: 0, ns: 3_400_000_000 }],
  ['halt', { reason: 0, ns: 3_100_000_000 }],
  ['reboot', { reason: 1, ns: 3_600_000_000 }],
  ['suspend', { reason: 2, ns: 48_000_000 }],
])
const REQUEST_NODE = /^\/local\/domain\/(\d+)\/control\/shutdown$/

/** The will of guests, as far as dom0 asks for it. */
export class GuestLife {
  readonly #kernel: Kernel
  readonly #hypervisor: () => Hypervisor

  /** The hypervisor is asked for when it is needed. */
  constructor(kernel: Kernel, hypervisor: () => Hypervisor) {
    this.#kernel = kernel
    this.#hypervisor = hypervisor
    kernel.on(LEAVES, (domid, reason) => this.#leave(domid, reason))
  }

  /** Something was written in xenstore. */
  written(path: string, value: string): void {
    const domid = REQUEST_NODE.exec(path)?.[1]
    const request = REQUESTS.get(value)
    if (domid === undefined || request === undefined) return
    const domain = this.#hypervisor().domains.get(Number(domid))
    if (domain === undefined || !domain.started) return
    this.#kernel.schedule(request.ns, LEAVES, domain.domid, request.reason)
  }

  #leave(domid: number, reason: number): void {
    const hypervisor = this.#hypervisor()
    const domain = hypervisor.domains.get(domid)
    if (domain === undefined || domain.shutdown !== undefined) return
    hypervisor.call(
      { domid, vcpu: 0 },
      {
        kind: 'call',
        hypercall: 'sched_op',
        operation: 'shutdown',
        args: { reason },
      },
    )
  }
}
