// Managed: what xend knows of a domain, which it keeps in xenstore below /vm.
//
//   storeConfig('/vm/9c...', config)  ->  name, memory, on_crash, image/kernel, device/vbd/0 ...
//   configOf(store, '/vm/9c...')      ->  the same configuration
//
// Source: XendDomainInfo.py, XendConfig.py of 3.1.
import type { Step } from '../../step.js'
import type { DomainView, StoreView, ToolWorld } from '../../tool-world.js'
import type { DiskConfig, EndAction, GuestConfig } from '../guest-config.js'
import { noDomain } from './refusal.js'
import type { Steps } from './xend.js'

/** A domain that the hypervisor has, and what xend calls it. */
export interface Managed {
  readonly domid: number
  readonly name: string
  /** Its place in xenstore as a domain. */
  readonly path: string
  /** Its place as what it is when it is not running: empty where it has none. */
  readonly vm: string
  readonly view: DomainView
}

/** What is kept in a text that Python prints so. */
const KEYS = {
  memory: (c: GuestConfig) => c.memoryMiB,
  maxmem: (c: GuestConfig) => c.maxMemoryMiB,
  vcpus: (c: GuestConfig) => c.vcpus,
  cpus: (c: GuestConfig) => c.pcpus,
  cpu_weight: (c: GuestConfig) => c.weight,
  cpu_cap: (c: GuestConfig) => c.cap,
  localtime: (c: GuestConfig) => (c.localtime ? 1 : 0),
  on_poweroff: (c: GuestConfig) => c.onPoweroff,
  on_reboot: (c: GuestConfig) => c.onReboot,
  on_crash: (c: GuestConfig) => c.onCrash,
  'image/ostype': (c: GuestConfig) => (c.type === 'hvm' ? 'hvm' : 'linux'),
  'image/kernel': (c: GuestConfig) => c.kernel,
  'image/ramdisk': (c: GuestConfig) => c.ramdisk,
  'image/cmdline': (c: GuestConfig) => c.commandLine,
} as const

/** All domains, by name. */
export function managedDomains(world: ToolWorld): readonly Managed[] {
  return world
    .domains()
    .map((view) => managed(world.store, view))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.domid - b.domid))
}

/** The domain of a name or a number. Throws xm's refusal where there is none. */
export function domainNamed(world: ToolWorld, word: string): Managed {
  const all = managedDomains(world)
  const found = all.find((d) => d.name === word) ?? all.find((d) => String(d.domid) === word)
  if (found === undefined) throw noDomain(word)
  return found
}

/** Writes a node below a path. */
export function* write(path: string, nodes: Readonly<Record<string, unknown>>): Steps<void> {
  for (const [name, value] of Object.entries(nodes)) {
    yield { kind: 'store', path: `${path}/${name}`, value: String(value) } satisfies Step
  }
}

/** Removes a path and all below it. */
export function* remove(path: string): Steps<void> {
  yield { kind: 'store', path }
}

/** Keeps a configuration. */
export function* storeConfig(vm: string, config: GuestConfig): Steps<void> {
  const kept = Object.entries(KEYS).map(([key, of]) => [key, of(config)] as const)
  yield* write(vm, {
    uuid: config.uuid,
    name: config.name,
    ...Object.fromEntries(kept.filter(([, value]) => value !== '')),
    vcpu_avail: availability(config.vcpus),
  })
  for (const [n, disk] of config.disks.entries()) yield* write(`${vm}/device/vbd/${n}`, { ...disk })
  for (const [n, words] of config.vifs.entries()) yield* write(`${vm}/device/vif/${n}`, { words })
}

/** The configuration that was kept. */
export function configOf(store: StoreView, vm: string): GuestConfig {
  const text = (key: keyof typeof KEYS | 'name' | 'uuid') => store.read(`${vm}/${key}`) ?? ''
  const number = (key: keyof typeof KEYS) => Number(text(key))
  return {
    name: text('name'),
    uuid: text('uuid'),
    type: text('image/ostype') === 'hvm' ? 'hvm' : 'pv',
    memoryMiB: number('memory'),
    maxMemoryMiB: number('maxmem'),
    vcpus: number('vcpus'),
    maxVcpus: number('vcpus'),
    kernel: text('image/kernel'),
    ramdisk: text('image/ramdisk'),
    commandLine: text('image/cmdline'),
    disks: devices(store, `${vm}/device/vbd`).map((path) => diskAt(store, path)),
    vifs: devices(store, `${vm}/device/vif`).map((path) => store.read(`${path}/words`) ?? ''),
    pcpus: text('cpus'),
    weight: number('cpu_weight'),
    cap: number('cpu_cap'),
    onPoweroff: text('on_poweroff') as EndAction,
    onReboot: text('on_reboot') as EndAction,
    onCrash: text('on_crash') as EndAction,
    localtime: number('localtime') !== 0,
  }
}

/** A mask of that many vcpus, as xend writes it. */
export function availability(vcpus: number): string {
  return String((1n << BigInt(vcpus)) - 1n)
}

function managed(store: StoreView, view: DomainView): Managed {
  const path = `/local/domain/${view.domid}`
  const vm = store.read(`${path}/vm`) ?? ''
  const known = store.read(`${path}/name`) ?? (vm === '' ? undefined : store.read(`${vm}/name`))
  return { domid: view.domid, name: known ?? `Domain-${view.domid}`, path, vm, view }
}

function devices(store: StoreView, path: string): readonly string[] {
  return [...store.list(path)].sort((a, b) => Number(a) - Number(b)).map((n) => `${path}/${n}`)
}

function diskAt(store: StoreView, path: string): DiskConfig {
  const text = (key: string) => store.read(`${path}/${key}`) ?? ''
  return {
    format: text('format'),
    target: text('target'),
    device: text('device'),
    mode: text('mode'),
  }
}
