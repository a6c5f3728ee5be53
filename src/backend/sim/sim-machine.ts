// SimMachine: a host with its hypervisor, its dom0 and its hardware, on which time passes when it
// is told to.
//
//   createSimulator({ era: 'xvm-3.1', seed: 7 })  ->  command(['xm', 'create', 'web1'])  ->  ...
//
// Holds: same configuration, same commands, same bytes; a fork has the same future.

import { assert } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import { Prng } from '../../base/prng.js'
import type {
  ActiveMachine,
  CommandOutcome,
  Dom0Process,
  Watch,
} from '../../machine/active-machine.js'
import { type Clock, nanosecondClock } from '../../machine/clock.js'
import type { Capability, MachineSnapshot } from '../../machine/machine.js'
import { known, unknown } from '../../machine/obs.js'
import type {
  CodeFilter,
  ObservationBatch,
  ObservationStream,
  ObserveOptions,
} from '../../machine/observation.js'
import { SimAccess } from './access/sim-access.js'
import { Backends, type BackendsState } from './backends.js'
import { deviceLines } from './boot-lines.js'
import { Bus, type SeenAt } from './bus.js'
import { type Era, eraNamed, isMetal } from './era.js'
import { VIRQ } from './event-channels.js'
import { Files } from './files.js'
import { GuestLife } from './guest-life.js'
import { HostHardware, type HostHardwareState } from './hardware.js'
import {
  DEFAULT_HOST,
  eraOf,
  type HostConfig,
  nsBetween,
  pcpuCount,
  peerName,
  wholeHost,
} from './host-config.js'
import type { Guests } from './hypercalls/xen.js'
import { Hypervisor, type HypervisorState } from './hypervisor.js'
import { Kernel, type KernelState } from './kernel.js'
import { KernelLog } from './kernel-log.js'
import type { MachineChecks } from './machine-check.js'
import { boardOf } from './pci/board.js'
import { PciExpress, type PciState } from './pci.js'
import { Processes, type ProcessesState } from './processes.js'
import { reactionTo } from './reaction.js'
import type { Registers } from './registers.js'
import { Residence } from './residence.js'
import { Scheduler, type SchedulerState } from './scheduler.js'
import { printSimSpec } from './sim-spec.js'
import { clockFrom, rebase, SimStream } from './sim-stream.js'
import { SimWorld } from './sim-world.js'
import { StartedTool } from './started-tool.js'
import { TimeLine } from './time-line.js'
import type { ToolWorld } from './tool-world.js'
import { toolFor, toolsOf } from './toolstack/dom0-tools.js'
import { toolCommands, toolFiles } from './toolstack/toolstack.js'
import { WatchThread, type WatchThreadState } from './watch-thread.js'
import { Xenstore, type XenstoreState } from './xenstore.js'

/** How a simulator is observed. */
export interface SimObserveOptions extends ObserveOptions {
  /** The pass ends when the machine's clock, in nanoseconds since boot, reaches this. Without it
   *  the machine runs for as long as it is pulled. */
  readonly untilNs?: number
}

/** All of a simulated machine, as plain data. */
interface SimState {
  readonly kernel: KernelState
  readonly random: number
  readonly strings: readonly string[]
  readonly scheduler: SchedulerState
  readonly hypervisor: HypervisorState
  readonly processes: ProcessesState
  readonly store: XenstoreState
  readonly files: readonly (readonly [path: string, text: string])[]
  readonly watches: WatchThreadState
  readonly backends: BackendsState
  readonly pci: PciState
  readonly hardware: HostHardwareState
}

/** A simulated host, booted, with dom0 up and no guests. Throws `XpvError` `sim.no-era`. */
export function createSimulator(config: Partial<HostConfig> = {}): SimMachine {
  const { bootedAt } = eraNamed(config.era ?? DEFAULT_HOST.era)
  const host = { ...DEFAULT_HOST, bootedAt, ...config }
  const machine = new SimMachine(isMetal(eraNamed(host.era)) ? wholeHost(host) : host)
  machine.boot()
  return machine
}

/** A simulated host. */
export class SimMachine implements ActiveMachine {
  readonly backend = 'sim'
  readonly capabilities: ReadonlySet<Capability> = new Set(['observe', 'act', 'snapshot'])
  readonly host: HostConfig
  readonly era: Era
  /** Nanoseconds since boot; zero is when it booted. */
  readonly clock: Clock
  readonly kernel = new Kernel()
  readonly bus = new Bus(() => this.kernel.now)
  readonly random: Prng
  readonly scheduler: Scheduler
  readonly hypervisor: Hypervisor
  readonly store: Xenstore
  readonly files = new Files()
  readonly processes: Processes
  /** Its PCI Express hierarchy. */
  readonly pci: PciExpress
  /** What tools of dom0 see. */
  readonly world: ToolWorld
  /** What the typed objects see. */
  readonly access: SimAccess
  /** Where whoever manages its faults lives. */
  readonly residence: Residence
  readonly #watches: WatchThread
  readonly #backends: Backends
  readonly #hardware: HostHardware
  readonly #timeLine: TimeLine
  #peer: SimMachine | undefined

