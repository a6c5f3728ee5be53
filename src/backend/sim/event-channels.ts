// EventChannels: the ports of all domains and what each is bound to.
//
//   alloc_unbound(dom 3, remote 0)  ->  port 1 of dom 3; bind_interdomain makes it two ends
//
// Holds: port 0 is never given; both ends of an interdomain channel name each other.
// Source: xen/common/event_channel.c.

/** What a port is bound to. */
export type Port =
  | { readonly kind: 'unbound'; readonly remote: number }
  | { readonly kind: 'interdomain'; readonly remote: number; readonly remotePort: number }
  | { readonly kind: 'virq'; readonly virq: number; readonly vcpu: number }
  | { readonly kind: 'ipi'; readonly vcpu: number }
  | { readonly kind: 'pirq'; readonly pirq: number }

/** EVTCHNSTAT_* of a port. */
export const PORT_STATUS = { unbound: 1, interdomain: 2, pirq: 3, virq: 4, ipi: 5 } as const
/** EVTCHNSTAT_closed. */
export const PORT_CLOSED = 0
/** Virtual interrupts: time goes on; dom0 is told of a character on the console, of a domain that
 *  has died or been made, of machine checks to be fetched. Source: public/xen.h, arch-x86/xen.h. */
export const VIRQ = { timer: 0, console: 2, domExc: 3, mca: 16 } as const
/** Virtual interrupts of which a domain has one, not one a vcpu. */
const GLOBAL_VIRQS: ReadonlySet<number> = new Set([2, 3, 4, 8, 9, 10, 11, 12, 16])

/** All ports of a host. */
export type ChannelsState = readonly (readonly [
  domid: number,
  ports: readonly (readonly [port: number, bound: Port])[],
])[]

/** The ports of all domains. */
export class EventChannels {
  readonly #domains = new Map<number, Map<number, Port>>()
  readonly #max: number

  /** `max` is how many ports a domain can have, port 0 included. */
  constructor(max: number) {
    this.#max = max
  }

  port(domid: number, port: number): Port | undefined {
    return this.#domains.get(domid)?.get(port)
  }

  count(domid: number): number {
    return this.#domains.get(domid)?.size ?? 0
  }

  /** Binds the lowest free port; undefined when there is none. */
  bind(domid: number, bound: Port): number | undefined {
    const ports = this.#portsOf(domid)
    for (let port = 1; port < this.#max; port++) {
      if (ports.has(port)) continue
      ports.set(port, bound)
      return port
    }
    return undefined
  }

  /** Makes two ends of a local port and a remote one that waits for this domain. The local port;
   *  undefined when the remote one does not wait, or there is no free port. */
  connect(domid: number, remote: number, remotePort: number): number | undefined {
    const waiting = this.port(remote, remotePort)
    if (waiting?.kind !== 'unbound' || waiting.remote !== domid) return undefined
    const local = this.bind(domid, { kind: 'interdomain', remote, remotePort })
    if (local === undefined) return undefined
    const other: Port = { kind: 'interdomain', remote: domid, remotePort: local }
    this.#portsOf(remote).set(remotePort, other)
    return local
  }

  /** Closes a port; the other end waits for this domain again. False when it was not open. */
  close(domid: number, port: number): boolean {
    const bound = this.port(domid, port)
    if (bound === undefined) return false
    this.#portsOf(domid).delete(port)
    if (bound.kind === 'interdomain') {
      this.#portsOf(bound.remote).set(bound.remotePort, { kind: 'unbound', remote: domid })
    }
    return true
  }

  /** The port a domain takes a virtual interrupt on. */
  virqPort(domid: number, virq: number, vcpu = 0): number | undefined {
    for (const [port, bound] of this.#domains.get(domid) ?? []) {
      if (bound.kind !== 'virq' || bound.virq !== virq) continue
      if (GLOBAL_VIRQS.has(virq) || bound.vcpu === vcpu) return port
    }
    return undefined
  }

  /** Moves the delivery of a port to another vcpu. False for one that cannot move. */
  deliverTo(domid: number, port: number, vcpu: number): boolean {
    const bound = this.port(domid, port)
    if (bound === undefined || bound.kind === 'ipi') return false
    if (bound.kind === 'virq') {
      if (!GLOBAL_VIRQS.has(bound.virq)) return false
      this.#portsOf(domid).set(port, { ...bound, vcpu })
    }
    return true
  }

  /** Closes all ports of a domain. */
  closeAll(domid: number): void {
    for (const port of [...(this.#domains.get(domid)?.keys() ?? [])]) this.close(domid, port)
    this.#domains.delete(domid)
  }

  save(): ChannelsState {
    return [...this.#domains].map(([domid, ports]) => [domid, [...ports]] as const)
  }

  restore(state: ChannelsState): void {
    this.#domains.clear()
    for (const [domid, ports] of state) this.#domains.set(domid, new Map(ports))
  }

  #portsOf(domid: number): Map<number, Port> {
    const known = this.#domains.get(domid)
    if (known !== undefined) return known
    const made = new Map<number, Port>()
    this.#domains.set(domid, made)
    return made
  }
}
