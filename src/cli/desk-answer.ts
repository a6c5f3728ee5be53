// `.answer`: the exercises of the notebook at the prompt.
//
//   .answer              which there are, and which are done
//   .answer ID EXPR      evaluates EXPR and compares what it shows with the worked answer
//
// Holds: nothing of the answer is told before it is found, and what was evaluated leaves no cell.
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { wrapped } from '../chart/table.js'
import type { NotebookDocument } from '../notebook/document.js'
import { compareAnswer } from '../notebook/exercise/answer.js'
import { type Exercise, exercisesOf } from '../notebook/exercise/exercise.js'
import type { CellResult } from '../session/cell.js'
import { renderValue } from '../session/render.js'
import type { Session } from '../session/session.js'

/** Notebooks are as wide everywhere. */
const COLUMNS = 80

/** Does what `.answer` was told; yields what is printed. Throws `XpvError` `nb.no-exercise`,
 *  `nb.not-run`. */
export async function answerWord(
  words: string,
  document: NotebookDocument,
  session: () => Session,
): Promise<string> {
  const exercises = exercisesOf(document)
  const done = doneOf(document)
  const [, id = '', expression = ''] = /^#?(\S+)\s*([\s\S]*)$/.exec(words.trim()) ?? []
  if (id === '') return listed(exercises, done)
  const exercise = named(id, exercises)
  if (expression === '') return `${exercise.task}\n.answer ${exercise.id} EXPRESSION\n`
  const { stored } = exercise
  if (stored === undefined) {
    throw new XpvError('nb.not-run', `#${exercise.id} has no stored output`, 'xpv run NOTEBOOK')
  }
  const result = await session().evaluate(expression, { final: true, quiet: true })
  if (result.kind === 'error') return `not yet: it fails\n${result.error.text}\n`
  const { isRight, text } = compareAnswer(shownBy(result), stored)
  if (isRight) done.add(exercise.id)
  const left = exercises.filter((each) => !done.has(each.id)).length
  return isRight
    ? `${text}; ${left === 0 ? 'that was the last one' : `${left} to go`}\n`
    : `${text}\n`
}

/** A line of a task, without what it is moved in by. */
const TASK_COLUMNS = 76

/** What was answered, for each notebook by its exercises: an edited one goes on. */
const answered = new Map<string, Set<string>>()

function doneOf(document: NotebookDocument): Set<string> {
  const key = exercisesOf(document)
    .map(({ id, task }) => `${id} ${task}`)
    .join('\n')
  const done = answered.get(key) ?? new Set<string>()
  answered.set(key, done)
  return done
}

function listed(exercises: readonly Exercise[], done: ReadonlySet<string>): string {
  if (exercises.length === 0) return 'no notebook with exercises is open\n'
  const lines = exercises.flatMap(({ id, task }) => [
    `${id}${done.has(id) ? ': done' : ''}`,
    ...wrapped(task, TASK_COLUMNS).map((line) => `  ${line}`),
  ])
  return `${lines.join('\n')}\n.answer ID EXPRESSION\n`
}

function named(id: string, exercises: readonly Exercise[]): Exercise {
  const found = exercises.find((each) => each.id === id)
  if (found !== undefined) return found
  const ids = exercises.map((each) => each.id)
  const near = nearest(id, ids) ?? ids[0]
  const hint = near === undefined ? 'xpv NOTEBOOK' : `.answer ${near} EXPRESSION`
  throw new XpvError('nb.no-exercise', `there is no exercise ${id}`, hint)
}

/** All of it as a notebook would store it. */
function shownBy(result: CellResult): string {
  if (result.kind !== 'ok') return ''
  const shown = result.value === undefined ? result.shown : renderValue(result.value, COLUMNS)
  return `${result.output}\n${shown?.['text/plain'] ?? ''}`
}
