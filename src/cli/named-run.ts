// What a notebook's names say of its run: a name that nothing above its cell defines is a failure
// of kind `name`, whether or not the cell came to where it is used.
//
//   run, mistakes with names  ->  the run, each such name told once, with its line
import { cellsOf, type NotebookDocument } from '../notebook/document.js'
import { type NameMistake, nameMistakes } from '../notebook/graph/name-mistakes.js'
import type { CellFailure, NotebookRun } from '../notebook/run.js'
import { sessionNames } from './session-names.js'

/** What is known from the start: cells run in this process too. */
const GIVEN = sessionNames()

/** The mistakes with names in a notebook that runs from nothing. */
export function mistakesIn(document: NotebookDocument): readonly NameMistake[] {
  return nameMistakes(document, GIVEN)
}

/** The run with them among its failures; what the cell itself said of such a name is dropped. */
export function withNames(document: NotebookDocument, run: NotebookRun): NotebookRun {
  const errors = mistakesIn(document).filter(({ severity }) => severity === 'error')
  if (run.interrupted || errors.length === 0) return run
  const failures = cellsOf(document).flatMap((cell): readonly CellFailure[] => {
    const told = errors.filter((each) => each.cell === cell.id)
    const own = run.failures.filter((failure) => failure.cell.id === cell.id)
    const isSame = ({ message }: CellFailure): boolean =>
      told.some(({ name }) => message.includes(`ReferenceError: ${name} is not defined`))
    const named = told.map(({ code, line, message }) => ({
      ...{ cell, line, kind: 'name' as const },
      message: `${code}: ${message}`,
    }))
    return [...named, ...own.filter((failure) => !isSame(failure))]
  })
  return { ...run, failures }
}

/** Whether a mistake of types only says that a name is not known. */
export function saysUndefined(message: string, told: readonly CellFailure[]): boolean {
  const name = /^Cannot find name '(.+?)'/.exec(message)?.[1]
  return name !== undefined && told.some((each) => each.message.includes(` defines ${name}`))
}
