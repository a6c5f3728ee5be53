// Processes: what runs in dom0. A script's steps become work on one of dom0's vcpus, which the
// scheduler may preempt or move at any moment.
//
//   spawn('xm', script)  ->  pid;  runToEnd(pid)  ->  exit status
//
// Holds: a process does one thing at a time; time passes only in the kernel's queue. What is
// saved are names and pids: a machine is copied when nobody is in the middle of a script.

import { assert } from '../../base/assert.js'
import type { Prng } from '../../base/prng.js'
import { ERRNO } from '../../machine/errno.js'
import type { Bus } from './bus.js'
import { type Course, Dom0Calls, type Pause } from './dom0-calls.js'
import type { Files } from './files.js'
import type { Hypervisor } from './hypervisor.js'
import type { Kernel } from './kernel.js'
import { HYPERVISOR_KINDS } from './kinds.js'
import { ProcessIdentity } from './process-identity.js'
import type { Reply, Script, Step } from './step.js'
import type { TimeLine } from './time-line.js'
import type { Xenstore } from './xenstore.js'

const GO_ON = HYPERVISOR_KINDS
const TIMED_OUT = HYPERVISOR_KINDS + 1
const ARRIVED = HYPERVISOR_KINDS + 10
const FIRST_PID = 421
/** Nanoseconds for asking xenstored, for writing a file, for starting a process. */
const STORE_NS = 14_000
const FILE_NS = 30_000
const FORK_NS = 240_000
const DONE: Reply = { result: 0, out: {} }
/** Nanoseconds from one host to another, and for each byte on a wire of 1 Gbit/s. */
const WIRE_NS = 120_000
const BYTE_NS = 8

/** A script in progress, and those that wait for it. */
interface Thread {
  readonly id: number
  /** Who asks for its exit status, if anybody does. */
  readonly pid: number | undefined
  /** Told its result: who waits on another host. */
  readonly ended: ((result: number) => void) | undefined
  readonly levels: { readonly who: ProcessIdentity; readonly script: Script }[]
  course: Course | undefined
  /** The domain whose end it waits for. */
  awaits: number | undefined
  /** Told apart from what it waited for before. */
  wait: number
}

/** Daemons and the next pid. */
export interface ProcessesState {
  readonly nextPid: number
  readonly nextThread: number
  readonly daemons: readonly DaemonState[]
}

/** One process that lives all the time. */
export interface DaemonState {
  readonly key: string
  readonly name: string
  readonly pid: number
  readonly vcpu: number
  readonly mapped: number
}

/** What another host is asked to do. */
interface Task {
  readonly execname: string
  readonly script: Script
  /** Which connection it came by. */
  readonly connection: string
  readonly isLast: boolean
  readonly ended: (result: number) => void
}

/** What processes run on. */
export interface ProcessesParts {
  readonly kernel: Kernel
  readonly bus: Bus
  readonly hypervisor: Hypervisor
  readonly random: Prng
  readonly xenstore: Xenstore
  readonly files: Files
  readonly timeLine: TimeLine
  /** The processes of the host of a name: this one's own, the second host's. */
  readonly onHost: (name: string) => Processes | undefined
}

/** The processes of dom0. */
export class Processes {
  readonly #parts: ProcessesParts
  readonly #calls: Dom0Calls
  readonly #threads = new Map<number, Thread>()
  readonly #status = new Map<number, number>()
  readonly #daemons = new Map<string, ProcessIdentity>()
  /** On their way here. */
  readonly #tasks = new Map<number, Task>()
  #nextPid = FIRST_PID
  #nextThread = 1

