// DomainSpec: what libxl keeps of a domain's configuration, as JSON in dom0's files: what a domain
// was made of, so that it can be shown, saved and made again.
//
//   GuestConfig  ->  DomainSpec  <->  JSON of `xl list -l`, of a save file
//
// Source: tools/libs/light/libxl_types.idl; the form of the text is the recorded one's.
import { Prng } from '../../../../base/prng.js'
import type { StoreView, ToolWorld } from '../../tool-world.js'
import type { DiskConfig, EndAction, GuestConfig } from '../guest-config.js'

/** Default size of a guest whose configuration says none. */
const DEFAULT_KIB = 32 * 1024

/** A domain to be made. Sizes in KiB, which may be nonsense: the hypervisor says so. */
export interface DomainSpec {
  readonly name: string
  /** 32 hexadecimal digits. */
  readonly uuid: string
  /** It has hardware of its own. */
  readonly isHvm: boolean
  readonly targetKib: number
  readonly maxKib: number
  readonly vcpus: number
  readonly maxVcpus: number
  readonly weight: number
  readonly cap: number
  readonly kernel: string
  readonly ramdisk: string
  readonly commandLine: string
  readonly disks: readonly DiskConfig[]
  readonly vifs: readonly string[]
  /** As in the configuration: `0-3,^1`; empty for all. */
  readonly pcpus: string
  readonly onPoweroff: EndAction
  readonly onReboot: EndAction
  readonly onCrash: EndAction
}

/** What xl makes of a configuration; `has` says which keys it had. */
export function domainSpec(
  config: GuestConfig,
  has: (key: string) => boolean,
  world: ToolWorld,
): DomainSpec {
  const targetKib = has('memory') ? config.memoryMiB * 1024 : DEFAULT_KIB
  return {
    name: config.name,
    uuid: uuidOf(config.uuid, world),
    isHvm: config.type === 'hvm',
    targetKib,
    maxKib: has('maxmem') ? config.maxMemoryMiB * 1024 : targetKib,
    vcpus: config.vcpus,
    maxVcpus: Math.max(1, config.maxVcpus),
    weight: has('cpu_weight') ? config.weight : 256,
    cap: config.cap,
    kernel: config.kernel,
    ramdisk: config.ramdisk,
    commandLine: config.commandLine,
    disks: config.disks,
    vifs: config.vifs,
    pcpus: config.pcpus,
    onPoweroff: config.onPoweroff,
    onReboot: config.onReboot,
    onCrash: has('on_crash') ? config.onCrash : 'destroy',
  }
}

