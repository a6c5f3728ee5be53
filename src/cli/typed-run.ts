// TypedRun: a notebook's run with the check of its types beside it.
//
//   typedRun(document, folder, context)  ->  session(inner)  cells run, types are asked about
//                                        ->  finished(run)   mistakes are failures of kind `type`
//
// Holds: a cell runs whatever its types say, but for one that expects a mistake of types: then
// that is its output, as at the prompt, and it does not run. Where types are not checked, its
// output stays the one that is stored. Servers end with the program.
import { type Cell, cellsOf, type NotebookDocument, outputOf } from '../notebook/document.js'
import type { NotebookRun, NotebookSession } from '../notebook/run.js'
import {
  expectedTypeError,
  mistakesText,
  TypeChecks,
  type TypeMistakes,
  typeErrorCode,
} from './check-types.js'
import type { Context } from './context.js'
import { saysUndefined } from './named-run.js'

/** Servers of this run of the program, by where it says what. */
const CHECKS = new WeakMap<Context['out'], TypeChecks>()

/** One notebook's run. */
export interface TypedRun {
  /** The same session; cells that expect a mistake of types do not reach it. */
  session(inner: NotebookSession): NotebookSession
  /** The run with what is wrong with types among its failures, in the order of cells. */
  finished(run: NotebookRun): Promise<NotebookRun>
}

/** Begins the check of a notebook whose cells' imports start in `directory`. */
export function typedRun(
  document: NotebookDocument,
  directory: string,
  context: Context,
): TypedRun {
  const cells = cellsOf(document)
  const names = document.front.params.length > 0 ? ['params'] : []
  const checked: Checked = context.types
    ? checksOf(context).check(cells.map(toCheck), directory, names)
    : Promise.resolve(undefined)
  checked.catch(() => {})
  return {
    session: (inner) => expecting(document, checked, inner),
    finished: async (run) => (run.interrupted ? run : withTypes(run, cells, await checked)),
  }
}

/** What is wrong with each cell; undefined where nobody knows. */
type Checked = Promise<readonly TypeMistakes[] | undefined>

function checksOf({ out }: Context): TypeChecks {
  const checks = CHECKS.get(out) ?? new TypeChecks((text) => out.warn(text))
  CHECKS.set(out, checks)
  return checks
}

const toCheck = ({ language, source, id }: Cell) => ({ language, source, name: id })

function expecting(
  document: NotebookDocument,
  checked: Checked,
  inner: NotebookSession,
): NotebookSession {
  const expected = new Map(cellsOf(document).map((cell, at) => [cell.id, expectedIn(cell, at)]))
  return {
    evaluate: async (cell, timeoutMs) => {
      const wanted = expected.get(cell.id)
      if (wanted === undefined) return inner.evaluate(cell, timeoutMs)
      const found = await checked
      if (found === undefined)
        return { kind: 'error', error: wanted.code, text: outputOf(document, cell.id)?.body ?? '' }
      const mistakes = found[wanted.at] ?? []
      if (!mistakes.some((each) => typeErrorCode(each) === wanted.code))
        return inner.evaluate(cell, timeoutMs)
      return { kind: 'error', error: wanted.code, text: mistakesText(cell.source, mistakes) }
    },
    close: () => inner.close(),
  }
}

/** The mistake of types that a cell expects, and which cell it is. */
function expectedIn({ options }: Cell, at: number) {
  const code = expectedTypeError(options.get('expect-error'))
  return code === undefined ? undefined : { code, at }
}

function withTypes(
  run: NotebookRun,
  cells: readonly Cell[],
  checked: readonly TypeMistakes[] | undefined,
): NotebookRun {
  if (checked === undefined) return run
  const failures = cells.flatMap((cell, i) => {
    const own = run.failures.filter((failure) => failure.cell === cell)
    const named = own.filter(({ kind }) => kind === 'name')
    const mistakes = (checked[i] ?? []).filter(({ message }) => !saysUndefined(message, named))
    const isExpected = expectedTypeError(cell.options.get('expect-error')) !== undefined
    if (mistakes.length === 0 || isExpected || own.length > named.length) return own
    return [...named, { cell, message: mistakesText(cell.source, mistakes), kind: 'type' as const }]
  })
  return { ...run, failures }
}
