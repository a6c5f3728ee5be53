// Timelines: what took place when, a lane for each vcpu (or whatever the lanes are): hypercalls as
// stretches from left to right, a letter for each kind.
//
//   vcpu 0 │aa  b       aaaa │
//   vcpu 1 │   c   ccccc     │
//           1.2s         1.9s    a domctl  b sysctl  c memory_op
//
// In: a table with a time (when it ended, or happened), a duration where there is one, a lane and
// a kind. Holds: a stretch is at least one column wide; where several fall into one column, that
// which filled most of it is shown.
import { type Cell, type Column, isTable, type Table } from '../base/table.js'
import { siText } from './si.js'
import { INKS, label, px, svg } from './svg-parts.js'
import { cellText } from './table.js'

/** How a timeline is drawn, and which columns say what. */
export interface TimelineOptions {
  /** All columns; 72 when absent. */
  readonly width?: number
  /** The column of the lanes; `vcpuid`, else the first that is no time, when absent. */
  readonly lane?: string
  /** The column of the kinds; the next one when absent. */
  readonly kind?: string
  /** The column of how long it took, in nanoseconds unless its unit or its
   *  name says another (`latencyUs`); `latency...` or `duration...` when absent. */
  readonly took?: string
  /** With escape sequences of a terminal: a colour for each kind. */
  readonly isColoured?: boolean
}

/** One thing that took place: from when to when, on which lane, of which kind. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly lane: string
  readonly kind: string
}

interface Plan {
  readonly stretches: readonly Stretch[]
  readonly lanes: readonly string[]
  readonly kinds: readonly string[]
  readonly from: number
  readonly to: number
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const TERMINAL = [33, 208, 35, 201, 220, 45, 196, 141]
/** How wide what takes no time is drawn. */
const INSTANT = 3
/** Kinds beyond these are all one: `*`. */
const MOST_KINDS = LETTERS.length

/** The lanes as lines joined by newlines; `(no data)` without a time. */
export function timeline(data: Table, options: TimelineOptions = {}): string {
  const plan = planOf(data, options)
  if (plan === undefined) return '(no data)'
  const { lanes, kinds, from, to } = plan
  const labelWidth = Math.max(...lanes.map((lane) => lane.length))
  const room = Math.max(10, (options.width ?? 72) - labelWidth - 3)
  const paint = painter(options.isColoured === true)
  const rows = lanes.map((lane) => {
    const cells = columnsOf(plan, lane, room)
    return `${lane.padStart(labelWidth)} │${cells.map(paint).join('')}│`
  })
  const [begin, end] = ends(from, to)
  const axis = begin + end.padStart(Math.max(1, room - begin.length))
  const used = kinds.map((kind, i) => ({ text: `${paint(i)} ${kind}`, wide: kind.length + 4 }))
  return [
    ...rows,
    ' '.repeat(labelWidth + 2) + axis,
    ...wrappedLegend(used, options.width ?? 72),
  ].join('\n')
}

/** The lanes as SVG: a rectangle for each stretch, its kind as its colour and its title. What takes
 *  no time is wide enough to be seen. */
export function timelineSvg(data: Table, options: TimelineOptions = {}): string {
  const width = options.width ?? 640
  const plan = planOf(data, options)
  if (plan === undefined) return svg({ width, height: 60 }, [label(64, 40, 'start', 'no data')])
  const { stretches, lanes, kinds, from, to } = plan
  const [left, top, step] = [96, 10, 22]
  const bottom = top + step * lanes.length
  const perRow = Math.max(1, Math.floor((width - left) / 150))
  const height = bottom + 24 + 18 * Math.ceil(kinds.length / perRow)
  const [begin, end] = ends(from, to)
  const x = (time: number): number =>
    left + ((time - from) / (to - from || 1)) * (width - left - 16)
  return svg({ width, height }, [
    ...lanes.map((lane, i) => label(left - 8, top + i * step + 14, 'end', lane)),
    ...stretches.map(({ from: start, to: end, lane, kind }) => {
      const wide = end > start ? Math.max(0.8, x(end) - x(start)) : INSTANT
      const took = end > start ? `, ${siText(end - start, 'ns')}` : ''
      return (
        `<rect x="${px(x(start))}" y="${px(top + lanes.indexOf(lane) * step + 3)}" ` +
        `width="${px(wide)}" height="16" fill="${inkOf(kinds.indexOf(kind))}">` +
        `<title>${escaped(kind)}${took}</title></rect>`
      )
    }),
    label(left, bottom + 14, 'start', begin),
    label(width - 16, bottom + 14, 'end', end),
    ...kinds.flatMap((kind, i) => {
      const [atX, atY] = [left + (i % perRow) * 150, bottom + 26 + 18 * Math.floor(i / perRow)]
      const box = `<rect x="${px(atX)}" y="${px(atY)}" width="10" height="10" fill="${inkOf(i)}"/>`
      return [box, label(atX + 14, atY + 9, 'start', kind)]
    }),
  ])
}

