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
import { type TreeNode, treeLines } from '../../base/tree.js'
import type { Reason } from '../fmd/reason.js'
import { classOf, droppedGroups, hypothesesText, placeOf, valuesText } from './dropped.js'
import { NAMED, pathText, someOf } from './place-text.js'

/** How much is told. */
export interface ReasonOptions {
  readonly full?: boolean
}

/** The lines of a reason, without line ends. */
export function reasonLines(reason: Reason, options: ReasonOptions = {}): readonly string[] {
  const below = options.full === true ? inFull(reason) : inShort(reason)
  return treeLines([{ text: nodeText(reason), below }])
}

function inFull({ children }: Reason): readonly TreeNode[] {
  return children.map((reason): TreeNode => {
    if (reason.kind === 'constraint') return conditionNode(reason)
    return { text: nodeText(reason), below: inFull(reason) }
  })
}

/** A constraint, each of its conditions on a line. */
function conditionNode(reason: Reason): TreeNode {
  const { children, verdict } = reason
  if (reason.values !== undefined) return plain(`condition ${conditionText(reason)}`)
  const below = children.map((each) => plain(conditionText(each)))
  const many = `${children.length} condition${children.length === 1 ? '' : 's'}`
  return { text: verdict === 'holds' ? `${many}, all hold` : `${many} asked`, below }
}

function conditionText({ what, verdict, values = [] }: Reason): string {
  const decided = verdict === 'fails' ? '  <- this decided' : ''
  return `${verdict}: ${pathText(what)}${valuesText(values, what)}${decided}`
}

/** What was dropped and what was seen or not in few lines; conditions that hold in none. */
function inShort(reason: Reason): readonly TreeNode[] {
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
    ...told.map((each) => ({ text: nodeText(each, here), below: inShort(each) })),
    ...droppedGroups(gone).map((group) =>
      plain(`dropped: ${hypothesesText(group, here)}: ${group.why}`),
    ),
    ...(unseen.length > 0 ? [plain(`not seen: ${names(unseen)}`)] : []),
  ]
}

const plain = (text: string): TreeNode => ({ text, below: [] })

const isPlainlySeen = ({ kind, verdict, children }: Reason): boolean =>
  kind === 'ereport' && verdict === 'seen' && children.length === 0

/** Class and place; the class alone where the place is the same as above. */
function nameIn(reason: Reason, here: string | undefined): string {
  return here !== undefined && placeOf(reason) === here ? classOf(reason) : pathText(reason.what)
}

/** A reason's line, and when what it counted came. */
function nodeText(reason: Reason, here?: string): string {
  const { kind, values = [] } = reason
  const times = kind === 'serd' && values.length > 0 ? `\n  ${serdTimes(values)}` : ''
  return `${lineOf(reason, here)}${times}`
}

function lineOf(reason: Reason, here?: string): string {
  const { kind, what, verdict, because } = reason
  const why = because === undefined ? '' : `: ${pathText(because)}`
  if (kind === 'note') return `${what}${why}`
  const isNamed = what.startsWith(`${kind}.`)
  return `${isNamed ? '' : `${kind} `}${nameIn(reason, here)}: ${verdict}${why}`
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
