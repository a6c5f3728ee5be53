// What `xl info` printed, as facts of a hypervisor: a recording that has it knows more than what
// happened.
//
//   xen_version            : 4.17.7   ->   version: known '4.17.7', from a tool
//
// Holds: a line is split at its first colon; a value that is empty is not known.
import type { HypervisorFacts } from '../../machine/host-access.js'
import { known, type Obs } from '../../machine/obs.js'

const MIB = 2 ** 20

/** The facts in the text; a line that is not there gives none. */
export function xlInfoFacts(text: string): Partial<HypervisorFacts> {
  const lines = new Map(
    text.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, Math.max(0, colon)).trim(), line.slice(colon + 1).trim()]
    }),
  )
  const read = (key: string): string => lines.get(key) ?? ''
  return {
    ...fact('version', read('xen_version')),
    ...fact('capabilities', read('xen_caps')),
    ...fact('changeset', read('xen_changeset')),
    ...fact('compiler', read('cc_compiler')),
    ...fact('compileDate', read('cc_compile_date')),
    ...fact('commandLine', read('xen_commandline')),
    ...fact('scheduler', read('xen_scheduler')),
    ...fact('host', read('host')),
    ...number('pcpus', read('nr_cpus'), 1),
    ...number('memoryBytes', read('total_memory'), MIB),
    ...number('freeBytes', read('free_memory'), MIB),
    ...shape(read),
    toolstack: known('xl', 'tool'),
  }
}

type Fact<K extends keyof HypervisorFacts, T> = { readonly [Key in K]?: Obs<T> }

function fact<K extends keyof HypervisorFacts>(key: K, text: string): Fact<K, string> {
  return (text === '' ? {} : { [key]: known(text, 'tool') }) as Fact<K, string>
}

function number<K extends keyof HypervisorFacts>(
  key: K,
  text: string,
  unit: number,
): Fact<K, number> {
  const value = Number(text)
  const has = text !== '' && Number.isFinite(value)
  return (has ? { [key]: known(value * unit, 'tool') } : {}) as Fact<K, number>
}

function shape(read: (key: string) => string): Fact<'shape', HypervisorFactsShape> {
  const [pcpus = 0, coresPerSocket = 0, threadsPerCore = 0] = [
    ...['nr_cpus', 'cores_per_socket', 'threads_per_core'].map((key) => Number(read(key))),
  ]
  const sockets = pcpus / (coresPerSocket * threadsPerCore)
  if (!Number.isInteger(sockets) || sockets < 1) return {}
  return { shape: known({ sockets, coresPerSocket, threadsPerCore }, 'tool') }
}

type HypervisorFactsShape = Extract<HypervisorFacts['shape'], { kind: 'known' }>['value']
