// Reason lines: why a diagnosis came out as it did, as a tree to be read.
//
//   ereport ...l1dcache@chip0/core1/strand0: seen
//   └─ fault fault.cpu.generic-x86.l1dcache@chip0/core1/strand0: suspect
//      ├─ serd ...: fired: 4 in 30s, fires on more than 3 in 3d
//      │    at 0, +10 s, +20 s, +30 s
//
// Holds: every part of the reason is there, in its order, with its verdict; parts of one class that
// were disproved alike are one line that says how many, and where. Values of conditions are on
// lines of their own.
import type { Reason } from '../fmd/reason.js'
import { spanText } from './moment-text.js'

/** Places of parts alike that are named. */
const NAMED = 3

/** The lines of a reason, without line ends. */
export function reasonLines(reason: Reason): readonly string[] {
  return [lineOf(reason), ...valueLines(reason, '  '), ...below(reason.children, '')]
}

function below(children: readonly Reason[], indent: string): readonly string[] {
  const groups = alike(children)
  return groups.flatMap((group, i) => {
    const [child] = group
    if (child === undefined) return []
    const isLast = i === groups.length - 1
    const inside = `${indent}${isLast ? '   ' : '│  '}`
    const line = group.length === 1 ? lineOf(child) : lineOfMany(group)
    const head = `${indent}${isLast ? '└─ ' : '├─ '}${line}`
    return [head, ...valueLines(child, `${inside}  `), ...below(child.children, inside)]
  })
}

/** Neighbours that were disproved for one reason, class by class. */
function alike(children: readonly Reason[]): readonly (readonly Reason[])[] {
  const groups: Reason[][] = []
  for (const child of children) {
    const last = groups.at(-1)
    if (last?.[0] !== undefined && isAlike(last[0], child)) last.push(child)
    else groups.push([child])
  }
  return groups
}

function isAlike(a: Reason, b: Reason): boolean {
  const isOut = a.verdict === 'disproved' && b.verdict === 'disproved'
  return isOut && a.kind === b.kind && a.because === b.because && classOf(a) === classOf(b)
}

const classOf = ({ what }: Reason): string => what.split('@')[0] ?? what
const placeOf = ({ what }: Reason): string => shortPlace(what.slice(what.indexOf('@') + 1))
const shortPlace = (text: string): string => text.replace(/motherboard0\//g, '')

function lineOf({ kind, what, verdict, because }: Reason): string {
  const why = because === undefined ? '' : `: ${because}`
  if (kind === 'note') return `${what}${why}`
  const isNamed = what.startsWith(`${kind}.`)
  return `${isNamed ? '' : `${kind} `}${shortPlace(what)}: ${verdict}${why}`
}

function lineOfMany(group: readonly Reason[]): string {
  const [first] = group
  if (first === undefined) return ''
  const places = group.slice(0, NAMED).map(placeOf).join(', ')
  const more = group.length > NAMED ? `, and ${group.length - NAMED} more` : ''
  const why = first.because === undefined ? '' : `: ${first.because}`
  return `${classOf(first)} at ${group.length} places (${places}${more}): disproved${why}`
}

function valueLines({ kind, values = [] }: Reason, indent: string): readonly string[] {
  if (values.length === 0) return []
  if (kind === 'serd') return [`${indent}${serdTimes(values)}`]
  return values.map(([name, value]) => `${indent}${shortPlace(name)} = ${shortPlace(value)}`)
}

/** When what counts came, from the first on. */
function serdTimes(values: NonNullable<Reason['values']>): string {
  const times = values.map(([, value]) => (/^\d+$/.test(value) ? BigInt(value) : undefined))
  const [first] = times
  return `at ${times
    .map((time) => {
      if (time === undefined || first === undefined) return '?'
      return time === first ? '0' : `+${spanText(time - first)}`
    })
    .join(', ')}`
}
