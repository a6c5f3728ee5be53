// Workload: what guests do by themselves: their clocks' interrupts, bursts of computing, requests
// to dom0's backend drivers; and the hypercalls and faults of a PV guest that all this makes.
//
//   timer due  ->  wake  ->  [interrupt, iret, perhaps a thread]  ->  computing, or sched_op block
//
// Holds: where a guest is in this is in its vcpus' numbers (`GuestState`, work rows of negative
// kinds), so that it is copied with them; a guest whose domain is paused does nothing.
// Source: which hypercalls, in which order: the trace of a recorded host; how many: guest-model.ts.
import type { Prng } from '../../base/prng.js'
import { GUEST_MODELS, type GuestModel } from './guest-model.js'
import type { Kernel } from './kernel.js'
import { GUEST_KINDS } from './kinds.js'
import type { Dispatcher, GuestWork } from './sched/dispatcher.js'
import { GuestRecords } from './sched/guest-records.js'
import { isHvm } from './sched/hvm-records.js'
import type { SchedRecords } from './sched/sched-records.js'
import { newGuest, type Vcpu } from './sched/vcpu.js'
import { interruptWork, isWorkless, pushWork, type Work } from './sched/work-queue.js'

const TIMER_DUE = GUEST_KINDS
const ANSWERED = GUEST_KINDS + 1
/** Kinds of a guest's own work. */
const SETS_TIMER = -1
const RETURNS = -2
const SWITCHES = -3
const BLOCKS = -4
const COMPUTED = -5
const REQUESTS = -6
const SERVES = -7
/** On virtual hardware: the hypervisor is done, the guest goes on. */
const ENTERS = -8
/** What entering the kernel, switching a thread, a backend's part of a request take. */
const ENTER_NS = 2_500
const THREAD_NS = 90_000
const SERVE_NS = 25_000
const HALT_NS = 3_000
/** A disk's answer. */
const LATENCY_NS = 4_000_000

/** Numbers of what is on its way. */
export interface WorkloadState {
  readonly serial: number
}

/** The guests of one host. */
export class Workload implements GuestWork {
  readonly #kernel: Kernel
  readonly #random: Prng
  readonly #dispatcher: () => Dispatcher
  readonly #records: GuestRecords
  #serial = 0

