// Signatures: what an ereport comes to for all constraints of arrows that lead to one event, as a
// number: two ereports of one number make no difference to any condition of the payload alone.
//
//   resource dimm3, address 0x1000, MISC 0x86   ->   7      of dimm3, at any address: 7
//
// Holds: a number never comes to mean something else. What conditions make of one value of a member
// is worked out once, while there is room. What constraints set to a value is no condition.
import type { Ereport } from '../event/ereport.js'
import type { Leaf, Moment, Read } from './code.js'
import type { InstanceArrow } from './instance-graph.js'
import { payloadDefined, payloadValue, payloadValues } from './payload.js'
import { isTrue, type Value } from './value.js'

/** Of an ereport that an engine made. */
const NO_EREPORT = 0

/** Values of members that are remembered. */
const MOST_VALUES = 4096

/** Conditions that read the same members. */
interface Group {
  readonly reads: readonly Read[]
  readonly leaves: readonly Leaf[]
  /** By what the members are; by what the conditions came to. */
  readonly byValue: Map<string, number>
  readonly byOutcome: Map<string, number>
  next: number
}

const NO_GROUPS: readonly Group[] = []

/** The signatures of one event. */
export class Signatures {
  readonly #into: readonly InstanceArrow[]
  #arrows = -1
  #groups: readonly Group[] = NO_GROUPS
  /** From what some groups came to, and the next came to, to what all of them came to. */
  #steps: Map<number, number> | undefined
  #next = NO_EREPORT + 1
  #none = 0
  #last: Ereport | undefined
  #lastSignature = 0

  /** `into` are the arrows that lead to the event; there may come to be more. */
  constructor(into: readonly InstanceArrow[]) {
    this.#into = into
  }

  of(ereport: Ereport | undefined): number {
    if (ereport === undefined) return NO_EREPORT
    if (this.#into.length !== this.#arrows) this.#collect()
    if (this.#groups.length === 0) return this.#none
    if (ereport === this.#last) return this.#lastSignature
    let signature = this.#none
    for (const group of this.#groups) signature = this.#step(signature, outcomeOf(group, ereport))
    this.#last = ereport
    this.#lastSignature = signature
    return signature
  }

  #step(from: number, outcome: number): number {
    const key = from * 2 ** 26 + outcome
    this.#steps ??= new Map()
    const known = this.#steps.get(key)
    if (known !== undefined) return known
    const made = this.#next++
    if (this.#steps.size > MOST_VALUES) this.#steps.clear()
    this.#steps.set(key, made)
    return made
  }

  #collect(): void {
    this.#arrows = this.#into.length
    this.#none = this.#next++
    this.#steps = undefined
    this.#last = undefined
    const groups = new Map<string, { reads: readonly Read[]; leaves: Leaf[] }>()
    for (const { constraint } of this.#into) {
      if (constraint?.kind !== 'run') continue
      for (const leaf of constraint.leaves) {
        const reads = new Map(leaf.reads.map((read) => [`${read.what} ${read.name}`, read]))
        const key = [...reads.keys()].sort().join('\n')
        const group = groups.get(key) ?? { reads: [...reads.values()], leaves: [] }
        groups.set(key, group)
        group.leaves.push(leaf)
      }
    }
    this.#groups = [...groups.values()].map((group) => {
      return { ...group, byValue: new Map(), byOutcome: new Map(), next: 0 }
    })
  }
}

/** What the conditions of a group come to, as a number. */
function outcomeOf(group: Group, ereport: Ereport): number {
  const { byValue, byOutcome } = group
  let value = ''
  for (const read of group.reads) value += shown(read, ereport)
  const known = byValue.get(value)
  if (known !== undefined) return known
  const outcome = group.leaves.map((leaf) => holds(leaf, ereport)).join('')
  const number = byOutcome.get(outcome) ?? group.next++
  if (byOutcome.size >= MOST_VALUES) byOutcome.clear()
  byOutcome.set(outcome, number)
  if (byValue.size >= MOST_VALUES) byValue.clear()
  byValue.set(value, number)
  return number
}

function holds({ run }: Leaf, ereport: Ereport): string {
  const value = run({ ...NOTHING, ereport })
  return typeof value !== 'symbol' && isTrue(value) ? '1' : '0'
}

const nothing = (): never => {
  throw new Error('a condition of the payload asks for more')
}

const NOTHING: Moment = {
  isSeen: true,
  ereport: undefined,
  isCredible: false,
  notes: nothing,
  globals: nothing,
  world: { hasFault: nothing, counted: nothing, call: nothing },
}

function shown({ what, name }: Read, ereport: Ereport): string {
  if (what === 'defined') return payloadDefined(ereport, name) ? '+' : '-'
  if (what === 'value') return text(payloadValue(ereport, name))
  const values = payloadValues(ereport, name)
  return values.length === 1 ? `[${text(values[0])}]` : `[${values.map(text).join('')}]`
}

/** No two values have one text. */
function text(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return `#${value};`
    case 'string':
      return `"${value.length}:${value}`
    case 'object':
      return `@${value.key.length}:${value.key}`
    default:
      return '?'
  }
}
