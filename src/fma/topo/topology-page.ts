// TopologyPage: what a host is made of, in short: how many parts of each name, under which.
//
//   parts            how many   labels
//   motherboard             1   MB
//   ├─ chip                 2   CPU 0, CPU 1
//   │  └─ core              4
//
// Holds: parts of one name under parts of one name are one line.
import { type Page, page } from '../../base/page.js'
import { type Column, table } from '../../base/table.js'
import type { TopoNode } from './topology.js'

/** The page of all parts below some. */
export function topologyPage(roots: readonly TopoNode[]): Page {
  const lines = linesOf(roots, '')
  const labels = labelsOf(roots)
  const counted = table(COLUMNS, lines)
  const json = { parts: Object.fromEntries(lines.map(([name, count]) => [name, count])), labels }
  return page(
    lines.length === 0
      ? ['no part of this host is known']
      : [counted, 'fmtopo lists them, fmtopo -V with all that is known of each'],
    json,
  )
}

const COLUMNS: readonly Column[] = [
  { name: 'parts', isKey: true, isTree: true },
  { name: 'how many', align: 'right' },
  { name: 'labels' },
]

type Line = readonly [name: string, count: number, labels: string]

function linesOf(nodes: readonly TopoNode[], indent: string): readonly Line[] {
  const names = [...new Set(nodes.map(({ name }) => name))]
  return names.flatMap((name) => {
    const alike = nodes.filter((node) => node.name === name)
    const below = alike.flatMap(({ children }) => children)
    const labels = alike.flatMap(({ label }) => label ?? [])
    const line: Line = [`${indent}${name}`, alike.length, someOf([...new Set(labels)])]
    return [line, ...linesOf(below, `${indent}  `)]
  })
}

const MOST = 3

function someOf(labels: readonly string[]): string {
  const more = labels.length > MOST ? ` ... ${labels.at(-1)}` : ''
  return `${labels.slice(0, MOST).join(', ')}${more}`
}

function labelsOf(nodes: readonly TopoNode[]): readonly string[] {
  return [
    ...new Set(
      nodes.flatMap(({ label, children }) => [
        ...(label === undefined ? [] : [label]),
        ...labelsOf(children),
      ]),
    ),
  ]
}
