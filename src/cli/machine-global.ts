// `machine` at the prompt: what is open, and time on it.
//
//   machine.run('5s')   machine.command('xm list')   machine.inject('cache level=1 pcpu=2')
//   const other = machine.fork()      a second machine with the same past; open(other) goes there
//   machine.peer.command('xm list')   the second host, to which guests migrate
//
// Holds: what only a machine on which time passes can do is refused over a recording.

import { SimMachine } from '../backend/sim/sim-machine.js'
import { DISPLAY, type Displayable } from '../base/display.js'
import { parseDuration } from '../base/duration.js'
import { XpvError } from '../base/error.js'
import type { Table } from '../base/table.js'
import { queriesOn } from '../index.js'
import { type ActiveMachine, type CommandOutcome, isActive } from '../machine/active-machine.js'
import { historyOf, inheritHistory } from '../machine/history.js'
import { hostObjects } from '../machine/host-objects.js'
import { HostSnapshot, noSnapshot } from '../machine/host-snapshot.js'
import type { Machine } from '../machine/machine.js'
import { nsText } from '../machine/quantity.js'
import type { SnapshotDiff } from '../machine/snapshot-diff.js'
import { isCutOff } from '../session/cell-context.js'
import { INTERRUPTED } from '../session/commands/tool-run.js'
import { activeMachine } from '../session/commands/toolstack.js'
import { splitWords } from '../session/words.js'
import { fmaGlobal } from './fma-place.js'
import { infoTable, recordingInfo } from './info.js'
import { InjectedFaults } from './injected-faults.js'
import { inheritInjections, injectInto } from './injections.js'
import { describeMachine } from './machine-text.js'
import type { XentraceWritten } from './write-xentrace.js'
import { type WriteXentraceOptions, writeFromPrompt } from './xentrace-command.js'

/** What a global machine needs to know of the session around it. */
export interface MachineGlobalHost {
  machine(): Machine
  /** Width of charts. */
  columns(): number
  /** Where relative paths start. */
  directory(): string
}

/** A fault as an object: `{ kind: 'cache', level: 1, pcpu: 2 }`. */
type FaultFields = Readonly<Record<string, string | number | bigint | boolean>>

/** Machines whose second host somebody looks at: a fork of one remembers what both have seen. */
const WATCHED_PEERS = new WeakSet<SimMachine>()

/** A machine as the prompt has it. */
export class MachineGlobal implements Displayable {
  readonly #host: MachineGlobalHost

  constructor(host: MachineGlobalHost) {
    this.#host = host
  }

  get spec(): string {
    return this.#host.machine().spec
  }

  /** Nanoseconds since it booted. */
  get nowNs(): number {
    return this.#active('machine.nowNs').nowNs
  }

  /** The host as it is now, as a value to be compared. */
  snapshot(): HostSnapshot {
    const machine = this.#host.machine()
    return new HostSnapshot(machine.snapshot(), machine.access)
  }

  /** What is different now from an earlier snapshot. */
  diff(before: HostSnapshot): SnapshotDiff {
    if (before instanceof HostSnapshot) return before.diff(this.snapshot())
    throw noSnapshot(before)
  }

  /** What has been seen of it, in numbers. */
  info(): Table {
    const machine = this.#host.machine()
    return infoTable(recordingInfo(isActive(machine) ? historyOf(machine) : machine))
  }

  /** Lets time pass: '5s', '1h27m', or nanoseconds. Throws `XpvError` `machine.duration`. */
  run(duration: number | string): Moment {
    const ns = parseDuration(duration)
    if (ns === undefined) {
      const message = `${quoted(duration)} is not a time`
      throw new XpvError('machine.duration', message, "machine.run('5s')")
    }
    const machine = this.#active(`machine.run('${duration}')`)
    const fromNs = machine.nowNs
    try {
      machine.run(ns)
    } catch (thrown) {
      throw isCutOff(thrown) ? stoppedShort(fromNs, machine.nowNs, ns) : thrown
    }
    return momentOf(machine)
  }

  /** Lets the next thing happen, whatever it is. */
  step(): Moment {
    const machine = this.#active('machine.step()')
    machine.step()
    return momentOf(machine)
  }

  /** Runs a command of dom0: its words, or one line of them. */
  command(line: string | readonly string[]): CommandOutcome & Displayable {
    const argv = wordsOf(line)
    const outcome = this.#active(argv.join(' ')).command(argv)
    const status = outcome.status === 0 ? '' : `status ${outcome.status}`
    const text = `${outcome.stdout}${outcome.stderr}${status}`.trimEnd()
    return { ...outcome, [DISPLAY]: () => ({ 'text/plain': text }) }
  }

