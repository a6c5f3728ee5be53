// RecordedAccess: the raw things of a host that a recording was made of: whom it saw and when, what
// the tools printed that lies beside it; for all else the reason why it cannot know.
//
// Holds: nothing can be changed; the recording is read once, when somebody first asks whom it saw.

import type { BoardFacts } from '../../machine/board-facts.js'
import { tickToNs } from '../../machine/clock.js'
import type {
  BanksFacts,
  DomainFacts,
  Found,
  HostAccess,
  HypervisorFacts,
  MsrUnknown,
  PcpuFacts,
  PortFacts,
  Sighting,
  VcpuFacts,
} from '../../machine/host-access.js'
import type { DomainId, PcpuId, VcpuId } from '../../machine/ids.js'
import type { Machine } from '../../machine/machine.js'
import type { MemoryShape } from '../../machine/memory-map.js'
import { known, type Obs, unknown } from '../../machine/obs.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { parseLspci } from '../../machine/pci/parse-lspci.js'
import { pcpuPlace } from '../../machine/pcpu-place.js'
import {
  type Seen,
  type SeenVcpu,
  type Sightings,
  sightingsIn,
} from '../../trace/recording/sightings.js'
import { xlInfoFacts } from '../../trace/recording/xl-info.js'

/** What the tools printed when the recording was made. */
export interface RecordedTexts {
  readonly 'xl-info'?: string
  readonly 'xl-dmesg'?: string
  readonly lspci?: string
}

const HAPPENED = 'a recording tells what happened, not what is'
const NO_MEMORY = `${HAPPENED}: memory_op calls say what was asked for`
const NO_NAMES = `${HAPPENED}: names are in xenstore`
const NO_REGISTERS = 'a recording has no processor whose registers could be read'
const NO_INFO = 'the recording has no output of xl info'

/** What a recording tells of its host. */
export class RecordedAccess implements HostAccess {
  readonly actions = undefined
  readonly isMetal = false
  readonly #machine: Machine
  readonly #texts: RecordedTexts
  readonly #host: string | undefined
  #seen: Seer | undefined

  constructor(machine: Machine, host: string | undefined, texts: RecordedTexts) {
    this.#machine = machine
    this.#host = host
    this.#texts = texts
  }

  now(): Obs<number> {
    const { sightings, toNs } = this.#sightings()
    return toNs(sightings.lastTick)
  }

  hypervisor(): HypervisorFacts {
    const { xenVersion, clockHz, pcpus, inputs } = this.#machine.snapshot()
    const hasCycles = inputs.some(({ format }) => format === 'xentrace')
    const text = this.#texts['xl-info']
    const noInfo = unknown(NO_INFO)
    return {
      capabilities: noInfo,
      changeset: text === undefined ? noInfo : unknown('xl info printed none'),
      compiler: noInfo,
      compileDate: noInfo,
      commandLine: noInfo,
      scheduler: noInfo,
      toolstack: noInfo,
      host: this.#host === undefined ? noInfo : known(this.#host, 'metadata'),
      processor: unknown('neither a trace nor xl info names the processor'),
      shape: noInfo,
      pcpus,
      memoryBytes: noInfo,
      freeBytes: noInfo,
      ...(text === undefined ? {} : xlInfoFacts(text)),
      version: xenVersion,
      clockHz: hasCycles ? clockHz : unknown('dom0 counts nanoseconds, not cycles'),
      uptimeNs: unknown(`${HAPPENED}: its time begins when the recording does`),
    }
  }

  domains(): Found<DomainFacts> {
    const { sightings, sighting, toNs } = this.#sightings()
    const domains = [...sightings.domains.values()].sort((a, b) => a.domid - b.domid)
    const items = domains.map((seen): DomainFacts => {
      const { domid, createdTick, removedTick } = seen
      const unseenMemory = unknown(NO_MEMORY)
      const isGone = removedTick !== undefined
      return {
        domid: domid as DomainId,
        name: unknown(NO_NAMES),
        handle: unknown(NO_NAMES),
        type: unknown(HAPPENED),
        state: isGone ? known('dying', 'trace') : unknown(HAPPENED),
        shutdownReason: unknown(HAPPENED),
        memoryBytes: unseenMemory,
        maxMemoryBytes: unseenMemory,
        maxVcpus: unknown(`${HAPPENED}: .vcpus are those that were seen`),
        runtimeNs: unknown(`${HAPPENED}: xdt:sched::on-cpu and off-cpu say when its vcpus ran`),
        createdNs: createdTick === undefined ? unknown('it was there before') : toNs(createdTick),
        weight: unknown(HAPPENED),
        capPercent: unknown(HAPPENED),
        seen: sighting(seen),
      }
    })
    return { items, partial: 'domains that did nothing, and that no call named, were not seen' }
  }

