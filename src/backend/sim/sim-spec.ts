// The spec of a simulated host: the words after `--machine` that name one.
//
//   sim   sim:xen-4.17   sim:xen-4.17,pcpus=64,memory=16G,seed=7
//
//   sim [ : ERA ] [ , NAME=VALUE ]...      the values that are not said are those of DEFAULT_HOST
//
// Holds: printSimSpec(host) names the same host again, whoever boots it.
import { XpvError } from '../../base/error.js'
import { eraNamed, isMetal } from './era.js'
import { DEFAULT_HOST, type HostConfig, pcpuCount, wholeHost } from './host-config.js'
import { processorNamed } from './processor.js'

type Choice = Partial<HostConfig>

/** One NAME=VALUE. `read` yields undefined for a value that makes no sense; `print` the value of a
 *  host, undefined where it need not be said. */
interface SpecOption {
  readonly name: string
  /** What a value looks like, for a hint. */
  readonly example: string
  readonly summary: string
  readonly read: (value: string) => Choice | undefined
  readonly print: (host: HostConfig) => string | undefined
}

const MOST_PCPUS = 1024

/** The options of a spec, in the order in which they are printed. */
export const SIM_OPTIONS: readonly SpecOption[] = [
  {
    name: 'pcpus',
    example: '64',
    summary: 'physical CPUs, on two sockets where that is even',
    read: (value) => {
      const count = whole(value, 1, MOST_PCPUS)
      return count === undefined ? undefined : topology(count)
    },
    print: (host) => (isPlain(host) ? differing(host, pcpuCount) : undefined),
  },
  shape('sockets', 'sockets', 'sockets', 64),
  shape('cores', 'coresPerSocket', 'cores of each socket', 256),
  shape('threads', 'threadsPerCore', 'threads of each core', 8),
  size('memory', 'memoryMiB', '16G', 'memory of the host: 16G, 512M, or a number of MiB'),
  size('dom0-memory', 'dom0MemoryMiB', '2G', "dom0's memory"),
  number('dom0-vcpus', 'dom0Vcpus', "dom0's vcpus", [1, 128]),
  number('hz', 'cpuHz', 'cycles a second of a pcpu', [1_000_000, 10_000_000_000], '2.6G'),
  {
    name: 'processor',
    example: 'westmere',
    summary: 'what its processors are',
    read: (value) => ({ processor: processorNamed(value).name }),
    print: (host) => host.processor,
  },
  {
    name: 'msi',
    example: 'off',
    summary: 'message-signalled interrupts, on or off, whatever its era has',
    read: (value) => (value === 'on' || value === 'off' ? { msi: value === 'on' } : undefined),
    print: ({ msi }) => (msi === undefined ? undefined : msi ? 'on' : 'off'),
  },
  {
    name: 'name',
    example: 'xvm2',
    summary: "the host's name",
    read: (value) => (/^[a-z0-9][a-z0-9.-]*$/i.test(value) ? { name: value } : undefined),
    print: (host) => differing(host, ({ name }) => name),
  },
  number('seed', 'seed', 'what decides everything that is chance', [0, 2 ** 32 - 1], '7'),
]

/** Whether a text names a simulated host. A file called sim is ./sim. */
export function isSimSpec(text: string): boolean {
  return /^sim([:,]|$)/.test(text)
}

/** What a spec chooses. Throws `XpvError` `sim.no-era`, `sim.no-option`, `sim.bad-value`. */
export function parseSimSpec(text: string): Choice {
  const [head = '', ...words] = text.split(',')
  const named = head.slice('sim:'.length)
  const era = named === '' ? {} : { era: eraNamed(named).name }
  const choice = Object.assign({}, era, ...words.map(parseOption)) as Choice
  const host = { ...DEFAULT_HOST, ...choice }
  if (isMetal(eraNamed(host.era))) refuseDom0(words)
  const { memoryMiB, dom0MemoryMiB } = isMetal(eraNamed(host.era)) ? wholeHost(host) : host
  if (pcpuCount(host) > MOST_PCPUS) {
    const message = `${pcpuCount(host)} pcpus are more than the ${MOST_PCPUS} that a host can have`
    throw new XpvError('sim.bad-value', message, `sim:${named},pcpus=${MOST_PCPUS}`)
  }
  if (memoryMiB > dom0MemoryMiB) return choice
  throw new XpvError(
    'sim.bad-value',
    `dom0's memory, ${dom0MemoryMiB} MiB, does not fit into the host's ${memoryMiB}`,
    `sim:${named},memory=${2 * dom0MemoryMiB},dom0-memory=${dom0MemoryMiB}`,
  )
}

