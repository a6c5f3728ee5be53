// FmtopoText: a topology out of what fmtopo printed, here or on an illumos host: what -V tells of
// parts, or what -p does, or their names alone.
//
//   hc://:server-id=atrium/motherboard=0/chip=0     ->  parts, with their groups of properties
//     group: chip-properties  version: 1  stability: Private/Private
//       family            int32     15
//
// Holds: printed again with -V it is the same text, but for the head and for types that topologies
// here do not have: those are texts. Sensors and lamps are no parts and left out.
// Source: illumos-gate usr/src/cmd/fm/fmtopo/common/fmtopo.c.
import { XpvError } from '../../base/error.js'
import { type Fmri, parseFmri } from '../event/fmri.js'
import type { HcFmri } from '../event/fmri-hc.js'
import { type TopoGroup, Topology, type TopoPart, type TopoProperty } from './topology.js'

/** Whether a text is what fmtopo prints. */
export const isFmtopoText = (text: string): boolean => /^hc:\/\/\S*\/[a-z-]+=\d/m.test(text)

/** The topology of a text. Throws `XpvError` `fma.capture` for a name that is none. */
export function parseFmtopo(text: string): Topology {
  const roots = new Children()
  for (const block of text.split(/^(?=hc:\/\/)/m)) {
    if (!block.startsWith('hc://')) continue
    const [name = '', ...lines] = block.split('\n')
    const resource = resourceOf(name)
    if (resource.facility !== undefined) continue
    roots.at(resource).take(resource, lines)
  }
  return new Topology(roots.parts())
}

function resourceOf(name: string): HcFmri {
  const fmri = maybeFmri(name.trim())
  const isHc = fmri?.scheme === 'hc' && fmri.path.length > 0
  if (isHc && fmri.path.every(({ id }) => /^\d{1,15}$/.test(id))) return fmri
  throw new XpvError('fma.capture', `${name} is no part of a host`, 'hc:///motherboard=0/chip=0')
}

function maybeFmri(text: string): Fmri | undefined {
  try {
    return parseFmri(text)
  } catch (error) {
    if (error instanceof XpvError) return undefined
    throw error
  }
}

/** Parts of one parent, by name and number, as they came. */
class Children {
  readonly #parts = new Map<string, Draft>()

  /** The part at a place; those above it are made where nobody named them. */
  at({ path }: HcFmri, depth = 0): Draft {
    const { name, id } = path[depth] as HcFmri['path'][number]
    const key = `${name}=${id}`
    const found = this.#parts.get(key) ?? new Draft(name, Number(id))
    this.#parts.set(key, found)
    return depth + 1 === path.length ? found : found.children.at({ scheme: 'hc', path }, depth + 1)
  }

  parts(): readonly TopoPart[] {
    return [...this.#parts.values()].map((draft) => draft.part())
  }
}

/** A part that is read line by line. */
class Draft {
  readonly children = new Children()
  #said: TopoPart
  readonly #groups: TopoGroup[] = []

  constructor(name: string, id: number) {
    this.#said = { name, id }
  }

  take({ authority, serial, part, revision }: HcFmri, lines: readonly string[]): void {
    this.#said = { ...this.#said, authority, serial, part, revision }
    for (const line of lines) this.#takeLine(line)
  }

  part(): TopoPart {
    const groups = this.#groups.filter(({ name }) => name !== 'protocol' && name !== 'authority')
    return { ...this.#said, groups, children: this.children.parts() }
  }

  #takeLine(line: string): void {
    const [, key = '', said = ''] = /^\t(ASRU|FRU|Label): (.*)$/.exec(line) ?? []
    if (key !== '' && said !== '-') this.#protocol(key === 'Label' ? 'label' : key, said)
    const group = /^ {2}group: (\S+)\s+version: (\d+)\s+stability: ([^/]*)\/(.*)$/.exec(line)
    if (group !== null) this.#open(group)
    const property = /^ {4}(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(line)
    if (property !== null) this.#property(property)
  }

  #open([, name = '', version, nameStability = '', dataStability = '']: readonly string[]): void {
    const stability = { nameStability, dataStability: dataStability.trim() }
    this.#groups.push({ name, version: Number(version), ...stability, properties: [] })
  }

  #property([, name = '', type = '', value = '']: readonly string[]): void {
    const group = this.#groups.pop()
    if (group === undefined) return
    this.#groups.push({
      ...group,
      properties: [...group.properties, propertyOf(name, type, value)],
    })
    if (group.name === 'protocol') this.#protocol(name, value)
  }

  #protocol(name: string, value: string): void {
    const fmri = name === 'label' ? undefined : maybeFmri(value)
    if (name === 'label') this.#said = { ...this.#said, label: value }
    if (name === 'FRU') this.#said = { ...this.#said, fru: fmri }
    if (name === 'ASRU') this.#said = { ...this.#said, asru: fmri }
  }
}

function propertyOf(name: string, type: string, value: string): TopoProperty {
  switch (type) {
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64': {
      const number = /^(0x[0-9a-f]+|-?\d+)/.exec(value)?.[1]
      return number === undefined
        ? { name, type: 'string', value }
        : { name, type, value: BigInt(number) }
    }
    case 'uint32[]':
    case 'uint64[]':
      return { name, type, value: (value.match(/\d+/g) ?? []).map(BigInt) }
    case 'string[]':
      return { name, type, value: [...value.matchAll(/"(.*?)" /g)].map(([, text = '']) => text) }
    case 'fmri': {
      const fmri = maybeFmri(value)
      return fmri === undefined ? { name, type: 'string', value } : { name, type, value: fmri }
    }
    default:
      return { name, type: 'string', value }
  }
}
