// Name mistakes: names that a notebook's cells use and nothing above them defines, and names that
// two cells define.
//
//   c1  const total = 5      c2  totl + 1                   nb.undefined-name: c2, line 1
//   c1  const n = 1          c2  const n = 2                nb.second-definer: a warning
//
// Holds: an error is certain, as far as a source tells. What a function uses counts when it may
// run: a cell below may define it. Behind a cell that runs text as code, hands out the global
// object or cannot be read, anything may be defined. A cell that expects an error is left alone.
import { nearest } from '../../base/nearest.js'
import { askedIn } from '../../session/asked.js'
import { type Cell, cellsOf, type NotebookDocument } from '../document.js'
import { namesOf } from './cell-names.js'
import type { NamePlace } from './name-use.js'

/** One mistake with a name. `line` is that of the notebook, 1-based. */
export interface NameMistake {
  readonly code: 'nb.undefined-name' | 'nb.second-definer'
  readonly severity: 'error' | 'warning'
  readonly cell: string
  readonly line: number
  readonly name: string
  readonly message: string
}

/** The mistakes with names, in the order of the notebook. `given` are the names of every session,
 *  those of the realm among them. */
export function nameMistakes(
  document: NotebookDocument,
  given: ReadonlySet<string>,
): readonly NameMistake[] {
  const cells = cellsOf(document)
  const makers = makersIn(cells)
  const look: Look = { makers, given, above: new Map() }
  let mayBeAny = false
  return cells.flatMap((cell) => {
    mayBeAny ||= mayDefineAny(cell)
    const again = secondDefiners(cell, look.above)
    for (const name of made(cell)) look.above.set(name, cell.id)
    const isJudged = !mayBeAny && !cell.options.has('expect-error')
    return [...(isJudged ? undefinedIn(cell, look) : []), ...again]
  })
}

/** What is known where a cell stands. */
interface Look {
  /** All names that any cell makes, and the first that does. */
  readonly makers: ReadonlyMap<string, string>
  readonly given: ReadonlySet<string>
  /** Names that cells so far make, and the last that did. */
  readonly above: Map<string, string>
}

function undefinedIn(cell: Cell, { makers, given, above }: Look): readonly NameMistake[] {
  const isKnown = ({ name, isLater }: NamePlace): boolean =>
    given.has(name) || above.has(name) || (isLater && makers.has(name))
  const unknown = new Map<string, NamePlace>()
  for (const place of namesOf(cell).places) {
    if (!isKnown(place) && !unknown.has(place.name)) unknown.set(place.name, place)
  }
  return [...unknown.values()].map(({ name, line }) => {
    const below = makers.get(name)
    const near = nearest(name, [...above.keys(), ...given])
    const hint =
      below !== undefined
        ? `: #${below} below does`
        : near === undefined
          ? ''
          : `; did you mean ${near}?`
    return {
      ...{ code: 'nb.undefined-name', severity: 'error', cell: cell.id, name },
      line: cell.line + line,
      message: `no cell above defines ${name}${hint}`,
    }
  })
}

function secondDefiners(cell: Cell, above: ReadonlyMap<string, string>): readonly NameMistake[] {
  if (cell.options.has('shadow')) return []
  return [...declared(cell)].flatMap((name) => {
    const first = above.get(name)
    if (first === undefined) return []
    const message = `defines ${name} again, as #${first} does: say \`shadow\` if it means to`
    const { id, line } = cell
    const code = 'nb.second-definer'
    return [{ code, severity: 'warning', cell: id, line, name, message } as const]
  })
}

/** The first cell that makes each name. */
function makersIn(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const makers = new Map<string, string>()
  for (const cell of cells) {
    for (const name of made(cell)) if (!makers.has(name)) makers.set(name, cell.id)
  }
  return makers
}

/** Names that a cell surely declares. */
function declared(cell: Cell): ReadonlySet<string> {
  const { steps } = namesOf(cell)
  return new Set(steps.flatMap(({ defines, isWeak }) => (isWeak ? [] : defines)))
}

/** Names that are there after a cell: declared, or given a value without. */
function made(cell: Cell): ReadonlySet<string> {
  const { defines, steps } = namesOf(cell)
  const assigned = steps.flatMap(({ now, later }) => [...now.assigns, ...later.assigns])
  return new Set([...defines, ...assigned])
}

/** Whether any name may be there after a cell. */
function mayDefineAny(cell: Cell): boolean {
  if (cell.language !== 'ts') return false
  const { isOpaque, steps, places } = namesOf(cell)
  const isUnread = steps.length === 0 && askedIn(cell.source) === undefined
  const handsOut = places.some(({ name }) => name === 'globalThis' || name === 'global')
  return isOpaque || handsOut || (isUnread && cell.source.trim() !== '')
}
