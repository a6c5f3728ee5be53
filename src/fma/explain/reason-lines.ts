// Reason lines: why a diagnosis came out as it did, as a tree to be read.
//
//   ereport.cpu.generic-x86.l1dcache@chip0/core1/strand0: seen
//   └─ fault.cpu.generic-x86.l1dcache@chip0/core1/strand0: suspect
//      ├─ serd ...: fired: 4 in 30s, fires on more than 3 in 3d
//      │    at 0, +10 s, +20 s, +30 s
//      └─ not seen: ereport.cpu.generic-x86.l1dcache_uc@chip0/core1/strand0
//
// Holds: every part of the reason is there or counted. In short, what was disproved is a line for
// each class with the value that decided, and conditions that hold are left out; in full every part
// is there, with every value.
import { spanText } from '../../base/span-text.js'
import type { Reason } from '../fmd/reason.js'
import { pathText } from './place-text.js'

/** Things alike that are named; the others are counted. */
const NAMED = 3

/** How much is told. */
export interface ReasonOptions {
  readonly full?: boolean
}

/** The lines of a reason, without line ends. */
export function reasonLines(reason: Reason, options: ReasonOptions = {}): readonly string[] {
  const full = options.full === true
  return [lineOf(reason), ...valueLines(reason, '  ', full), ...below(reason.children, '', full)]
}

/** One branch: its lines, and what goes on below it. */
interface Branch {
  readonly line: string
  readonly reason: Reason | undefined
}

function below(children: readonly Reason[], indent: string, full: boolean): readonly string[] {
  const branches = full
    ? children.map((reason): Branch => ({ line: lineOf(reason), reason }))
    : inShort(children)
  return branches.flatMap(({ line, reason }, i) => {
    const isLast = i === branches.length - 1
    const head = `${indent}${isLast ? '└─ ' : '├─ '}${line}`
    if (reason === undefined) return [head]
    const inside = `${indent}${isLast ? '   ' : '│  '}`
    const values = valueLines(reason, `${inside}  `, full)
    return [head, ...values, ...below(reason.children, inside, full)]
  })
}

/** What was disproved and what was seen or not in a line each; conditions that hold in none. */
function inShort(children: readonly Reason[]): readonly Branch[] {
  const kept = children.filter(({ kind }) => kind !== 'constraint')
  const isGone = ({ verdict }: Reason): boolean => verdict === 'disproved'
  const isUnseen = ({ kind, verdict }: Reason): boolean =>
    kind === 'ereport' && verdict === 'not-seen'
  const seen = kept.filter(isPlainlySeen)
  const isFolded = (each: Reason): boolean => seen.length >= NAMED && isPlainlySeen(each)
  const told = kept.filter((each) => !isGone(each) && !isUnseen(each) && !isFolded(each))
  const gone = grouped(kept.filter(isGone)).map(disprovedLine)
  const unseen = kept.filter(isUnseen).map(({ what }) => pathText(what))
  const isMany = seen.length >= NAMED
  return [
    ...(isMany ? [plain(`seen: ${someOf(seen.map(({ what }) => pathText(what)))}`)] : []),
    ...told.map((reason): Branch => ({ line: lineOf(reason), reason })),
    ...gone.map(plain),
    ...(unseen.length > 0 ? [plain(`not seen: ${someOf(unseen)}`)] : []),
  ]
}

const plain = (line: string): Branch => ({ line, reason: undefined })

const isPlainlySeen = ({ kind, verdict, children }: Reason): boolean =>
  kind === 'ereport' && verdict === 'seen' && children.length === 0

/** Parts of one class that were disproved for one reason, together. */
function grouped(parts: readonly Reason[]): readonly (readonly Reason[])[] {
  const groups = new Map<string, Reason[]>()
  for (const part of parts) {
    const found = groups.get(groupOf(part))
    if (found === undefined) groups.set(groupOf(part), [part])
    else found.push(part)
  }
  return [...groups.values()]
}

const groupOf = (reason: Reason): string => `${classOf(reason)} ${reason.because ?? ''}`

function disprovedLine(group: readonly Reason[]): string {
  const [first] = group
  if (first === undefined) return ''
  const places = someOf(group.map(placeOf))
  const where = group.length === 1 ? places : `${group.length} places (${places})`
  const why = first.because === undefined ? '' : `: ${first.because}`
  const failed = first.children.find(({ kind, verdict }) => {
    return kind === 'constraint' && verdict === 'fails'
  })
  const [name, value] = failed?.values?.at(-1) ?? []
  const decided = name === undefined ? '' : `: ${pathText(name)} is ${value}`
  return `${classOf(first)} at ${where}: disproved${why}${decided}`
}

function someOf(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}

const classOf = ({ what }: Reason): string => what.split('@')[0] ?? what
const placeOf = ({ what }: Reason): string => pathText(what.slice(what.indexOf('@') + 1))

function lineOf({ kind, what, verdict, because }: Reason): string {
  const why = because === undefined ? '' : `: ${because}`
  if (kind === 'note') return `${what}${why}`
  const isNamed = what.startsWith(`${kind}.`)
  return `${isNamed ? '' : `${kind} `}${pathText(what)}: ${verdict}${why}`
}

function valueLines({ kind, values = [] }: Reason, indent: string, full: boolean) {
  if (kind === 'serd' && values.length > 0) return [`${indent}${serdTimes(values)}`]
  if (!full) return []
  return values.map(([name, value]) => `${indent}${pathText(name)} = ${pathText(value)}`)
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