  vcpus(domid: DomainId): Found<VcpuFacts> {
    const { sightings, sighting } = this.#sightings()
    const vcpus = [...sightings.vcpus.values()].filter((vcpu) => vcpu.domid === domid)
    const items = vcpus
      .sort((a, b) => a.vcpu - b.vcpu)
      .map((seen) => ({ ...recordedVcpu(seen), seen: sighting(seen) }))
    return { items, partial: 'vcpus that did nothing were not seen' }
  }

  pcpus(): Found<PcpuFacts> {
    const { sightings, sighting } = this.#sightings()
    const count = this.hypervisor().pcpus
    const { shape } = this.hypervisor()
    const seen = [...sightings.pcpus.keys()].sort((a, b) => a - b)
    const all = count.kind === 'known' ? Array.from({ length: count.value }, (_, n) => n) : seen
    const never = unknown('it was not seen')
    const items = [...new Set([...all, ...seen])].map((pcpu): PcpuFacts => {
      const sighted = sightings.pcpus.get(pcpu)
      return {
        pcpu: pcpu as PcpuId,
        isOnline: sighted === undefined ? unknown(HAPPENED) : known(true, 'trace'),
        place: shape.kind === 'known' ? known(pcpuPlace(shape.value, pcpu), shape.from) : shape,
        running: unknown(HAPPENED),
        idleNs: unknown(HAPPENED),
        overNs: this.now(),
        seen:
          sighted === undefined ? { firstNs: never, lastNs: never, rows: 0 } : sighting(sighted),
      }
    })
    return count.kind === 'known'
      ? { items }
      : { items, partial: `there may be more: ${count.reason}` }
  }

  domain(domid: DomainId): DomainFacts | undefined {
    return this.domains().items.find((each) => each.domid === domid)
  }

  vcpu(domid: DomainId, vcpu: VcpuId): VcpuFacts | undefined {
    return this.vcpus(domid).items.find((each) => each.vcpu === vcpu)
  }

  pcpu(pcpu: PcpuId): PcpuFacts | undefined {
    return this.pcpus().items.find((each) => each.pcpu === pcpu)
  }

  readMsr(): MsrUnknown {
    return { kind: 'unknown', reason: NO_REGISTERS }
  }

  writeMsr(): MsrUnknown {
    return { kind: 'unknown', reason: NO_REGISTERS }
  }

  banks(): Obs<BanksFacts> {
    return unknown('a recording has no machine-check banks that could be read')
  }

  bootedNs(): Obs<bigint> {
    return unknown('a trace does not say what time of day it was')
  }

  board(): Obs<BoardFacts> {
    return unknown('the recording has nothing of the firmware')
  }

  memory(): Obs<MemoryShape> {
    return unknown('neither a trace nor xl info tells which DIMM an address is on')
  }

  pci(): Obs<readonly PciListing[]> {
    const { lspci } = this.#texts
    return lspci === undefined
      ? unknown('the recording has no output of lspci -xxxx')
      : known(parseLspci(lspci), 'tool')
  }

  consoleRing(): Obs<string> {
    const text = this.#texts['xl-dmesg']
    return text === undefined
      ? unknown('the recording has no output of xl dmesg')
      : known(text, 'tool')
  }

  ports(): Obs<readonly PortFacts[]> {
    return unknown(`${HAPPENED}: event_channel_op calls say what was bound`)
  }

  grants(): Obs<{ readonly frames: number; readonly mapped: number }> {
    return unknown(HAPPENED)
  }

  #sightings(): Seer {
    this.#seen ??= seerOf(this.#machine)
    return this.#seen
  }
}

/** Whom a recording saw, and how its ticks become nanoseconds. */
interface Seer {
  readonly sightings: Sightings
  readonly toNs: (tick: number) => Obs<number>
  readonly sighting: (seen: Seen) => Sighting
}

function seerOf(machine: Machine): Seer {
  const stream = machine.observe(() => true, { order: 'vcpu' })
  try {
    const sightings = sightingsIn(stream)
    const { clock } = stream
    const ns = clock.hz === undefined ? undefined : tickToNs(clock)
    const toNs = (tick: number): Obs<number> =>
      ns === undefined
        ? unknown(`${clock.source} does not say how many cycles make a second: pass --hz`)
        : known(ns(tick), 'trace')
    const sighting = ({ firstTick, lastTick, rows }: Seen): Sighting => {
      return { firstNs: toNs(firstTick), lastNs: toNs(lastTick), rows }
    }
    return { sightings, toNs, sighting }
  } finally {
    stream.close()
  }
}

function recordedVcpu({ domid, vcpu, pcpu, moves }: SeenVcpu): VcpuFacts {
  const inGuest = unknown('only dom0 was recorded, which cannot know where its vcpus run')
  return {
    domid: domid as DomainId,
    vcpu: vcpu as VcpuId,
    state: unknown(HAPPENED),
    pcpu: pcpu === undefined ? inGuest : known(pcpu as PcpuId, 'trace'),
    affinity: unknown(HAPPENED),
    ns: unknown(HAPPENED),
    migrations: pcpu === undefined ? inGuest : known(moves, 'trace'),
  }
}
