// fmtopo: the parts of a host as fmtopo(8) prints them, one below the other.
//
//   hc://:product-id=...:server-id=xvm1/motherboard=0/chip=0/core=1/strand=0
//           ASRU: cpu:///cpuid=1                                            -p
//     group: strand-properties              version: 1   stability: Private/Private      -V
//       cpuid             int32     1
//
// Holds: the head names the day and the parts: the same parts have the same uuid. A pattern is
// matched with the whole FMRI, or, other than there, with one without authority and serial number:
// hc:///motherboard=0. Source: illumos-gate usr/src/cmd/fm/fmtopo/common/fmtopo.c.
import { type Fmri, printFmri } from '../event/fmri.js'
import { uuidOf } from '../fmd/uuid.js'
import type { TopoGroup, Topology, TopoNode, TopoProperty } from '../topo/topology.js'
import { caseMoment } from './moment.js'
import { shellPattern } from './shell-pattern.js'

/** A group (`pci`), or one property of it, that `-P` asks for. */
export interface AskedProperty {
  readonly group: string
  readonly property?: string | undefined
}

/** What is printed, and of which parts. */
export interface FmtopoOptions {
  /** Matched with FMRIs; all parts without. */
  readonly pattern?: string | undefined
  /** Siblings before what is below them: -b. */
  readonly siblingsFirst: boolean
  /** Paths as rules have them, and nothing else: -e. */
  readonly asRules: boolean
  /** ASRU, FRU, label: -p. */
  readonly protocol: boolean
  /** Whether it is there and in service: -S. */
  readonly status: boolean
  /** All properties (-V), or those asked for (-P). */
  readonly properties: 'all' | readonly AskedProperty[]
}

/** What only who owns the host knows. */
export interface FmtopoContext {
  /** Nanoseconds since 1970; a line without a time where nobody knows. */
  readonly nowNs: bigint | undefined
  /** Undefined where nobody knows. */
  readonly isUnusable: (node: TopoNode) => boolean | undefined
}

/** The text of the parts that match; '' of rules' paths when none does. */
export function fmtopoText(
  topology: Topology,
  options: FmtopoOptions,
  context: FmtopoContext,
): string {
  const nodes = matchingNodes(topology, options)
  if (options.asRules) return nodes.map((node) => `${rulePath(node)}\n`).join('')
  const shown = nodes.map((node) => nodeText(node, options, context))
  return [headText(topology, context.nowNs), ...shown].join('')
}

/** The parts a pattern is about, in the order in which they are printed. */
export function matchingNodes(
  topology: Topology,
  { pattern, siblingsFirst }: Pick<FmtopoOptions, 'pattern' | 'siblingsFirst'>,
): readonly TopoNode[] {
  const nodes = siblingsFirst ? breadthFirst(topology.roots) : [...topology.nodes()]
  if (pattern === undefined) return nodes
  const matching = shellPattern(pattern)
  return nodes.filter(
    ({ resource, path }) =>
      matching.test(printFmri(resource)) || matching.test(printFmri({ scheme: 'hc', path })),
  )
}

function breadthFirst(roots: readonly TopoNode[]): readonly TopoNode[] {
  const nodes = [...roots]
  for (const node of nodes) nodes.push(...node.children)
  return nodes
}

function headText(topology: Topology, nowNs: bigint | undefined): string {
  const time = nowNs === undefined ? '-' : caseMoment(nowNs, nowNs)
  const names = [...topology.nodes()].map(({ resource }) => printFmri(resource)).join('\n')
  const uuid = uuidOf({ seed: digest(names), input: names.length, ordinal: 0 })
  return `TIME                 UUID\n${time.padEnd(15)} ${uuid.padEnd(32)}\n\n`
}

/** FNV-1a. */
function digest(text: string): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  }
  return hash >>> 0
}

/** `/motherboard0/chip1`. */
const rulePath = ({ path }: TopoNode): string =>
  path.map(({ name, id }) => `/${name}${id}`).join('')

function nodeText(node: TopoNode, options: FmtopoOptions, context: FmtopoContext): string {
  const { protocol, status, properties } = options
  const hasProperties = properties === 'all' || properties.length > 0
  return [
    `${printFmri(node.resource)}\n`,
    protocol && !hasProperties ? protocolText(node) : '',
    status ? statusText(context.isUnusable(node)) : '',
    properties === 'all' ? node.groups.map(groupText).join('') : askedText(node, properties),
    '\n',
  ].join('')
}

function protocolText({ asru, fru, label = '-' }: TopoNode): string {
  const shown = (fmri: Fmri | undefined): string => (fmri === undefined ? '-' : printFmri(fmri))
  return `\tASRU: ${shown(asru)}\n\tFRU: ${shown(fru)}\n\tLabel: ${label}\n`
}

/** What is enumerated is there. */
function statusText(isUnusable: boolean | undefined): string {
  return `\tPresent: true\n\tUnusable: ${isUnusable ?? '-'}\n`
}

function askedText({ groups }: TopoNode, asked: readonly AskedProperty[]): string {
  const found = asked.flatMap(({ group, property }) =>
    groups
      .filter(({ name }) => name === group)
      .map((each) => ({
        ...each,
        properties: each.properties.filter(({ name }) => name === (property ?? name)),
      })),
  )
  return found
    .filter(({ properties }) => properties.length > 0)
    .map(groupText)
    .join('')
}

function groupText(group: TopoGroup): string {
  const { name, version, nameStability, dataStability, properties } = group
  const stability = `${nameStability}/${dataStability}`
  const head = `  group: ${name.padEnd(30)} version: ${String(version).padEnd(3)} `
  const lines = properties.map(
    (property) =>
      `    ${property.name.padEnd(17)} ${property.type.padEnd(8)}  ${valueText(property)}\n`,
  )
  return [`${head}stability: ${stability}\n`, ...lines].join('')
}

/** Unsigned numbers are hexadecimal, but not those of a list. */
function valueText({ type, value }: TopoProperty): string {
  if (typeof value === 'bigint')
    return type.startsWith('u') ? `0x${value.toString(16)}` : `${value}`
  if (typeof value === 'string') return value
  if ('scheme' in value) return printFmri(value)
  const items = value.map((each) => (typeof each === 'string' ? `"${each}" ` : `${each} `))
  return `[ ${items.join('')}]`
}
