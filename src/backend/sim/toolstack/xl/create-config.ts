// CreateConfig: from the words of `xl create` to what shall be made: the file is read, the words
// added, and everything looked at as xl looks at it.
//
//   ['web1', 'memory=256']  ->  /etc/xen/web1, then memory = 256  ->  DomainSpec, or xl's refusal
//
// Source: tools/xl/xl_vmcontrol.c (main_create, create_domain), xl_parse.c (parse_config_data).
import { type ConfigValue, parseConfig, wordValues } from '../config-text.js'
import { deviceNumber, type GuestConfig, guestConfig, pcpuList } from '../guest-config.js'
import type { CommandLine } from './command.js'
import { type DomainSpec, domainSpec, printJson, specToJson } from './domain-spec.js'
import { LIBXL_FAIL, LIBXL_INVAL } from './errors.js'
import { helpText } from './help.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'

/** What a configuration asks for, or with which exit status xl leaves. */
type ReadConfig =
  | { readonly kind: 'read'; readonly spec: DomainSpec }
  | { readonly kind: 'refused'; readonly status: number }

const ACTIONS = new Set([
  'destroy',
  'restart',
  'rename-restart',
  'preserve',
  'coredump-destroy',
  'coredump-restart',
  'soft-reset',
])
const refused = (status: number): ReadConfig => ({ kind: 'refused', status })

/** Reads what `xl create` is told. */
export function* readConfig(xl: Libxl, line: CommandLine): Steps<ReadConfig> {
  const { values: added, rest } = wordValues(line.words)
  const path = line.flags.get('f') ?? rest[0]
  if (path === undefined) {
    xl.output.error('Config file not specified and none in save file\n')
    return refused(-LIBXL_INVAL)
  }
  if (rest.length > (line.flags.has('f') ? 0 : 1)) {
    xl.output.print(helpText('create'))
    return refused(2)
  }
  const text = path === '/dev/null' ? '' : fileOf(xl, path)
  if (text === undefined) {
    xl.output.error(`Failed to read config file: ${path}: No such file or directory\n`)
    return refused(-LIBXL_FAIL)
  }
  if (!line.flags.has('q')) xl.output.error(`Parsing config from ${path}\n`)
  yield* xl.physinfo()
  const parsed = parseConfig(text)
  if (parsed.kind === 'failed') {
    const { line: at, near } = parsed
    xl.output.error(`${path}:${at}: config parsing error near \`${near.trim()}': syntax error\n`)
    xl.output.error('Failed to parse config: Invalid argument\n')
    return refused(1)
  }
  const read = yield* checked(xl, path, new Map([...parsed.values, ...added]))
  if (read.kind === 'refused' || !line.flags.has('n')) return read
  const { spec } = read
  xl.output.print(`${printJson(specToJson(spec, xl.world.era.scheduler))}\n`)
  return refused(0)
}

/** xl runs where the configurations are. */
function fileOf(xl: Libxl, path: string): string | undefined {
  return xl.world.file(path) ?? xl.world.file(`/etc/xen/${path}`)
}

function* checked(
  xl: Libxl,
  path: string,
  values: ReadonlyMap<string, ConfigValue>,
): Steps<ReadConfig> {
  const config = withNumbers(xl, path, values)
  const before = nameOrVcpus(config, values)
  if (before !== undefined) return said(xl, before)
  yield* xl.physinfo()
  const after = places(config, xl.world.onlinePcpus.length) ?? others(config, path)
  if (after !== undefined) return said(xl, after)
  return { kind: 'read', spec: domainSpec(config, (key) => values.has(key), xl.world) }
}

function said(xl: Libxl, refusal: string): ReadConfig {
  xl.output.error(`${refusal}\n`)
  return refused(1)
}

/** A value that is no number is warned of, and left out. */
function withNumbers(
  xl: Libxl,
  path: string,
  values: ReadonlyMap<string, ConfigValue>,
): GuestConfig {
  const kept = new Map(values)
  for (const key of ['memory', 'maxmem', 'vcpus', 'maxvcpus', 'cpu_weight', 'cap']) {
    const value = values.get(key)
    if (value === undefined || Number.isInteger(Number(value))) continue
    xl.output.error(`${path}: warning: parameter \`${key}' is not a valid number\n`)
    kept.delete(key)
  }
  return guestConfig(kept)
}

function nameOrVcpus(
  config: GuestConfig,
  values: ReadonlyMap<string, ConfigValue>,
): string | undefined {
  const type = values.get('type')
  if (type !== undefined && !['pv', 'hvm', 'pvh'].includes(String(type))) {
    return `Invalid domain type ${type}.`
  }
  if (config.name === '') return 'Domain name must be specified.'
  if (config.vcpus < 0) return 'Unable to allocate cpumap'
  return config.maxVcpus < config.vcpus ? 'xl: maxvcpus < vcpus' : undefined
}

function places(config: GuestConfig, pcpus: number): string | undefined {
  return pcpuList(config.pcpus, pcpus) === undefined
    ? `Invalid pcpu range: ${config.pcpus}.`
    : undefined
}

function others(config: GuestConfig, path: string): string | undefined {
  const { onPoweroff, onReboot, onCrash } = config
  for (const [key, action] of Object.entries({ onPoweroff, onReboot, onCrash })) {
    const name = key.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`)
    if (!ACTIONS.has(action)) return `Unknown ${name} action "${action}" specified`
  }
  for (const disk of config.disks) {
    if (disk.device !== '' && deviceNumber(disk.device) !== undefined) continue
    const problem = disk.device === '' ? 'no vdev specified' : 'unknown value for vdev'
    return `${path}: config parsing error in disk specification: ${problem} in \`${disk.target}'`
  }
  return config.kernel === '' && config.type === 'pv'
    ? 'Neither kernel nor bootloader specified'
    : undefined
}
