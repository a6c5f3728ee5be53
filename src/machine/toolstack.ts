// Toolstack: dom0's tools as functions, each one command line of xm or xl.
//
//   xm.create('web1', { memoryMiB: 512, vcpus: 2 })   is   xm create web1 memory=512 vcpus=2
//
// Holds: what the tool refuses is thrown with the tool's own words; time passes meanwhile.
import { DISPLAY, type Displayable } from '../base/display.js'
import { XpvError } from '../base/error.js'
import type { ActiveMachine } from './active-machine.js'
import { Domain } from './domain.js'
import type { DomainList } from './domain-list.js'

/** What can be chosen of a guest, over its configuration. */
export interface GuestOptions {
  readonly name?: string
  readonly memoryMiB?: number
  readonly maxMemoryMiB?: number
  readonly vcpus?: number
  /** The pcpus its vcpus may run on: '0-3,^1', or their numbers. */
  readonly pcpus?: string | readonly number[]
  readonly weight?: number
  /** Percent of one pcpu. */
  readonly cap?: number
  readonly kernel?: string
  /** It is created, but does not run until it is unpaused. */
  readonly paused?: boolean
  /** Further keys of a configuration, as the tool reads them. */
  readonly config?: Readonly<Record<string, string | number>>
}

/** What shutdown and reboot take. */
export interface EndOptions {
  /** Until the guest has done it. */
  readonly wait?: boolean
}

/** A domain: itself, its number, or its name. */
export type DomainReference = Domain | number | string

/** What a toolstack works on. */
export interface ToolstackHost {
  /** The machine; throws for one on which nothing can be done. */
  machine(what: string): ActiveMachine
  readonly domains: DomainList
}

const KEYS = {
  name: 'name',
  memoryMiB: 'memory',
  maxMemoryMiB: 'maxmem',
  vcpus: 'vcpus',
  weight: 'cpu_weight',
  cap: 'cap',
  kernel: 'kernel',
} as const

/** `xm` or `xl` as an object. */
export class Toolstack implements Displayable {
  readonly tool: 'xm' | 'xl'
  readonly #host: ToolstackHost

  constructor(tool: 'xm' | 'xl', host: ToolstackHost) {
    this.tool = tool
    this.#host = host
  }

  /** Creates a domain from a configuration of dom0's files. */
  create(config: string, options: GuestOptions = {}): Domain {
    const { domains } = this.#host
    const before = new Set(domains.ids())
    this.command(['create', ...(options.paused === true ? ['-p'] : []), config, ...words(options)])
    const made = domains.ids().find((id) => !before.has(id))
    if (made !== undefined) return domains.at(made)
    throw new XpvError('xm.gone', `the domain of ${config} is gone already`, `${this.tool} list`)
  }

  /** Takes a domain away at once. */
  destroy(domain: DomainReference): void {
    this.command(['destroy', word(domain)])
  }

  /** Asks a guest to shut down. */
  shutdown(domain: DomainReference, options: EndOptions = {}): void {
    this.#end('shutdown', domain, options)
  }

  reboot(domain: DomainReference, options: EndOptions = {}): void {
    this.#end('reboot', domain, options)
  }

  pause(domain: DomainReference): void {
    this.command(['pause', word(domain)])
  }

  unpause(domain: DomainReference): void {
    this.command(['unpause', word(domain)])
  }

  rename(domain: DomainReference, name: string): void {
    this.command(['rename', word(domain), name])
  }

  /** Lets its balloon go to so many MiB. */
  setMemory(domain: DomainReference, memoryMiB: number): void {
    this.command(['mem-set', word(domain), String(memoryMiB)])
  }

  setVcpus(domain: DomainReference, vcpus: number): void {
    this.command(['vcpu-set', word(domain), String(vcpus)])
  }

  /** Lets a vcpu run on these pcpus only. */
  pin(domain: DomainReference, vcpu: number, pcpus: string | readonly number[]): void {
    this.command(['vcpu-pin', word(domain), String(vcpu), pcpuText(pcpus)])
  }

  /** Writes a domain to a file of dom0; it is gone then. */
  save(domain: DomainReference, path: string): void {
    this.command(['save', word(domain), path])
  }

  /** Brings one back from such a file. */
  restore(path: string): Domain {
    const { domains } = this.#host
    const before = new Set(domains.ids())
    this.command(['restore', path])
    const made = domains.ids().find((id) => !before.has(id))
    if (made !== undefined) return domains.at(made)
    throw new XpvError('xm.gone', `the domain of ${path} is gone already`, `${this.tool} list`)
  }

  /** Runs any other of its commands; yields what it printed. Throws `XpvError` `xm.refused` with
   *  the tool's own words. */
  command(argv: readonly string[]): string {
    const line = [this.tool, ...argv]
    const { status, stdout, stderr } = this.#host.machine(line.join(' ')).command(line)
    if (status === 0) return stdout
    const said = (stderr.trim() || stdout.trim()).replace(/^Error: /, '')
    throw new XpvError('xm.refused', `${line.join(' ')}: ${said}`, `${this.tool} list`)
  }

  [DISPLAY](): { readonly 'text/plain': string } {
    const methods =
      'create destroy shutdown reboot pause unpause rename setMemory setVcpus pin save'
    const names = `${methods} restore command`.split(' ').map((name) => `${this.tool}.${name}`)
    return { 'text/plain': names.join('  ') }
  }

  #end(verb: string, domain: DomainReference, { wait }: EndOptions): void {
    this.command([verb, ...(wait === true ? ['-w'] : []), word(domain)])
  }
}

function words(options: GuestOptions): readonly string[] {
  const named = Object.entries(KEYS).flatMap(([name, key]) => {
    const value = options[name as keyof typeof KEYS]
    return value === undefined ? [] : [`${key}=${value}`]
  })
  const more = Object.entries(options.config ?? {}).map(([key, value]) => `${key}=${value}`)
  const pcpus = options.pcpus === undefined ? [] : [`cpus=${pcpuText(options.pcpus)}`]
  return [...named, ...pcpus, ...more]
}

const pcpuText = (pcpus: string | readonly number[]): string =>
  typeof pcpus === 'string' ? pcpus : pcpus.join(',')

function word(domain: DomainReference): string {
  return String(domain instanceof Domain ? domain.domid : domain)
}