  /** A second machine with the same past and, told the same, the same future. */
  fork(): ForkedMachine {
    const from = this.#simulated('machine.fork()')
    const fork = from.fork()
    fork.kernel.pulse = from.kernel.pulse
    inheritHistory(fork, from)
    inheritInjections(fork, from)
    if (WATCHED_PEERS.has(from)) {
      inheritHistory(fork.peer, from.peer)
      WATCHED_PEERS.add(fork)
    }
    return new ForkedMachine({ ...this.#host, machine: () => fork })
  }

  /** The second host, which guests can migrate to: asked as a fork is, its time is the same. It
   *  boots when it is first asked for. */
  get peer(): ForkedMachine {
    const first = this.#simulated('machine.peer')
    const { peer, kernel } = first
    WATCHED_PEERS.add(first)
    peer.kernel.pulse = kernel.pulse
    historyOf(peer)
    return new ForkedMachine({ ...this.#host, machine: () => peer })
  }

  /** Lets faults happen: lines of a scenario, or one fault as an object. Which, and where they will
   *  show. */
  inject(fault: string | FaultFields): InjectedFaults {
    const text = typeof fault === 'object' && fault !== null ? lineOf(fault) : fault
    if (typeof text !== 'string') {
      const message = `${quoted(text)} is no fault`
      throw new XpvError('sim.scenario', message, "machine.inject('cache level=1 pcpu=0')")
    }
    return new InjectedFaults(injectInto(this.#simulated('machine.inject(...)'), text), text)
  }

  /** Writes the hypervisor's records: of the past, or `for` the next seconds. */
  writeXentrace(path: string, options: WriteXentraceOptions = {}): XentraceWritten & Displayable {
    return writeFromPrompt(this.#host.machine(), path, options ?? {}, this.#host.directory())
  }

  [DISPLAY](): { readonly 'text/plain': string } {
    const machine = this.#host.machine()
    const text = describeMachine(machine.snapshot())
    if (!isActive(machine)) return { 'text/plain': text }
    return { 'text/plain': `${text}\n  ${machine.spec}, ${momentOf(machine).text}` }
  }

  #active(what: string): ActiveMachine {
    return activeMachine(this.#host.machine(), [what])
  }

  #simulated(what: string): SimMachine {
    const machine = this.#active(what)
    if (machine instanceof SimMachine) return machine
    throw new XpvError('machine.not-simulated', `${what}: ${machine.spec} is not simulated`)
  }
}

/** A machine beside the one that is open: it is asked through its own `on`, `d` and objects. */
export class ForkedMachine extends MachineGlobal {
  readonly on
  readonly d
  readonly xen
  readonly domains
  readonly dom0
  readonly pcpus
  readonly hostbridge
  readonly fma
  readonly #machine: Machine

  constructor(host: MachineGlobalHost) {
    super(host)
    this.#machine = host.machine()
    const { on, d } = queriesOn(this.#machine, { columns: host.columns })
    this.on = on
    this.d = d
    const { xen, domains, dom0, pcpus, hostbridge } = hostObjects(() => this.#machine)
    this.xen = xen
    this.domains = domains
    this.dom0 = dom0
    this.pcpus = pcpus
    this.hostbridge = hostbridge
    this.fma = fmaGlobal(() => this.#machine, host.directory)
  }

  /** The machine itself, for `open`. */
  static machineOf(fork: ForkedMachine): Machine {
    return fork.#machine
  }
}

/** Time that Ctrl-C ended before it had all passed. */
function stoppedShort(fromNs: number, nowNs: number, ns: number): XpvError {
  const passed = `machine.run ended, ${nsText(nowNs - fromNs)} of ${nsText(ns)} have passed`
  return new XpvError(INTERRUPTED, passed, `machine.run(${fromNs + ns - nowNs})`)
}

/** Where a machine is in its time. */
function momentOf(machine: ActiveMachine): Moment {
  const halted = machine instanceof SimMachine ? machine.checks.halted : undefined
  return new Moment(machine.nowNs, halted)
}

/** A point of a machine's time. */
class Moment implements Displayable {
  readonly nowNs: number
  /** Why the host has stopped; undefined while it runs. */
  readonly halted: string | undefined

  constructor(nowNs: number, halted: string | undefined) {
    this.nowNs = nowNs
    this.halted = halted
  }

  get text(): string {
    const since = `${(this.nowNs / 1e9).toFixed(9)} s since boot`
    return this.halted === undefined ? since : `${since}; the host has stopped: ${this.halted}`
  }

  [DISPLAY](): { readonly 'text/plain': string } {
    return { 'text/plain': this.text }
  }
}

/** Words of one command, said as a line or word by word; what else may come is refused. */
function wordsOf(line: unknown): readonly string[] {
  if (typeof line === 'string') {
    const split = splitWords(line)
    const [words = []] = split.kind === 'lines' ? split.lines : []
    if (split.kind === 'lines' && split.lines.length === 1) return words
  }
  if (Array.isArray(line) && line.length > 0) return line.map(String)
  const message = `${quoted(line)} is not one command`
  throw new XpvError('machine.command', message, "machine.command('xm list')")
}

/** A value that makes no sense, as a message shows it. */
function quoted(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : (JSON.stringify(value) ?? typeof value)
}

/** A fault as the line of a scenario that says it. */
function lineOf({ kind, ...fields }: FaultFields): string {
  const words = Object.entries(fields).map(([name, value]) => {
    return typeof value === 'boolean' ? (value ? name : '') : `${name}=${value}`
  })
  return [kind, ...words].join(' ')
}