  /** The host of a configuration, not yet booted; beside a first host, the second one. */
  constructor(host: HostConfig, first?: SimMachine) {
    this.host = host
    this.era = eraOf(host)
    this.clock = nanosecondClock(`sim:${host.era}`, host.bootedAt)
    this.random = new Prng(host.seed)
    const { kernel, bus, random, era } = this
    this.scheduler = new Scheduler({ kernel, bus, random, pcpus: pcpuCount(host), era, host })
    const { scheduler } = this
    const seenAt = (): SeenAt => scheduler.place(0, 0)
    const kernelLog = new KernelLog(kernel, this.files)
    this.pci = new PciExpress({
      ...{ kernel, bus, era, seed: host.seed, seenAt, functions: boardOf(host, era) },
      log: (line) => kernelLog.print(line),
      work: (ns, kind, a) => scheduler.work(0, 0, ns, kind, a),
    })
    this.#watches = new WatchThread({ kernel, bus, scheduler, era })
    const life = new GuestLife(
      kernel,
      () => this.hypervisor,
      () => this.store,
    )
    this.#backends = new Backends({
      kernel,
      watches: this.#watches,
      hypervisor: () => this.hypervisor,
      store: () => this.store,
    })
    this.store = new Xenstore({
      fired: (watcher, path) => this.#watches.fired(watcher, path),
      written: (path, value) => {
        life.written(path, value)
        this.#backends.written(path, value)
      },
    })
    const guests = this.#guests(life)
    const step = (): boolean => this.step()
    const above = (): Hypervisor => this.hypervisor
    this.#hardware = new HostHardware({
      ...{ kernel, bus, era, host, scheduler, step },
      pci: this.pci,
      hypervisor: above,
      log: (line) => kernelLog.print(line),
    })
    const hardware = this.#hardware.forHypervisor
    const parts = { kernel, bus, scheduler, random, era, host }
    this.hypervisor = new Hypervisor({ ...parts, guests, hardware })
    const { hypervisor, store: xenstore, files } = this
    this.#peer = first
    kernel.pulse = first?.kernel.pulse
    this.#timeLine = first === undefined ? new TimeLine() : first.#timeLine
    this.#timeLine.add(kernel, first === undefined ? 0 : nsBetween(first.host, host))
    this.processes = new Processes({
      ...{ kernel, bus, hypervisor, random, xenstore, files },
      timeLine: this.#timeLine,
      onHost: (name) => this.#hostNamed(name)?.processes,
    })
    this.world = new SimWorld({
      ...{ hypervisor, store: xenstore, files },
      hostNamed: (name) => this.#hostNamed(name)?.world,
    })
    const { processes, pci } = this
    const { registers, checks } = this.#hardware
    this.residence = new Residence({ kernel, host, access: () => this.access })
    this.access = new SimAccess({ hypervisor, processes, store: xenstore, registers, checks, pci })
  }

  /** The second host of this simulation, which guests can migrate to; this one is its. It boots
   *  when it is first asked for, and time passes on both alike. */
  get peer(): SimMachine {
    this.#peer ??= this.#bootPeer()
    return this.#peer
  }

  /** The registers of its pcpus, and the ways to them. */
  get registers(): Registers {
    return this.#hardware.registers
  }

  /** Its machine-check banks, and the faults that happen to it: `inject`, `run`, `banks`. */
  get checks(): MachineChecks {
    return this.#hardware.checks
  }

  get spec(): string {
    return printSimSpec(this.host)
  }

  get lacks(): readonly string[] {
    return this.era.xenbusProbes ? [] : ['xpv:::xenbus-*']
  }

  get tools(): readonly string[] {
    return toolsOf(this.era)
  }

  toolCommands(tool: string, words: readonly string[] = []): readonly string[] {
    return words.length === 0 ? toolCommands(tool, this.era) : this.files.under('/etc/xen/')
  }

  get nowNs(): number {
    return this.kernel.now
  }

  /** Brings up the hypervisor and dom0. Once, before anything else. */
  boot(): void {
    this.hypervisor.boot()
    this.pci.boot()
    for (const line of this.pci.ids.flatMap((id) => deviceLines(this.era, id))) {
      this.hypervisor.ring.print(line)
    }
    this.#hardware.boot()
    this.store.write('/local/domain/0/name', isMetal(this.era) ? 'Linux' : 'Domain-0')
    this.store.write('/local/domain/0/memory/target', String(this.host.dom0MemoryMiB * 1024))
    for (const [path, text] of toolFiles(this.era)) this.files.write(path, text)
    this.#watches.boot(this.store)
    const daemons = this.era.toolstack === 'xm' ? ['xend'] : []
    for (const name of [...daemons, 'xenstored', 'xenconsoled']) this.processes.daemon(name)
  }

  snapshot(): MachineSnapshot {
    const [major, minor, extra] = this.era.xenVersion
    const isXen = !isMetal(this.era)
    return {
      title: this.era.title,
      xenVersion: isXen
        ? known(`${major}.${minor}${extra}`, 'sim')
        : unknown('there is no hypervisor on this machine'),
      clockHz: known(this.host.cpuHz, 'sim'),
      pcpus: known(this.hypervisor.pcpus, 'sim'),
      inputs: [],
    }
  }

  observe(wants: CodeFilter = () => true, options: SimObserveOptions = {}): ObservationStream {
    return new SimStream(this, wants, options.untilNs ?? Number.POSITIVE_INFINITY)
  }

  watch(
    wants: CodeFilter,
    onBatch: (batch: ObservationBatch, strings: readonly string[]) => void,
  ): Watch {
    const startNs = this.nowNs
    const clock = clockFrom(this)
    const close = this.bus.listen(wants, (batch, strings) => {
      rebase(batch, startNs)
      onBatch(batch, strings)
    })
    return { clock, flush: () => this.bus.flush(), close }
  }

  command(argv: readonly string[]): CommandOutcome {
    this.#refuseHalted()
    const { script, output } = toolFor(argv, this.world)
    const pid = this.processes.spawn(argv[0] ?? '', script)
    const status = this.processes.runToEnd(pid)
    return { status, stdout: output.stdout, stderr: output.stderr }
  }

  start(argv: readonly string[]): Dom0Process {
    this.#refuseHalted()
    const { script, output } = toolFor(argv, this.world)
    return new StartedTool(this.processes, this.processes.spawn(argv[0] ?? '', script), output)
  }

  run(ns: number): void {
    this.#timeLine.runUntil(this.kernel, this.kernel.now + ns)
  }

  /** Lets the next thing happen. False when nothing will ever happen again. */
  step(): boolean {
    return this.#timeLine.step()
  }

  /** A second machine with the same past and, told the same, the same future. What dom0's daemons
   *  are in the middle of comes to its end first, on this machine. */
  fork(): SimMachine {
    const hosts = this.#peer === undefined ? [this] : [this, this.#peer]
    while (!hosts.every(({ processes }) => processes.areIdle)) {
      assert(this.step(), 'a process waits for what never comes')
    }
    const other = new SimMachine(this.host)
    other.kernel.pulse = this.kernel.pulse
    other.#restore(this.#save())
    other.residence.inherit(this.residence)
    if (this.#peer !== undefined) {
      other.#peer = new SimMachine(this.#peer.host, other)
      other.#peer.#restore(this.#peer.#save())
      other.#peer.residence.inherit(this.#peer.residence)
    }
    return other
  }

  close(): void {
    this.bus.flush()
  }

  #bootPeer(): SimMachine {
    const { host, nowNs } = this
    const bootedAt = host.bootedAt + BigInt(nowNs)
    const config = { ...host, name: peerName(host.name), seed: host.seed + 1, bootedAt }
    const peer = new SimMachine(config, this)
    peer.boot()
    return peer
  }

  #hostNamed(name: string): SimMachine | undefined {
    if (name === this.host.name || name === 'localhost') return this
    const isPeer = name === (this.#peer?.host.name ?? peerName(this.host.name))
    return isPeer ? this.peer : undefined
  }

  #refuseHalted(): void {
    const { halted } = this.checks
    if (halted === undefined) return
    throw new XpvError('sim.halted', `the host has stopped: ${halted}`, 'fork before it does')
  }

  #guests(life: GuestLife): Guests {
    return {
      started: (domid) => {
        life.started(domid)
        this.#backends.started(domid)
      },
      destroyed: (domid) => {
        this.processes.domainDestroyed(domid)
        this.registers.forget(domid)
      },
      shutdown: (domid, reason) => {
        this.processes.domainShutDown(domid, reason)
        const reaction = reactionTo(domid, reason, this.world)
        if (reaction !== undefined) this.processes.spawnIn(reaction)
      },
      virq: (virq) => {
        if (virq === VIRQ.mca) this.#hardware.virq()
        else this.store.announce('@releaseDomain')
      },
    }
  }

  #save(): SimState {
    return structuredClone({
      kernel: this.kernel.save(),
      random: this.random.state,
      strings: [...this.bus.strings],
      scheduler: this.scheduler.save(),
      hypervisor: this.hypervisor.save(),
      processes: this.processes.save(),
      store: this.store.save(),
      files: this.files.save(),
      watches: this.#watches.save(),
      backends: this.#backends.save(),
      pci: this.pci.save(),
      hardware: this.#hardware.save(),
    })
  }

  #restore(state: SimState): void {
    for (const text of state.strings) this.bus.text(text)
    this.kernel.restore(state.kernel)
    this.random.state = state.random
    this.scheduler.restore(state.scheduler)
    this.hypervisor.restore(state.hypervisor)
    this.store.restore(state.store)
    this.files.restore(state.files)
    this.#watches.restore(state.watches)
    this.#backends.restore(state.backends)
    this.pci.restore(state.pci)
    this.#hardware.restore(state.hardware)
    this.processes.restore(state.processes)
  }
}