/** The spec of a host. When it booted is not part of it. */
export function printSimSpec(host: HostConfig): string {
  const isWhole = isMetal(eraNamed(host.era))
  const options = SIM_OPTIONS.flatMap(({ name, print }) => {
    if (isWhole && name.startsWith('dom0-')) return []
    const value = print(host)
    return value === undefined ? [] : [`,${name}=${value}`]
  })
  return `sim:${host.era}${options.join('')}`
}

/** Without a hypervisor there is no dom0 that has a part of the host. */
function refuseDom0(words: readonly string[]): void {
  const word = words.find((each) => each.startsWith('dom0-'))
  if (word === undefined) return
  const message = `${word}: without a hypervisor the operating system has all of the host`
  const hint = 'memory= and pcpus= say how much that is'
  throw new XpvError('sim.no-option', message, hint)
}

function parseOption(word: string): Choice {
  const [, name = word, value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? []
  const option = SIM_OPTIONS.find((each) => each.name === name)
  if (option === undefined) {
    const names = SIM_OPTIONS.map((each) => each.name).join(', ')
    const message = `a simulated host has no option ${name === '' ? "''" : name}`
    throw new XpvError('sim.no-option', message, `there are ${names}`)
  }
  const choice = value === '' ? undefined : option.read(value)
  if (choice !== undefined) return choice
  const message = `${word} is not a value for it: ${option.summary}`
  throw new XpvError('sim.bad-value', message, `${name}=${option.example}`)
}

type NumberField = {
  [K in keyof HostConfig]-?: HostConfig[K] extends number ? K : never
}[keyof HostConfig]

function number(
  name: string,
  field: NumberField,
  summary: string,
  [least, most]: readonly [number, number],
  example = String(DEFAULT_HOST[field]),
): SpecOption {
  return {
    name,
    example,
    summary,
    read: (value) => {
      const count = whole(value, least, most)
      return count === undefined ? undefined : { [field]: count }
    },
    print: (host) => differing(host, (each) => each[field]),
  }
}

/** Part of the topology: said where pcpus= would not say it. */
function shape(name: string, field: NumberField, summary: string, most: number): SpecOption {
  const plain = number(name, field, summary, [1, most])
  return { ...plain, print: (host) => (isPlain(host) ? undefined : String(host[field])) }
}

function size(name: string, field: NumberField, example: string, summary: string): SpecOption {
  return {
    name,
    example,
    summary,
    read: (value) => {
      const mebibytes = parseMebibytes(value)
      return mebibytes === undefined ? undefined : { [field]: mebibytes }
    },
    print: (host) => differing(host, (each) => each[field]),
  }
}

const MOST_MIB = 2 ** 20

function parseMebibytes(text: string): number | undefined {
  const [, digits = '', unit = 'm'] = /^(\d+)([mg])?i?b?$/i.exec(text) ?? []
  const count = digits === '' ? 0 : Number(digits) * (unit.toLowerCase() === 'g' ? 1024 : 1)
  return count >= 256 && count <= MOST_MIB ? count : undefined
}

const SCALE: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

function whole(text: string, least: number, most: number): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(text) ?? []
  const count = Number(digits) * (SCALE[unit.toLowerCase()] ?? 1)
  const isGood = digits !== '' && Number.isSafeInteger(count) && count >= least && count <= most
  return isGood ? count : undefined
}

function topology(pcpus: number): Choice {
  const sockets = pcpus % 2 === 0 ? 2 : 1
  return { sockets, coresPerSocket: pcpus / sockets, threadsPerCore: 1 }
}

/** Whether `pcpus=` says all of the topology. */
function isPlain(host: HostConfig): boolean {
  const plain = { ...host, ...topology(pcpuCount(host)) }
  return (['sockets', 'coresPerSocket', 'threadsPerCore'] as const).every(
    (field) => plain[field] === host[field],
  )
}

function differing(
  host: HostConfig,
  of: (host: HostConfig) => string | number,
): string | undefined {
  const value = of(host)
  return value === of(DEFAULT_HOST) ? undefined : String(value)
}