/** `1b0f-...` with its dashes. */
export function dashed(uuid: string): string {
  return uuid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** The file in which libxl keeps a domain's configuration. */
export function configPath(domid: number, uuid: string): string {
  return `/var/lib/xen/userdata-d.${domid}.${dashed(uuid)}.libxl-json`
}

/** The configuration of a living domain; undefined for one that xl did not make. */
export function specOf(world: ToolWorld, domid: number): DomainSpec | undefined {
  const domain = world.domains().find((d) => d.domid === domid)
  const text = domain && world.file(configPath(domid, domain.handle))
  return text === undefined ? undefined : specFromJson(text)
}

/** A configuration with what has changed since: name, memory, vcpus, weights, devices. */
export function currentSpec(world: ToolWorld, domid: number, spec: DomainSpec): DomainSpec {
  const { store } = world
  const at = (node: string) => store.read(`/local/domain/${domid}/${node}`)
  return {
    ...spec,
    ...world.weight(domid),
    name: at('name') ?? spec.name,
    targetKib: Number(at('memory/target') ?? spec.targetKib),
    maxKib: Number(at('memory/static-max') ?? spec.maxKib),
    vcpus: world.vcpus(domid).filter((v) => at(`cpu/${v.vcpu}/availability`) === 'online').length,
    disks: spec.disks.filter((_, n) => hasDisk(store, domid, n)),
  }
}

/** A configuration as libxl writes it. */
export function specToJson(spec: DomainSpec, scheduler: string): Record<string, unknown> {
  const disks = spec.disks.map(diskToJson)
  const nics = spec.vifs.map((words, devid) => ({ devid, ...wordsToJson(words) }))
  return {
    c_info: {
      type: spec.isHvm ? 'hvm' : 'pv',
      name: spec.name,
      uuid: dashed(spec.uuid),
      run_hotplug_scripts: 'True',
      passthrough: 'disabled',
    },
    b_info: {
      max_vcpus: spec.maxVcpus,
      avail_vcpus: Array.from({ length: spec.vcpus }, (_, n) => n),
      ...(spec.pcpus === '' ? {} : { cpus: spec.pcpus }),
      max_memkb: spec.maxKib,
      target_memkb: spec.targetKib,
      sched_params: { sched: scheduler, weight: spec.weight, cap: spec.cap },
      claim_mode: 'True',
      kernel: spec.kernel,
      cmdline: spec.commandLine,
      ramdisk: spec.ramdisk,
      'type.pv': {},
      arch_arm: {},
      arch_x86: {},
    },
    ...(disks.length === 0 ? {} : { disks }),
    ...(nics.length === 0 ? {} : { nics }),
    on_poweroff: spec.onPoweroff,
    on_reboot: spec.onReboot,
    on_watchdog: 'destroy',
    on_crash: spec.onCrash,
    on_soft_reset: 'soft_reset',
  }
}

/** JSON as libxl prints it: four spaces, and an empty line in what is empty. */
export function printJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}    `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const items = Array.isArray(value)
    ? value.map((item) => printJson(item, inner))
    : Object.entries(value).map(([key, v]) => `${JSON.stringify(key)}: ${printJson(v, inner)}`)
  const body = items.length === 0 ? '\n' : items.map((item) => `\n${inner}${item}`).join(',')
  return `${open}${body}\n${indent}${close}`
}

/** What was written so; undefined for a text that is none. */
export function specFromJson(text: string): DomainSpec | undefined {
  let json: Readonly<Record<string, Readonly<Record<string, never>>>>
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const c = json['c_info']
  const b = json['b_info']
  if (c === undefined || b === undefined) return undefined
  const { weight, cap } = b['sched_params'] ?? { weight: 256, cap: 0 }
  return {
    name: String(c['name']),
    uuid: String(c['uuid']).replaceAll('-', ''),
    isHvm: c['type'] === 'hvm',
    targetKib: Number(b['target_memkb']),
    maxKib: Number(b['max_memkb']),
    vcpus: listOf(b['avail_vcpus']).length,
    maxVcpus: Number(b['max_vcpus']),
    weight,
    cap,
    kernel: String(b['kernel']),
    ramdisk: String(b['ramdisk']),
    commandLine: String(b['cmdline']),
    disks: listOf(json['disks']).map(diskFromJson),
    vifs: listOf(json['nics']).map(wordsFromJson),
    pcpus: String(b['cpus'] ?? ''),
    onPoweroff: String(json['on_poweroff']) as EndAction,
    onReboot: String(json['on_reboot']) as EndAction,
    onCrash: String(json['on_crash']) as EndAction,
  }
}

function diskToJson(disk: DiskConfig): Record<string, unknown> {
  return {
    pdev_path: disk.target,
    vdev: disk.device,
    backend: disk.format === 'phy' ? 'phy' : 'qdisk',
    format: 'raw',
    removable: 1,
    readwrite: disk.mode === 'w' || disk.mode === 'rw' ? 1 : 0,
  }
}

function diskFromJson(disk: unknown): DiskConfig {
  return {
    format: fieldOf(disk, 'backend') === 'phy' ? 'phy' : 'file',
    target: String(fieldOf(disk, 'pdev_path')),
    device: String(fieldOf(disk, 'vdev')),
    mode: fieldOf(disk, 'readwrite') === 1 ? 'w' : 'r',
  }
}

/** `bridge=xenbr0, mac=...` by its keys. */
function wordsToJson(words: string): Record<string, string> {
  const pairs = words.split(',').map((word) => word.trim().split('='))
  return Object.fromEntries(
    pairs.flatMap(([key = '', value]) => (value === undefined ? [] : [[key, value]])),
  )
}

function wordsFromJson(nic: unknown): string {
  const pairs = Object.entries(nic ?? {}).filter(([key]) => key !== 'devid')
  return pairs.map(([key, value]) => `${key}=${value}`).join(',')
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function hasDisk(store: StoreView, domid: number, index: number): boolean {
  return store.list(`/libxl/${domid}/device/vbd`).length > index
}

/** The one that was asked for, or one of this moment's own. */
function uuidOf(asked: string, world: ToolWorld): string {
  const digits = asked.replaceAll('-', '').toLowerCase()
  if (/^[0-9a-f]{32}$/.test(digits)) return digits
  const moment = world.nowNs + world.host.seed * 7919
  const random = new Prng((moment ^ Math.floor(moment / 2 ** 32)) >>> 0)
  const made = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')
  return `${made.slice(0, 12)}4${made.slice(13, 16)}${'89ab'[random.below(4)]}${made.slice(17)}`
}
