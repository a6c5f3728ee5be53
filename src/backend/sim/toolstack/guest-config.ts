// GuestConfig: what a configuration asks for, in one form for both tools.
//
//   Map { name: 'web1', memory: 512, disk: [...] }  ->  { name: 'web1', memoryMiB: 512, ... }
//
// Source: xend's create.py and docs/man/xl.cfg: keys and what holds where one is absent.
import type { ConfigValue } from './config-text.js'

/** What is done with a guest that has ended. */
export type EndAction =
  | 'destroy'
  | 'restart'
  | 'preserve'
  | 'rename-restart'
  | 'coredump-destroy'
  | 'coredump-restart'

/** A disk: what of dom0 the guest sees as which device. */
export interface DiskConfig {
  /** `phy`, `file`, `tap:aio` ...; empty where only a path was given. */
  readonly format: string
  readonly target: string
  /** `xvda`, `hda`, or a number as Sun's guests have it. */
  readonly device: string
  readonly mode: string
}

/** A guest as it is asked for. */
export interface GuestConfig {
  readonly name: string
  readonly type: 'pv' | 'hvm'
  readonly memoryMiB: number
  readonly maxMemoryMiB: number
  readonly vcpus: number
  /** As many as it may ever have. */
  readonly maxVcpus: number
  readonly kernel: string
  readonly ramdisk: string
  /** The kernel's command line. */
  readonly commandLine: string
  readonly disks: readonly DiskConfig[]
  /** Words of each network interface: `bridge=xenbr0`, `mac=...`. */
  readonly vifs: readonly string[]
  /** Pcpus that its vcpus may run on, as a text: `0-3,^1`; empty for all. */
  readonly pcpus: string
  readonly weight: number
  readonly cap: number
  readonly onPoweroff: EndAction
  readonly onReboot: EndAction
  readonly onCrash: EndAction
  readonly localtime: boolean
  readonly uuid: string
}

/** What the values of a configuration ask for. A number that is none is NaN. */
export function guestConfig(values: ReadonlyMap<string, ConfigValue>): GuestConfig {
  const text = (key: string, absent = '') => textOf(values.get(key) ?? absent)
  const number = (key: string, absent: number) => Number(values.get(key) ?? absent)
  const memoryMiB = number('memory', 128)
  const vcpus = number('vcpus', 1)
  const action = (key: string, absent: EndAction) => text(key, absent) as EndAction
  return {
    name: text('name'),
    type: isHvm(values) ? 'hvm' : 'pv',
    memoryMiB,
    maxMemoryMiB: number('maxmem', memoryMiB),
    vcpus,
    maxVcpus: number('maxvcpus', vcpus),
    kernel: text('kernel'),
    ramdisk: text('ramdisk'),
    commandLine: [text('root') && `root=${text('root')}`, text('extra'), text('cmdline')]
      .filter((word) => word !== '')
      .join(' '),
    disks: listOf(values.get('disk')).map(diskConfig),
    vifs: listOf(values.get('vif')),
    pcpus: pcpusOf(values.get('cpus') ?? values.get('cpu') ?? ''),
    weight: number('cpu_weight', 256),
    cap: number('cap', 0),
    onPoweroff: action('on_poweroff', 'destroy'),
    onReboot: action('on_reboot', 'restart'),
    onCrash: action('on_crash', 'restart'),
    localtime: number('localtime', 0) !== 0,
    uuid: text('uuid'),
  }
}

/** A disk as `phy:/dev/dsk/c0d0s3,0,w` says it. */
export function diskConfig(spec: string): DiskConfig {
  const [source = '', device = '', mode = 'r'] = spec.split(',').map((part) => part.trim())
  const [, format = '', target = source] = /^([a-z]+(?::[a-z]+)?):(.*)$/.exec(source) ?? []
  return { format, target, device, mode }
}

/** The number of a device by its name: 51712 for `xvda`, 768 for `hda`, a number for itself;
 *  undefined for what is none. */
export function deviceNumber(name: string): number | undefined {
  const plain = name.replace(/^\/dev\//, '').replace(/:.*$/, '')
  if (/^\d+$/.test(plain)) return Number(plain)
  const [, kind = '', letter = '', part = '0'] = /^(xvd|hd|sd)([a-p])(\d*)$/.exec(plain) ?? []
  const disk = letter.charCodeAt(0) - 'a'.charCodeAt(0)
  if (kind === 'xvd') return 202 * 256 + disk * 16 + Number(part)
  if (kind === 'sd') return 8 * 256 + disk * 16 + Number(part)
  const major = kind !== 'hd' ? undefined : [3, 22, 33, 34, 56, 57, 88, 89][disk >> 1]
  return major === undefined ? undefined : major * 256 + (disk & 1) * 64 + Number(part)
}

/** The pcpus that a text means (`0-3,^1`, `all`); undefined where it makes no sense. */
export function pcpuList(text: string, pcpus: number): readonly number[] | undefined {
  const all = Array.from({ length: pcpus }, (_, n) => n)
  const chosen = new Set<number>()
  for (const part of text.split(',').map((p) => p.trim())) {
    const [, not = '', from = '', to = from] = /^(\^?)(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (part === 'all' || part === '') for (const n of all) chosen.add(n)
    else if (from === '' || Number(to) < Number(from) || Number(to) > 4095) return undefined
    else
      for (let n = Number(from); n <= Number(to); n++) {
        if (not === '') chosen.add(n)
        else chosen.delete(n)
      }
  }
  return [...chosen].sort((a, b) => a - b)
}

function isHvm(values: ReadonlyMap<string, ConfigValue>): boolean {
  const says = [values.get('builder'), values.get('type')].map((v) => textOf(v ?? ''))
  return says.includes('hvm') || /hvmloader$/.test(textOf(values.get('kernel') ?? ''))
}

function textOf(value: ConfigValue): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function listOf(value: ConfigValue | undefined): readonly string[] {
  if (value === undefined || value === '') return []
  return typeof value === 'object' ? value.map(textOf) : [textOf(value)]
}

function pcpusOf(value: ConfigValue): string {
  return typeof value === 'object' ? value.map(textOf).join(',') : textOf(value)
}
