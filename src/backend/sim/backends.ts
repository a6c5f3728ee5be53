// Backends: the halves of split drivers that dom0's kernel runs. A tool writes a backend's node;
// its driver answers there, connects to the guest's half once that runs, and lets go when told.
//
//   .../backend/vbd/3/51712/state = 1  ->  2 (waits)  ->  4 (connected)  ...  5  ->  6 (closed)
//
// Holds: what is on its way is a path and a value, told apart by number, so that a machine can be
// copied meanwhile.
// Source: xen/include/public/io/xenbus.h; Sun's xvdi.c and Linux's xenbus_probe_backend.c.
import type { Hypervisor } from './hypervisor.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'
import type { WatchThread } from './watch-thread.js'
import type { Xenstore } from './xenstore.js'

const WRITES = HYPERVISOR_KINDS + 5
const CONNECTS = HYPERVISOR_KINDS + 6
/** A vcpu of dom0 has come to connect. */
const JOINS = HYPERVISOR_KINDS + 15
const ROOT = '/local/domain/0/backend'
const STATE_NODE = /^\/local\/domain\/0\/backend\/([^/]+)\/(\d+)\/([^/]+)\/state$/
/** XenbusState* as they are written. */
const INITIALISING = '1'
const INIT_WAIT = '2'
const CONNECTED = '4'
const CLOSING = '5'
const CLOSED = '6'
/** Nanoseconds a driver takes to look at a new device, to close one; a guest's kernel takes to
 *  come to its drivers. */
const PROBE_NS = 3_800_000
const CLOSE_NS = 1_600_000
const BOOT_NS = 900_000_000
/** What dom0's kernel takes to connect, the mapping itself apart. */
const CONNECT_NS = 24_000
/** The first grant of a ring: those before are the console's and xenstore's. */
const FIRST_RING_GRANT = 8
/** Tokens of the watches on guests' halves. */
const FIRST_TOKEN = 16

/** What a driver will write, and who is told of by which watch. */
export interface BackendsState {
  readonly pending: readonly (readonly [id: number, path: string, value: string])[]
  readonly next: number
  readonly tokens: readonly (readonly [node: string, token: number])[]
}

/** Dom0's backend drivers. */
export class Backends {
  readonly #kernel: Kernel
  readonly #hypervisor: () => Hypervisor
  readonly #watches: WatchThread
  #pending = new Map<number, readonly [path: string, value: string]>()
  #tokens = new Map<string, number>()
  #next = 1

  /** The store and the hypervisor are asked for when they are needed. */
  constructor(parts: {
    readonly kernel: Kernel
    readonly watches: WatchThread
    readonly hypervisor: () => Hypervisor
    readonly store: () => Xenstore
  }) {
    this.#kernel = parts.kernel
    this.#watches = parts.watches
    this.#hypervisor = parts.hypervisor
    this.#store = parts.store
    parts.kernel.on(WRITES, (id) => this.#write(id))
    parts.kernel.on(CONNECTS, (domid) => {
      this.#hypervisor().scheduler.work(0, 0, CONNECT_NS, JOINS, domid)
    })
    parts.kernel.on(JOINS, (domid) => this.#connect(domid))
  }

  readonly #store: () => Xenstore

  /** Something was written in xenstore. */
  written(path: string, value: string): void {
    const match = STATE_NODE.exec(path)
    if (match === null) return
    const node = path.slice(0, -'/state'.length)
    if (value === INITIALISING) {
      this.#watchOther(node)
      this.#later(PROBE_NS, path, INIT_WAIT)
      if (this.#hasStarted(Number(match[2]))) {
        this.#kernel.schedule(2 * PROBE_NS, CONNECTS, Number(match[2]))
      }
    } else if (value === CLOSING) {
      this.#later(CLOSE_NS, path, CLOSED)
    } else if (value === CLOSED) this.#unwatchOther(node)
  }

  /** A guest was let go: once its kernel is up, its drivers connect. */
  started(domid: number): void {
    this.#kernel.schedule(BOOT_NS, CONNECTS, domid)
  }

  save(): BackendsState {
    const pending = [...this.#pending].map(([id, [path, value]]) => [id, path, value] as const)
    return { pending, next: this.#next, tokens: [...this.#tokens] }
  }

  restore(state: BackendsState): void {
    this.#pending = new Map(state.pending.map(([id, path, value]) => [id, [path, value]]))
    this.#tokens = new Map(state.tokens)
    this.#next = state.next
  }

  #later(ns: number, path: string, value: string): void {
    const id = this.#next++
    this.#pending.set(id, [path, value])
    this.#kernel.schedule(ns, WRITES, id)
  }

  /** A device that is gone by now is not written to. */
  #write(id: number): void {
    const [path, value] = this.#pending.get(id) ?? ['', '']
    this.#pending.delete(id)
    if (this.#store().read(path) !== undefined) this.#store().write(path, value)
  }

  #hasStarted(domid: number): boolean {
    return this.#hypervisor().domains.get(domid)?.started === true
  }

  /** The guest's half is there: rings are mapped, both ends say so. */
  #connect(domid: number): void {
    const domain = this.#hypervisor().domains.get(domid)
    if (domain === undefined || domain.shutdown !== undefined) return
    let reference = FIRST_RING_GRANT
    for (const node of this.#devicesOf(domid)) {
      if (this.#store().read(`${node}/state`) !== INIT_WAIT) continue
      this.#mapRing(domid, reference++)
      const frontend = this.#store().read(`${node}/frontend`)
      if (frontend !== undefined) this.#store().write(`${frontend}/state`, CONNECTED)
      this.#store().write(`${node}/state`, CONNECTED)
    }
  }

  #devicesOf(domid: number): readonly string[] {
    const store = this.#store()
    return store.list(ROOT).flatMap((type) => {
      const of = `${ROOT}/${type}/${domid}`
      return store.list(of).map((device) => `${of}/${device}`)
    })
  }

  #mapRing(domid: number, reference: number): void {
    this.#hypervisor().call(
      { domid: 0, vcpu: 0 },
      {
        kind: 'call',
        hypercall: 'grant_table_op',
        operation: 'map_grant_ref',
        args: { count: 1 },
        more: { domid, reference },
      },
    )
  }

  #watchOther(node: string): void {
    const frontend = this.#store().read(`${node}/frontend`)
    if (frontend === undefined || this.#tokens.has(`${frontend}/state`)) return
    const token = FIRST_TOKEN + this.#next++
    this.#tokens.set(`${frontend}/state`, token)
    this.#watches.register(this.#store(), `${frontend}/state`, token)
  }

  #unwatchOther(node: string): void {
    const watched = `${this.#store().read(`${node}/frontend`) ?? ''}/state`
    const token = this.#tokens.get(watched)
    if (token === undefined) return
    this.#tokens.delete(watched)
    this.#watches.unregister(this.#store(), watched, token)
  }
}