/** What is written at both ends of the axis; where both would say the same, how long it is. */
function ends(from: number, to: number): readonly [string, string] {
  const [begin, end] = [siText(from, 'ns'), siText(to, 'ns')]
  return [begin, begin === end ? `+${siText(to - from, 'ns')}` : end]
}

const inkOf = (kind: number): string => INKS[kind % INKS.length] ?? 'currentColor'
const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)

function planOf(data: Table, { lane, kind, took: span }: TimelineOptions): Plan | undefined {
  if (!isTable(data)) return undefined
  const names = data.columns.map(({ name }) => name)
  const atTime = names.findIndex((name) => /^(time|timeNs|timestamp|timestampNs)$/.test(name))
  const atTook = names.findIndex((name) =>
    span === undefined ? /^(latency|duration)/.test(name) : name === span,
  )
  const unitNs = unitOf(data.columns[atTook])
  const rest = names.filter((name, i) => i !== atTime && i !== atTook && name !== 'probe')
  const laneName = lane ?? rest.find((name) => name === 'vcpuid') ?? rest[0] ?? 'probe'
  const kindName = kind ?? rest.find((name) => name !== laneName) ?? 'probe'
  const [atLane, atKind] = [names.indexOf(laneName), names.indexOf(kindName)]
  const stretches = data.rows.flatMap((row): Stretch[] => {
    const time = numberOf(row[atTime])
    const took = (numberOf(row[atTook]) ?? 0) * unitNs
    if (time === undefined) return []
    const text = (at: number): string => (at < 0 ? '' : cellText(row[at] ?? null))
    const laneText = laneName === 'vcpuid' ? `vcpu ${text(atLane)}` : text(atLane)
    return [{ from: time - took, to: time, lane: laneText, kind: text(atKind) }]
  })
  if (stretches.length === 0) return undefined
  return {
    stretches,
    lanes: [...new Set(stretches.map((each) => each.lane))].sort(naturally),
    kinds: byFrequency(stretches),
    from: stretches.reduce((least, each) => Math.min(least, each.from), Number.POSITIVE_INFINITY),
    to: stretches.reduce((most, each) => Math.max(most, each.to), Number.NEGATIVE_INFINITY),
  }
}

/** Nanoseconds of one of a column: its unit, or what its name ends in, says. */
function unitOf(column: Column | undefined): number {
  const unit = column?.unit ?? /(Us|Ms|S)$/.exec(column?.name ?? '')?.[0].toLowerCase()
  return NANOSECONDS.get(unit ?? 'ns') ?? 1
}

const NANOSECONDS: ReadonlyMap<string, number> = new Map([
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
])

function numberOf(cell: Cell | undefined): number | undefined {
  const value = typeof cell === 'bigint' ? Number(cell) : cell
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

const naturally = (a: string, b: string): number =>
  Number(/\d+/.exec(a)?.[0] ?? 0) - Number(/\d+/.exec(b)?.[0] ?? 0) || (a < b ? -1 : 1)

/** Kinds, the most frequent first; equal ones in the order in which they came. */
function byFrequency(stretches: readonly Stretch[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { kind } of stretches) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([kind]) => kind)
}

/** For each column of a lane the kind that filled most of it; -1 for none. */
function columnsOf({ stretches, kinds, from, to }: Plan, lane: string, room: number): number[] {
  const span = to - from || 1
  const held = Array.from({ length: room }, () => new Map<number, number>())
  const number = new Map(kinds.map((kind, i) => [kind, i]))
  for (const each of stretches) {
    if (each.lane !== lane) continue
    const begin = ((each.from - from) / span) * room
    const end = ((each.to - from) / span) * room
    const last = Math.min(room - 1, Math.max(Math.floor(begin), Math.ceil(end) - 1))
    for (let at = Math.min(room - 1, Math.floor(begin)); at <= last; at++) {
      const share = Math.max(1e-9, Math.min(end, at + 1) - Math.max(begin, at))
      const kind = number.get(each.kind) ?? 0
      held[at]?.set(kind, (held[at]?.get(kind) ?? 0) + share)
    }
  }
  return held.map((shares) => [...shares].reduce(most, [-1, 0] as const)[0])
}

type Share = readonly [kind: number, share: number]
const most = (a: Share, b: Share): Share => (b[1] > a[1] ? b : a)

function painter(isColoured: boolean): (kind: number) => string {
  return (kind) => {
    if (kind < 0) return ' '
    const letter = kind < MOST_KINDS ? (LETTERS[kind] ?? '*') : '*'
    const colour = TERMINAL[kind % TERMINAL.length]
    return isColoured ? `\u001b[38;5;${colour}m${letter}\u001b[39m` : letter
  }
}

interface LegendEntry {
  readonly text: string
  /** Without escape sequences, with what stands between entries. */
  readonly wide: number
}

/** Legend entries in lines of at most so many columns. */
function wrappedLegend(entries: readonly LegendEntry[], width: number): readonly string[] {
  const lines: string[] = []
  let used = Number.POSITIVE_INFINITY
  for (const { text, wide } of entries) {
    if (used + wide > width) {
      lines.push(text)
      used = wide
    } else {
      lines[lines.length - 1] += `  ${text}`
      used += wide
    }
  }
  return lines
}