  constructor(parts: ProcessesParts) {
    this.#parts = parts
    this.#calls = new Dom0Calls(parts)
    parts.kernel.on(GO_ON, (id) => this.#goOn(id))
    parts.kernel.on(TIMED_OUT, (id, wait) => this.#timeOut(id, wait))
    parts.kernel.on(ARRIVED, (id) => this.#arrived(id))
  }

  /** Whether nobody is in the middle of anything. */
  get areIdle(): boolean {
    return this.#threads.size === 0 && this.#tasks.size === 0
  }

  /** Starts a process; its pid. */
  spawn(execname: string, script: Script): number {
    const who = this.#process(execname)
    this.#start({ pid: who.pid }, who, script)
    return who.pid
  }

  /** Lets a daemon do something, while time passes. */
  spawnIn(task: {
    readonly execname: string
    readonly of?: number
    readonly script: Script
  }): void {
    this.#start({}, this.#daemonOf(task.execname, task.of), task.script)
  }

  /** The exit status of a process, told once; undefined until it has ended. */
  ended(pid: number): number | undefined {
    const status = this.#status.get(pid)
    this.#status.delete(pid)
    return status
  }

  /** Lets time pass until a process has ended; its exit status. */
  runToEnd(pid: number): number {
    while (!this.#status.has(pid)) {
      assert(this.#parts.timeLine.step(), 'a process waits for what never comes')
    }
    return this.ended(pid) ?? 0
  }

  /** The pid of a daemon, which is started when it was not there. */
  daemon(execname: string, of?: number): number {
    return this.#daemonOf(execname, of).pid
  }

  /** A domain has shut down: who waited for it goes on. */
  domainShutDown(domid: number, reason: number): void {
    this.#answer(domid, reason)
  }

  /** A domain is gone: who waited for its end is told. */
  domainDestroyed(domid: number): void {
    this.#answer(domid, -ERRNO.ESRCH)
  }

  save(): ProcessesState {
    assert(this.areIdle, 'processes are saved in the middle of a script')
    const daemons = [...this.#daemons].map(([key, who]) => {
      const { name, pid, vcpu, mapped } = who
      return { key, name, pid, vcpu, mapped }
    })
    return { nextPid: this.#nextPid, nextThread: this.#nextThread, daemons }
  }

  restore(state: ProcessesState): void {
    this.#nextPid = state.nextPid
    this.#nextThread = state.nextThread
    this.#daemons.clear()
    for (const daemon of state.daemons) this.#daemons.set(daemon.key, this.#made(daemon))
  }

  #start(
    { pid, ended }: { readonly pid?: number; readonly ended?: Thread['ended'] },
    who: ProcessIdentity,
    script: Script,
  ): void {
    const id = this.#nextThread++
    const levels = [{ who, script }]
    const course = undefined
    const thread: Thread = { id, pid, ended, levels, course, awaits: undefined, wait: 0 }
    this.#threads.set(id, thread)
    this.#pause(thread, { kind: 'work', ns: FORK_NS })
  }

  #goOn(id: number): void {
    const thread = this.#threads.get(id)
    assert(thread !== undefined, 'a thread that has ended goes on')
    const pause = thread.course?.next()
    if (pause === undefined) this.#advance(thread, DONE)
    else if (pause.done === true) this.#advance(thread, pause.value)
    else this.#pause(thread, pause.value)
  }

  #pause(thread: Thread, { kind, ns }: Pause): void {
    if (kind === 'wait') this.#parts.kernel.schedule(ns, GO_ON, thread.id)
    else {
      const vcpu = this.#vcpuFor(thread.levels.at(-1)?.who)
      this.#parts.hypervisor.scheduler.work(0, vcpu, ns, GO_ON, thread.id)
    }
  }

  /** Where a process goes on: on the first vcpu once its own is down, elsewhere once it is busy. */
  #vcpuFor(who: ProcessIdentity | undefined): number {
    const { domains, scheduler } = this.#parts.hypervisor
    if (who === undefined) return 0
    if (domains.get(0)?.vcpus[who.vcpu]?.up !== true) who.vcpu = 0
    who.vcpu = scheduler.lessBusy(0, who.vcpu)
    return who.vcpu
  }

