// Ranked choices: TypeScript's own names for what may follow, in the order in which they are worth
// reading.
//
//   own data members, own methods, then what was inherited      never what every object has
//
// Holds: within a rank the order is the one they are declared in. What is own is known by the value
// itself where there is one; by who declares a member otherwise.
import type { Suggested } from '../assist.js'
import type { LspCompletion } from './lsp.js'

/** CompletionItemKind of the protocol, as far as it matters here. */
const METHODS: ReadonlySet<number> = new Set([2, 3, 4])
const KEYWORD = 14

/** Members that every object, or every function, has. */
const OF_ALL: ReadonlySet<string> = new Set(
  (
    'constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString valueOf ' +
    'Symbol __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__'
  ).split(' '),
)

/** Where a member stands in a value: 0 is its own, 1 is of its class, and so on; undefined where
 *  it has none of that name. */
export type LevelOf = (name: string) => number | undefined

/** Members worth proposing, best first. */
export function rankedMembers(
  choices: readonly LspCompletion[],
  levelOf: LevelOf,
): readonly LspCompletion[] {
  const rank = ({ label, kind }: LspCompletion): number => {
    const level = Math.max(0, (levelOf(label) ?? 0) - 1)
    return 2 * level + (METHODS.has(kind) ? 1 : 0)
  }
  return choices
    .filter(({ label, kind }) => !OF_ALL.has(label) && kind !== KEYWORD && isPlain(label))
    .map((choice, place) => ({ choice, place, rank: rank(choice) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ choice }) => choice)
}

/** A name that can stand behind a dot. */
function isPlain(label: string): boolean {
  return /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(label) && !label.startsWith('__')
}

/** How many prototypes lie between a value and whoever has the member. */
export function levelsOf(value: unknown): LevelOf {
  if (value === null || value === undefined) return () => undefined
  return (name) => {
    let object: object | null = Object(value)
    for (let level = 0; object !== null; level++) {
      if (Object.hasOwn(object, name)) return level
      object = Reflect.getPrototypeOf(object)
    }
    return undefined
  }
}

/** A choice as the assist has it. */
export function suggested(
  { label }: LspCompletion,
  start: number,
  more: Pick<Suggested, 'kind' | 'doc' | 'detail'>,
): Suggested {
  return { text: label, start, ...more }
}

/** The type in what a member says of itself: `(property) Domain.name: string` is `string`. */
export function typeIn(detail: string): string {
  const text = detail
    .replace(/^\([a-z ]+\) /, '')
    .replace(/^(const|let|var|function|class|enum|interface|type|namespace) /, '')
  const method = /^[\w$.<>, ]*?[\w$]+(\(.*)$/s.exec(text)?.[1]
  const property = /^[^:(]*?\??: (.*)$/s.exec(text)?.[1]
  return oneLine(property !== undefined && !/^[\w$.]+\(/.test(text) ? property : (method ?? text))
}

/** Columns of a type that are shown. */
const TYPE_COLUMNS = 60

function oneLine(text: string): string {
  const line = text
    .replace(/import\("[^"]*"\)\./g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= TYPE_COLUMNS ? line : `${line.slice(0, TYPE_COLUMNS - 3)}...`
}
