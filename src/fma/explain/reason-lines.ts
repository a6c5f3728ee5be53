// Reason lines: why a diagnosis came out as it did, as a tree to be read.
//
//   ereport.cpu.generic-x86.l1dcache@chip0/core1/strand0: seen
//   └─ fault.cpu.generic-x86.l1dcache: suspect
//      ├─ serd.cpu.generic-x86.l1dcache: fired: 4 in 30s, fires on more than 3 in 3d
//      │    at 0, +10 s, +20 s, +30 s
//      └─ not seen: ereport.cpu.generic-x86.l1dcache_uc
//
// Holds: every part of the reason is there or counted. In short, a place that is that of the line
// above is not said again, what was dropped is a line for each kind of reason, and conditions that
// hold are left out; in full every part is there, every condition with its values, and the one that
// decided with a mark.
import { spanText } from '../../base/span-text.js'
import type { Reason } from '../fmd/reason.js'
import { classOf, droppedGroups, hypothesesText, placeOf, valuesText } from './dropped.js'
import { NAMED, pathText, someOf } from './place-text.js'

/** How much is told. */
export interface ReasonOptions {
  readonly full?: boolean
}

/** The lines of a reason, without line ends. */
export function reasonLines(reason: Reason, options: ReasonOptions = {}): readonly string[] {
  const lines = options.full === true ? inFull(reason) : inShort(reason)
  return [lineOf(reason), ...timesLines(reason, '  '), ...drawn(lines, '')]
}

/** One branch: its line, and what goes on below it. */
interface Branch {
  readonly line: string
  readonly reason?: Reason
  readonly below: readonly Branch[]
}

function drawn(branches: readonly Branch[], indent: string): readonly string[] {
  return branches.flatMap(({ line, reason, below }, i) => {
    const isLast = i === branches.length - 1
    const inside = `${indent}${isLast ? '   ' : '│  '}`
    const times = reason === undefined ? [] : timesLines(reason, `${inside}  `)
    return [`${indent}${isLast ? '└─ ' : '├─ '}${line}`, ...times, ...drawn(below, inside)]
  })
}

function inFull({ children }: Reason): readonly Branch[] {
  return children.map((reason): Branch => {
    if (reason.kind === 'constraint') return conditionBranch(reason)
    return { line: lineOf(reason), reason, below: inFull(reason) }
  })
}

/** A constraint, each of its conditions on a line. */
function conditionBranch(reason: Reason): Branch {
  const { children, verdict } = reason
  if (reason.values !== undefined) return { line: `condition ${conditionText(reason)}`, below: [] }
  const below = children.map((each): Branch => ({ line: conditionText(each), below: [] }))
  const many = `${children.length} condition${children.length === 1 ? '' : 's'}`
  return { line: verdict === 'holds' ? `${many}, all hold` : `${many} asked`, below }
}

function conditionText({ what, verdict, values = [] }: Reason): string {
  const decided = verdict === 'fails' ? '  <- this decided' : ''
  return `${verdict}: ${pathText(what)}${valuesText(values, what)}${decided}`
}

/** What was dropped and what was seen or not in few lines; conditions that hold in none. */
function inShort(reason: Reason): readonly Branch[] {
  const here = placeOf(reason)
  const kept = reason.children.filter(({ kind }) => kind !== 'constraint')
  const gone = kept.filter(({ verdict }) => verdict === 'disproved')
  const unseen = kept.filter(({ kind, verdict }) => kind === 'ereport' && verdict === 'not-seen')
  const seen = kept.filter(isPlainlySeen)
  const isFolded = (each: Reason): boolean => seen.length >= NAMED && isPlainlySeen(each)
  const told = kept.filter((each) => {
    return !gone.includes(each) && !unseen.includes(each) && !isFolded(each)
  })
  const names = (of: readonly Reason[]): string => someOf(of.map((each) => nameIn(each, here)))
  return [
    ...(seen.length >= NAMED ? [plain(`seen: ${names(seen)}`)] : []),
    ...told.map((each) => ({ line: lineOf(each, here), reason: each, below: inShort(each) })),
    ...droppedGroups(gone).map((group) =>
      plain(`dropped: ${hypothesesText(group, here)}: ${group.why}`),
    ),
    ...(unseen.length > 0 ? [plain(`not seen: ${names(unseen)}`)] : []),
  ]
}

const plain = (line: string): Branch => ({ line, below: [] })

const isPlainlySeen = ({ kind, verdict, children }: Reason): boolean =>
  kind === 'ereport' && verdict === 'seen' && children.length === 0

/** Class and place; the class alone where the place is the same as above. */
function nameIn(reason: Reason, here: string | undefined): string {
  return here !== undefined && placeOf(reason) === here ? classOf(reason) : pathText(reason.what)
}

function lineOf(reason: Reason, here?: string): string {
  const { kind, what, verdict, because } = reason
  const why = because === undefined ? '' : `: ${pathText(because)}`
  if (kind === 'note') return `${what}${why}`
  const isNamed = what.startsWith(`${kind}.`)
  return `${isNamed ? '' : `${kind} `}${nameIn(reason, here)}: ${verdict}${why}`
}

function timesLines({ kind, values = [] }: Reason, indent: string): readonly string[] {
  return kind === 'serd' && values.length > 0 ? [`${indent}${serdTimes(values)}`] : []
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