  /** Hands a reply to the script, and begins its next step. */
  #advance(thread: Thread, reply: Reply): void {
    let answer = reply
    for (let level = thread.levels.at(-1); level !== undefined; level = thread.levels.at(-1)) {
      const next = this.#next(thread, level.script, answer)
      if (next.done !== true) {
        this.#begin(thread, level.who, next.value)
        return
      }
      thread.levels.pop()
      answer = { result: next.value, out: {} }
    }
    this.#threads.delete(thread.id)
    if (thread.pid !== undefined) this.#status.set(thread.pid, answer.result)
    thread.ended?.(answer.result)
  }

  #next(thread: Thread, script: Script, reply: Reply): IteratorResult<Step, number> {
    try {
      return script.next(reply)
    } catch (error) {
      this.#threads.delete(thread.id)
      throw error
    }
  }

  #begin(thread: Thread, who: ProcessIdentity, step: Step): void {
    thread.course = undefined
    switch (step.kind) {
      case 'run':
        thread.levels.push({ who: this.#process(step.execname), script: step.script })
        this.#pause(thread, { kind: 'work', ns: FORK_NS })
        break
      case 'in':
        thread.levels.push({ who: this.#daemonOf(step.execname, step.of), script: step.script })
        if (step.last === true) this.#daemons.delete(daemonKey(step.execname, step.of))
        this.#pause(thread, { kind: 'work', ns: STORE_NS })
        break
      case 'await-shutdown':
        this.#await(thread, step)
        break
      case 'there':
        this.#reach(thread, step)
        break
      default:
        thread.course = this.#course(who, step)
        this.#goOn(thread.id)
    }
  }

  #course(who: ProcessIdentity, step: Step): Course {
    switch (step.kind) {
      case 'call':
        return this.#calls.call(who, step)
      case 'ioctl':
        return this.#calls.ioctl(who, step)
      case 'device':
        return this.#calls.device(who, step)
      case 'store':
        return this.#store(step)
      case 'file':
        return this.#file(step)
      case 'compute':
        return passing({ kind: 'work', ns: step.ns })
      default:
        return passing({ kind: 'wait', ns: 'ns' in step ? step.ns : 0 })
    }
  }

  *#store(step: Step & { readonly kind: 'store' }): Course {
    const { random, xenstore } = this.#parts
    yield { kind: 'work', ns: STORE_NS + random.below(STORE_NS) }
    if (step.value !== undefined) xenstore.write(step.path, step.value)
    else if (!xenstore.remove(step.path)) return { result: -ERRNO.ENOENT, out: {} }
    return DONE
  }

  *#file(step: Step & { readonly kind: 'file' }): Course {
    yield { kind: 'work', ns: FILE_NS }
    const { files } = this.#parts
    if (step.content !== undefined) files.write(step.path, step.content)
    else if (!files.remove(step.path)) return { result: -ERRNO.ENOENT, out: {} }
    return DONE
  }

  #await(thread: Thread, step: Step & { readonly kind: 'await-shutdown' }): void {
    const domain = this.#parts.hypervisor.domains.get(step.domid)
    const known = domain === undefined ? -ERRNO.ESRCH : domain.shutdown
    if (known !== undefined) this.#later(thread, known)
    else {
      thread.awaits = step.domid
      thread.wait++
      this.#parts.kernel.schedule(step.ns, TIMED_OUT, thread.id, thread.wait)
    }
  }

  /** Hands a script to another host; its result comes back the same way. */
  #reach(thread: Thread, step: Step & { readonly kind: 'there' }): void {
    const { kernel, timeLine, hypervisor, onHost } = this.#parts
    const other = onHost(step.host)
    if (other === undefined) {
      this.#later(thread, -ERRNO.EHOSTUNREACH)
      return
    }
    const { kernel: there } = other.#parts
    const { execname, script, of, last: isLast = false } = step
    const connection = `${execname} of ${hypervisor.host.name} ${of}`
    const ended = (result: number): void => {
      thread.course = answering(result)
      kernel.schedule(timeLine.delayTo(kernel, there, WIRE_NS), GO_ON, thread.id)
    }
    const ns = WIRE_NS + step.bytes * BYTE_NS
    const id = other.#nextThread++
    other.#tasks.set(id, { execname, script, connection, isLast, ended })
    there.schedule(timeLine.delayTo(there, kernel, ns), ARRIVED, id)
  }

  #arrived(id: number): void {
    const task = this.#tasks.get(id)
    assert(task !== undefined, 'what arrives was sent')
    this.#tasks.delete(id)
    const { connection, execname, script, isLast, ended } = task
    const who = this.#daemons.get(connection) ?? this.#process(execname)
    if (isLast) this.#daemons.delete(connection)
    else this.#daemons.set(connection, who)
    this.#start({ ended }, who, script)
  }

  #timeOut(id: number, wait: number): void {
    const thread = this.#threads.get(id)
    if (thread?.awaits === undefined || thread.wait !== wait) return
    this.#later(thread, -ERRNO.ETIMEDOUT)
  }

  #answer(domid: number, result: number): void {
    for (const thread of this.#threads.values()) {
      if (thread.awaits === domid) this.#later(thread, result)
    }
  }

  /** The awaited answer is there: the process is woken and goes on with it. */
  #later(thread: Thread, result: number): void {
    thread.awaits = undefined
    thread.course = answering(result)
    this.#goOn(thread.id)
  }

  #process(name: string): ProcessIdentity {
    const pid = this.#nextPid++
    return this.#made({ name, pid, vcpu: this.#vcpuOf(pid), mapped: 0 })
  }

  #daemonOf(name: string, of?: number): ProcessIdentity {
    const key = daemonKey(name, of)
    const who = this.#daemons.get(key) ?? this.#process(name)
    this.#daemons.set(key, who)
    return who
  }

  #made(of: Omit<DaemonState, 'key'>): ProcessIdentity {
    const { bus, hypervisor } = this.#parts
    const execname = bus.text(of.name.slice(0, 15))
    return new ProcessIdentity({ ...of, execname, dom0: hypervisor.era.dom0 })
  }

  /** dom0's own scheduler spreads processes over its vcpus, the last one first. */
  #vcpuOf(pid: number): number {
    const vcpus = this.#parts.hypervisor.host.dom0Vcpus
    return vcpus - 1 - ((pid - FIRST_PID) % vcpus)
  }
}

/** What tells daemons apart. */
const daemonKey = (name: string, of?: number): string => (of === undefined ? name : `${name} ${of}`)

function* passing(pause: Pause): Course {
  yield pause
  return DONE
}

function* answering(result: number): Course {
  yield { kind: 'work', ns: STORE_NS }
  return { result, out: {} }
}
