// NameIndex: what Tab offers in a session in which nothing has run yet, as plain data, so that it
// can be offered before the session is open.
//
//   a session's CompletionContext  ->  indexOf  ->  JSON  ->  contextIn  ->  a CompletionContext
//
// Holds: both contexts complete alike; where the index does not reach, `unknown` is told, and then
// what was completed is worth nothing.
import { DESCRIBE, type Description, isDescribed } from '../base/describe.js'
import { type CompletionContext, membersOf } from './complete.js'
import { type FoundValue, memberOf, pathSteps, pathValue } from './path-value.js'

/** The names of one value. */
interface IndexedValue {
  /** What may stand behind its dot, in order. */
  readonly names: readonly string[]
  /** What may stand in its brackets, in order. */
  readonly keys: readonly string[]
  /** What it says of its names. */
  readonly docs: Readonly<Record<string, string>>
  /** Values behind names and keys: places in `NameIndex.values`. */
  readonly to: Readonly<Record<string, number>>
}

/** What may be typed first in a session. */
export interface NameIndex {
  readonly given: readonly string[]
  /** Names on the global object that are the session's: others mean what they always do. */
  readonly globals: readonly string[]
  readonly commands: readonly string[]
  /** What may follow a command; those behind which files may stand are not here. */
  readonly words: Readonly<Record<string, readonly string[]>>
  readonly wordsIn: Readonly<Record<string, readonly string[]>>
  readonly probeSpecs: readonly string[]
  /** Names of the parts that the host has. */
  readonly parts: readonly string[]
  /** The values of given names. */
  readonly to: Readonly<Record<string, number>>
  readonly values: readonly IndexedValue[]
}

/** The value of the last cell that had one: there was none. */
const LAST_VALUE = '_'

/** How many steps from a given name are followed: `pcpus[0].msr.IA32_APIC_BASE` are three. */
const DEPTH = 3

/** What a context knows. `called` are the functions that take certain words; `globals` what the
 *  session put on the global object, whether or not something had been there. */
export function indexOf(
  context: CompletionContext,
  called: readonly string[],
  globals: readonly string[],
): NameIndex {
  const { given, commands, probeSpecs } = context
  const values = new ValueTable()
  const to = places(given, (name) => values.add(context.peek(name), DEPTH))
  const wordsIn = called.map((name) => [name, context.wordsIn?.(name) ?? []])
  const settled = commands.filter((name) => !context.ofFiles?.includes(name))
  const words = settled.map((name) => [name, context.wordsAfter?.(name, []) ?? []])
  return {
    ...{ given, commands, probeSpecs, globals, to, values: values.all },
    parts: context.parts?.() ?? [],
    wordsIn: Object.fromEntries(wordsIn),
    words: Object.fromEntries(words),
  }
}

/** Values by their names, each kind once: most registers look alike. */
class ValueTable {
  readonly all: IndexedValue[] = []
  readonly #places = new Map<string, number>()

  /** The place of a value; undefined for what is no object. */
  add(value: unknown, depth: number): number | undefined {
    if (typeof value !== 'object' || value === null) return undefined
    const names = membersOf(value)
    const keys = Object.keys(value)
    const steps = depth === 0 ? [] : [...new Set([...keys, ...names])]
    const to = places(steps, (step) => this.add(memberOf(value, step)?.value, depth - 1))
    return this.#place({ names, keys, docs: docsOf(value, names), to })
  }

  #place(value: IndexedValue): number {
    const text = JSON.stringify(value)
    const place = this.#places.get(text) ?? this.all.push(value) - 1
    this.#places.set(text, place)
    return place
  }
}

function docsOf(value: object, names: readonly string[]): Readonly<Record<string, string>> {
  if (!isDescribed(value)) return {}
  const { members } = value[DESCRIBE]()
  return Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)))
}

function places(
  names: readonly string[],
  placeOf: (name: string) => number | undefined,
): Readonly<Record<string, number>> {
  const found = names.flatMap((name): [string, number][] => {
    const place = placeOf(name)
    return place === undefined ? [] : [[name, place]]
  })
  return Object.fromEntries(found)
}

/** A context that answers from an index; `unknown` is called when the index does not reach. */
export function contextIn(index: NameIndex, unknown: () => void): CompletionContext {
  const { given, commands, probeSpecs, wordsIn, words, globals } = index
  return {
    ...{ declared: [], given, commands, probeSpecs, globals },
    wordsAfter: (command, before) => {
      const found = before.length > 0 ? undefined : ownIn(words, command)
      if (found === undefined) unknown()
      return found ?? []
    },
    parts: () => index.parts,
    wordsIn: (called) => ownIn(wordsIn, called),
    peek: (expression) => {
      if (expression === LAST_VALUE) return undefined
      const found = indexed(index, expression) ?? ofTheRealm(index, expression)
      if (found === undefined) unknown()
      return found?.value
    },
  }
}

function indexed(index: NameIndex, expression: string): FoundValue | undefined {
  const place = placeAt(index, expression)
  const value = place === undefined ? undefined : index.values[place]
  return value === undefined ? undefined : { value: likeness(value) }
}

/** A text, or what is there without a session and stays as it is with one: `Math`. */
function ofTheRealm(index: NameIndex, expression: string): FoundValue | undefined {
  const text = /^(['"])([^'"\\]*)\1$/.exec(expression)?.[2]
  if (text !== undefined) return { value: text }
  const [first = ''] = pathSteps(expression) ?? []
  const isOurs = index.given.includes(first) || index.globals.includes(first)
  return isOurs ? undefined : pathValue(expression)
}

function placeAt(index: NameIndex, expression: string): number | undefined {
  const [first = '', ...steps] = pathSteps(expression) ?? []
  return steps.reduce<number | undefined>(
    (place, step) => {
      const value = place === undefined ? undefined : index.values[place]
      return value === undefined ? undefined : ownIn(value.to, step)
    },
    ownIn(index.to, first),
  )
}

/** What a record itself has under a name: every object has a toString. */
function ownIn<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** An object that has the names of a value, and says the same of them. */
function likeness({ names, keys, docs }: IndexedValue): object {
  const made: object = Object.create(null)
  const nothing = { value: undefined, configurable: true }
  for (const name of [...names, ...keys])
    Object.defineProperty(made, name, { ...nothing, enumerable: keys.includes(name) })
  const description = (): Description => ({ name: '', summary: '', members: docs })
  Object.defineProperty(made, DESCRIBE, { value: description, enumerable: false })
  return made
}
