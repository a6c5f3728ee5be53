// A domain as `xm list -l` prints it: an s-expression.
//
//   (domain
//       (domid 1)
//       (name web1) ...
//
// Source: XendConfig.py (to_sxp), PrettyPrint.py of 3.1.
import { FRAMES_PER_MIB } from '../../frames.js'
import type { ToolWorld } from '../../tool-world.js'
import { DEVICE_CLASSES, deviceIds, halves } from './devices.js'
import { configOf, type Managed } from './managed.js'

/** A list of words and lists. */
type Sxp = string | readonly Sxp[]

/** What xend says of a domain. */
export function domainSxp(world: ToolWorld, domain: Managed, state: string): Sxp {
  const { domid, name, view, vm } = domain
  const { store } = world
  const config = configOf(store, vm)
  const memory = Math.ceil(view.pages / FRAMES_PER_MIB)
  const image =
    view.type === 'hvm'
      ? ['hvm', ['kernel', config.kernel]]
      : [
          'linux',
          ['kernel', config.kernel],
          ...(config.ramdisk === '' ? [] : [['ramdisk', config.ramdisk]]),
          ...(config.commandLine === '' ? [] : [['args', config.commandLine]]),
        ]
  return [
    'domain',
    ['domid', String(domid)],
    ...(vm === ''
      ? []
      : [
          ['on_crash', config.onCrash],
          ['uuid', config.uuid],
        ]),
    ['vcpus', String(view.maxVcpus)],
    ['name', name],
    ...(vm === ''
      ? []
      : [
          ['on_poweroff', config.onPoweroff],
          ['on_reboot', config.onReboot],
        ]),
    ['cpus', '()'],
    ['maxmem', String(vm === '' ? memory : config.maxMemoryMiB)],
    ['memory', String(memory)],
    ...(vm === '' ? [] : [['image', image]]),
    ['state', state],
    ['cpu_time', String(view.runtimeNs / 1e9)],
    ['online_vcpus', String(view.onlineVcpus)],
    ...DEVICE_CLASSES.flatMap((type) =>
      deviceIds(store, domid, type).map((id) => ['device', deviceSxp(world, domid, { type, id })]),
    ),
  ]
}

/** Prints a list, its own lists each on a line, deeper. */
export function printSxp(sxp: Sxp): string {
  return `${printed(sxp, 0)}\n`
}

function printed(sxp: Sxp, depth: number): string {
  if (typeof sxp === 'string') return /[\s()]/.test(sxp) && sxp !== '()' ? `'${sxp}'` : sxp
  const isFlat = sxp.every((item) => typeof item === 'string')
  if (isFlat) return `(${sxp.map((item) => printed(item, 0)).join(' ')})`
  const indent = `\n${'    '.repeat(depth + 1)}`
  const [head, ...rest] = sxp
  const lines = rest.map((item) => `${indent}${printed(item, depth + 1)}`)
  return `(${printed(head ?? '', depth)}${lines.join('')}\n${'    '.repeat(depth)})`
}

function deviceSxp(
  world: ToolWorld,
  domid: number,
  of: { readonly type: 'vbd' | 'vif'; readonly id: number },
): Sxp {
  const { back } = halves(domid, of)
  const text = (key: string) => world.store.read(`${back}/${key}`) ?? ''
  if (of.type === 'vif') return ['vif', ['mac', text('mac')], ['script', text('script')]]
  const uname = `${text('type')}:${text('params')}`
  return ['vbd', ['uname', uname], ['dev', text('dev')], ['mode', text('mode')]]
}
