// WatchThread: dom0's kernel and the watches it has on xenstore: registered, told, fired.
//
//   a write below a watched node  ->  ENQUEUE (as the message comes in), then FIRE
//
// Holds: what is told is fired once, in order.
// Source: Sun's xenbus_xs.c (process_msg, xenwatch_thread).
import {
  DOM0_XENBUS_WATCH,
  WATCH_ENQUEUE,
  WATCH_FIRE,
  WATCH_REGISTER,
  WATCH_UNREGISTER,
} from '../../machine/observation.js'
import type { Bus } from './bus.js'
import type { Era } from './era.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'
import type { Scheduler } from './scheduler.js'
import type { Xenstore, XenstoreWatcher } from './xenstore.js'

const ENQUEUED = HYPERVISOR_KINDS + 2
const FIRED = HYPERVISOR_KINDS + 3
/** Nanoseconds until xenstored's message is read, and until the watch thread runs. */
const MESSAGE_NS = 18_000
const THREAD_NS = 11_000
/** Nodes that dom0's kernel watches from its boot on: new backends, its own memory target. */
const NODES = ['/local/domain/0/backend', '/local/domain/0/memory/target']
/** Where its code and its structures are. */
const CALLBACK = 0xf79b_2000
const STRUCTURES = 0x0240_0000
const KERNEL_HIGH = 0xffff_ffff
const HEAP_HIGH = { solaris: 0xffff_ff01, linux: 0xffff_8880 } as const

/** One watch on its way. */
interface Told extends XenstoreWatcher {
  readonly path: string
}

/** What is on its way. */
export interface WatchThreadState {
  readonly told: readonly Told[]
  readonly enqueued: number
}

/** The part of dom0's kernel that talks to xenstored. */
export class WatchThread {
  readonly #bus: Bus
  readonly #kernel: Kernel
  readonly #scheduler: Scheduler
  readonly #dom0: 'solaris' | 'linux'
  readonly #isProbed: boolean
  #told: Told[] = []
  /** How many of those were told already. */
  #enqueued = 0

  constructor(parts: {
    bus: Bus
    kernel: Kernel
    scheduler: Scheduler
    era: Era
  }) {
    this.#bus = parts.bus
    this.#kernel = parts.kernel
    this.#scheduler = parts.scheduler
    this.#dom0 = parts.era.dom0
    this.#isProbed = parts.era.xenbusProbes
    parts.kernel.on(ENQUEUED, () => this.#enqueue())
    parts.kernel.on(FIRED, () => this.#fire())
  }

  /** Registers what dom0's kernel watches when it boots. */
  boot(store: Xenstore): void {
    NODES.forEach((node, token) => {
      this.register(store, node, token)
    })
  }

  /** Registers a watch. */
  register(store: Xenstore, node: string, token: number): void {
    this.#say(WATCH_REGISTER, { node, token, path: '' })
    store.watch(node, token)
  }

  /** Takes a watch back. */
  unregister(store: Xenstore, node: string, token: number): void {
    if (store.unwatch(node, token)) this.#say(WATCH_UNREGISTER, { node, token, path: '' })
  }

  /** xenstored says that a watch fired. */
  fired(watcher: XenstoreWatcher, path: string): void {
    this.#told.push({ ...watcher, path })
    this.#kernel.schedule(MESSAGE_NS, ENQUEUED)
    this.#kernel.schedule(MESSAGE_NS + THREAD_NS, FIRED)
  }

  save(): WatchThreadState {
    return { told: [...this.#told], enqueued: this.#enqueued }
  }

  restore(state: WatchThreadState): void {
    this.#told = [...state.told]
    this.#enqueued = state.enqueued
  }

  #enqueue(): void {
    const told = this.#told[this.#enqueued++]
    if (told !== undefined) this.#say(WATCH_ENQUEUE, told)
  }

  #fire(): void {
    this.#enqueued--
    const told = this.#told.shift()
    if (told !== undefined) this.#say(WATCH_FIRE, told)
  }

  /** Kernel threads are Solaris's process 0; Linux gives them pids of their own. */
  #say(what: number, told: Told): void {
    if (!this.#isProbed || !this.#bus.wants(DOM0_XENBUS_WATCH)) return
    const isFired = what === WATCH_FIRE
    const linuxName = isFired ? 'xenwatch' : 'xenbus'
    const isSolaris = this.#dom0 === 'solaris'
    this.#bus.say(DOM0_XENBUS_WATCH, this.#scheduler.place(0, 0), [
      isSolaris ? 0 : 35 + (isFired ? 0 : 1),
      this.#bus.text(isSolaris ? 'sched' : linuxName),
      what,
      this.#bus.text(told.node),
      CALLBACK + 64 * (told.token & 0xff),
      KERNEL_HIGH,
      STRUCTURES + 128 * told.token,
      HEAP_HIGH[this.#dom0],
      this.#bus.text(told.path),
    ])
  }
}
