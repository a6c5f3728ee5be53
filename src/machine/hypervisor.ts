// Hypervisor: what is under all domains: its version and build, the scheduler, the host's memory,
// processors and clock, its own messages.
//
//   xen.version  ->  '3.1.2-xvm'      xen.freeBytes  ->  7478444032      xen.console
//
// Holds: every property is asked of the machine when it is read.

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import type { HostAccess, HypervisorFacts, ProcessorFacts } from './host-access.js'
import { carryOut } from './host-action.js'
import { isKnown, type NotKnown, valueOr } from './not-known.js'
import type { Obs } from './obs.js'
import { propertyTable } from './property-table.js'

/** One host's hypervisor. */
export class Hypervisor implements ShownAsPage, Described {
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess) {
    this.#access = access
  }

  get version(): string | NotKnown {
    return valueOr(this.facts().version)
  }

  get capabilities(): string | NotKnown {
    return valueOr(this.facts().capabilities)
  }

  get changeset(): string | NotKnown {
    return valueOr(this.facts().changeset)
  }

  get compiler(): string | NotKnown {
    return valueOr(this.facts().compiler)
  }

  get compileDate(): string | NotKnown {
    return valueOr(this.facts().compileDate)
  }

  get commandLine(): string | NotKnown {
    return valueOr(this.facts().commandLine)
  }

  get scheduler(): string | NotKnown {
    return valueOr(this.facts().scheduler)
  }

  get toolstack(): string | NotKnown {
    return valueOr(this.facts().toolstack)
  }

  get host(): string | NotKnown {
    return valueOr(this.facts().host)
  }

  get processor(): string | NotKnown {
    const processor = valueOr(this.facts().processor)
    return isKnown(processor) ? processorText(processor) : processor
  }

  get pcpus(): number | NotKnown {
    return valueOr(this.facts().pcpus)
  }

  get topology(): string | NotKnown {
    const shape = valueOr(this.facts().shape)
    if (!isKnown(shape)) return shape
    const { sockets, coresPerSocket, threadsPerCore } = shape
    return [
      ...[many(sockets, 'socket'), many(coresPerSocket, 'core'), many(threadsPerCore, 'thread')],
    ].join(' x ')
  }

  get clockHz(): number | NotKnown {
    return valueOr(this.facts().clockHz)
  }

  get memoryBytes(): number | NotKnown {
    return valueOr(this.facts().memoryBytes)
  }

  get freeBytes(): number | NotKnown {
    return valueOr(this.facts().freeBytes)
  }

  get uptimeNs(): number | NotKnown {
    return valueOr(this.facts().uptimeNs)
  }

  get console(): string | NotKnown {
    return valueOr(this.#access().consoleRing())
  }

  /** What the machine tells, each thing with where it came from. */
  facts(): HypervisorFacts {
    return this.#access().hypervisor()
  }

  /** Takes a frame of memory out of service, by its machine frame number; what became of it, in
   *  words. Throws `XpvError` `machine.refused`. */
  offlinePage(mfn: number): string {
    const what = `take page 0x${mfn.toString(16)} offline`
    const note = carryOut(this.#access(), what, (to) => to.offlinePage(mfn))
    return `page 0x${mfn.toString(16)}${note === undefined ? ' is out of service' : `: ${note}`}`
  }

  toJSON(): unknown {
    const { version, scheduler, toolstack, host, processor, pcpus, topology, clockHz } = this
    const { memoryBytes, freeBytes, uptimeNs, commandLine, capabilities } = this
    return {
      ...{ version, scheduler, toolstack, host, processor, pcpus, topology, clockHz },
      ...{ memoryBytes, freeBytes, uptimeNs, commandLine, capabilities },
    }
  }

  [DESCRIBE](): Description {
    return { name: 'xen', summary: 'the hypervisor and its host', members: XEN_MEMBERS }
  }

  [DISPLAY](): Page {
    const version = this.version
    const title = isKnown(version) ? `Xen ${version}` : String(version)
    const style = { members: XEN_MEMBERS, shown: SHOWN, units: UNITS }
    const sources = sourcesText(this.facts())
    return page([title, propertyTable<Hypervisor>(this, style), sources], this.toJSON())
  }
}

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function processorText({ brand, family, model, stepping }: ProcessorFacts): string {
  return `${brand} (family ${family}, model ${model}, stepping ${stepping})`
}

/** Where facts are from, when they are not all from one place. */
function sourcesText(facts: HypervisorFacts): string | undefined {
  const names = new Map<string, string[]>()
  for (const [name, fact] of Object.entries(facts) as [string, Obs<unknown>][]) {
    if (fact.kind === 'known') names.set(fact.from, [...(names.get(fact.from) ?? []), name])
  }
  if (names.size < 2) return undefined
  return [...names]
    .map(([from, what]) => `from ${SOURCES[from] ?? from}: ${what.join(' ')}`)
    .join('\n')
}

const SOURCES: Readonly<Record<string, string>> = {
  metadata: 'what the recording says of itself',
  tool: 'what xl info printed then',
}

const SHOWN = [
  'host',
  'processor',
  'topology',
  'pcpus',
  'clockHz',
  'memoryBytes',
  'freeBytes',
  'uptimeNs',
  'scheduler',
  'toolstack',
  'capabilities',
  'commandLine',
  'changeset',
  'compiler',
  'compileDate',
] as const

const UNITS = { clockHz: 'hz', memoryBytes: 'bytes', freeBytes: 'bytes', uptimeNs: 'ns' } as const

/** What each property and method of the hypervisor says. */
const XEN_MEMBERS: MembersOf<Hypervisor> = {
  version: 'major, minor and extra version',
  capabilities: 'kinds of guest it runs',
  changeset: 'revision it was built from',
  compiler: 'compiler it was built with',
  compileDate: 'when it was built',
  commandLine: 'options it was booted with',
  scheduler: 'who shares out the pcpus: credit or credit2',
  toolstack: 'the tool dom0 controls it with: xm or xl',
  host: "the host's name",
  processor: 'kind of processor',
  pcpus: 'how many physical CPUs',
  topology: 'packages, cores of each, threads of each',
  clockHz: 'cycles a second of the time stamp counter',
  memoryBytes: 'memory of the host, in bytes',
  freeBytes: 'memory that no domain has, in bytes',
  uptimeNs: 'nanoseconds since it booted',
  console: 'its own messages, as xm dmesg prints them',
  facts: 'all that is known of it, each thing with where it came from: facts()',
  offlinePage: 'takes a page of memory out of service, by its frame: offlinePage(0x1234)',
}