  constructor(parts: {
    readonly kernel: Kernel
    readonly random: Prng
    readonly records: SchedRecords
    readonly isLinux: boolean
    readonly dispatcher: () => Dispatcher
  }) {
    this.#kernel = parts.kernel
    this.#random = parts.random
    this.#dispatcher = parts.dispatcher
    this.#records = new GuestRecords(parts)
    parts.kernel.on(TIMER_DUE, (key, serial) => this.#timerDue(key, serial))
    parts.kernel.on(ANSWERED, (key, serial) => this.#answered(key, serial))
  }

  save(): WorkloadState {
    return { serial: this.#serial }
  }

  restore(state: WorkloadState): void {
    this.#serial = state.serial
  }

  /** A guest becomes another one: it begins anew. */
  change(vcpus: readonly Vcpu[]): void {
    for (const vcpu of vcpus) {
      vcpu.guest = { ...newGuest(), place: vcpu.guest.place }
      this.notify(vcpu)
    }
  }

  /** An event channel of this vcpu is pending: it is woken, and enters its kernel for it. */
  notify(vcpu: Vcpu): void {
    if (!vcpu.blocked) return
    if (modelOf(vcpu).tickNs > 0) {
      this.#dispatcher().interrupt(vcpu, [{ ns: ENTER_NS, kind: RETURNS }])
    }
    this.#unblock(vcpu)
  }

  feed(vcpu: Vcpu): void {
    const { guest } = vcpu
    if (!guest.started) this.#start(vcpu)
    else if (guest.computing > 0) {
      const entry = this.#random.exponential(1e9 / modelOf(vcpu).entriesPerSecond)
      const ns = Math.max(1, Math.round(Math.min(guest.computing, entry)))
      guest.computing = Math.max(0, guest.computing - ns)
      pushWork(vcpu, ns, COMPUTED)
    } else pushWork(vcpu, HALT_NS, BLOCKS)
  }

  act(vcpu: Vcpu, kind: number, a: number): void {
    const at = this.#dispatcher().pcpuOf(vcpu)
    switch (kind) {
      case SETS_TIMER:
        this.#setTimer(vcpu)
        break
      case RETURNS:
        this.#records.returned(at)
        break
      case ENTERS:
        this.#records.goesOn(at)
        break
      case SWITCHES:
        handled(vcpu, this.#records.switchedThread(at, this.#random.uniform()))
        break
      case COMPUTED:
        this.#computed(vcpu)
        break
      case REQUESTS:
        this.#request(vcpu)
        break
      case SERVES:
        this.#records.sent(at)
        this.#answerIn(this.#random.exponential(LATENCY_NS), a)
        break
      case BLOCKS:
        this.#block(vcpu)
        break
    }
  }

  /** A guest's first moments: its clock is set, its kernel boots. */
  #start(vcpu: Vcpu): void {
    const { guest } = vcpu
    guest.started = true
    if (modelOf(vcpu).tickNs === 0) {
      pushWork(vcpu, HALT_NS, BLOCKS)
      return
    }
    guest.computing = atFirst(vcpu)
    if (guest.computing === 0 && this.#computes(vcpu)) this.#gap(vcpu)
    pushWork(vcpu, ENTER_NS, SETS_TIMER)
  }

  #computes(vcpu: Vcpu): boolean {
    const { gapNs, isFirstOnly } = modelOf(vcpu)
    return gapNs > 0 && (vcpu.vcpu === 0 || !isFirstOnly)
  }

  /** Sets the next interrupt of its clock; a guest that has become one without a clock does not. */
  #setTimer(vcpu: Vcpu): void {
    if (modelOf(vcpu).tickNs === 0) return
    handled(vcpu, this.#records.setTimer(this.#dispatcher().pcpuOf(vcpu)))
    vcpu.guest.timer = ++this.#serial
    this.#kernel.schedule(this.#untilTick(vcpu), TIMER_DUE, vcpu.key, vcpu.guest.timer)
  }

  #untilTick(vcpu: Vcpu): number {
    const { tickNs, idleTickNs, isPeriodic } = modelOf(vcpu)
    if (vcpu.guest.computing > 0) return tickNs
    const idle = idleTickNs[vcpu.vcpu === 0 ? 0 : 1]
    if (!isPeriodic) return this.#random.exponential(idle)
    return idle - (this.#kernel.now % idle)
  }

  #timerDue(key: number, serial: number): void {
    const vcpu = this.#find(key)
    if (vcpu === undefined || vcpu.guest.timer !== serial) return
    vcpu.guest.timer = 0
    const ns = this.#records.interrupts(vcpu, this.#dispatcher().pcpuOf(vcpu))
    const rows = this.#interrupt(modelOf(vcpu))
    this.#dispatcher().interrupt(vcpu, ns === 0 ? rows : [{ ns, kind: ENTERS }, ...rows])
    this.#unblock(vcpu)
  }

  #interrupt(model: GuestModel): Work[] {
    const ns = model.handleNs * (0.4 + 0.3 * this.#random.exponential(1))
    const rows = [
      { ns, kind: SETS_TIMER },
      { ns: ns / 3, kind: RETURNS },
    ]
    if (this.#random.uniform() < model.threads) this.#addThread(rows)
    return rows
  }

  #addThread(rows: Work[]): void {
    rows.push({ ns: ENTER_NS, kind: SWITCHES })
    for (let more = this.#random.below(5); more >= 0; more--) {
      rows.push({ ns: this.#random.exponential(THREAD_NS), kind: RETURNS })
    }
    rows.push({ ns: ENTER_NS, kind: SWITCHES })
  }

  #computed(vcpu: Vcpu): void {
    const model = modelOf(vcpu)
    handled(vcpu, this.#records.entered(this.#dispatcher().pcpuOf(vcpu)))
    if (vcpu.guest.computing > 0 || !this.#computes(vcpu)) return
    if (this.#random.uniform() < model.requests) pushWork(vcpu, ENTER_NS, REQUESTS)
    else this.#gap(vcpu)
  }

  #gap(vcpu: Vcpu): void {
    vcpu.guest.request = ++this.#serial
    const { gapNs } = modelOf(vcpu)
    this.#answerIn(this.#random.exponential(gapNs), vcpu.key, vcpu.guest.request)
  }

  /** Tells dom0's backend of a request; where there is no dom0, time answers. */
  #request(vcpu: Vcpu): void {
    handled(vcpu, this.#records.sent(this.#dispatcher().pcpuOf(vcpu)))
    const server = this.#dispatcher().domains.get(0)?.vcpus[0]
    if (server?.up !== true) {
      this.#gap(vcpu)
      return
    }
    vcpu.guest.request = ++this.#serial
    pushWork(server, SERVE_NS, SERVES, vcpu.key)
    this.notify(server)
  }

  #answerIn(ns: number, key: number, serial = this.#find(key)?.guest.request ?? 0): void {
    this.#kernel.schedule(ns, ANSWERED, key, serial)
  }

  /** What a guest waited for is there: it computes. */
  #answered(key: number, serial: number): void {
    const vcpu = this.#find(key)
    if (vcpu === undefined || serial === 0 || vcpu.guest.request !== serial) return
    vcpu.guest.request = 0
    vcpu.guest.computing += this.#random.exponential(modelOf(vcpu).burstNs)
    this.notify(vcpu)
  }

  #block(vcpu: Vcpu): void {
    const { started, computing } = vcpu.guest
    const rests = isWorkless(vcpu) && started && computing === 0
    if (modelOf(vcpu).tickNs > 0 || isHvm(vcpu)) {
      handled(vcpu, this.#records.blocks(this.#dispatcher().pcpuOf(vcpu), rests))
    }
    if (rests) this.#dispatcher().block(vcpu)
  }

  #unblock(vcpu: Vcpu): void {
    if (!vcpu.blocked) return
    vcpu.blocked = false
    this.#dispatcher().wake(vcpu)
  }

  #find(key: number): Vcpu | undefined {
    return this.#dispatcher().domains.get(key >>> 16)?.vcpus[key & 0xffff]
  }
}

/** What runs goes on in its guest once the hypervisor has handled what it left it for. */
function handled(vcpu: Vcpu, ns: number): void {
  if (ns > 0) interruptWork(vcpu, [{ ns, kind: ENTERS }])
}

/** Nanoseconds that a guest computes before anything else. */
function atFirst(vcpu: Vcpu): number {
  const { burstNs, gapNs, bootNs } = modelOf(vcpu)
  if (burstNs > 0 && gapNs === 0) return Number.POSITIVE_INFINITY
  return vcpu.vcpu === 0 ? bootNs : 0
}

function modelOf(vcpu: Vcpu): GuestModel {
  return GUEST_MODELS[vcpu.domain.model] as GuestModel
}
