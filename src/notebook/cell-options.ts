// Options of cells: the words behind a cell's #id.
//
//   expect-error=CODE   it must fail so         unstable   a check compares the shape of its text
//   timeout=5s          it is ended then        hide       folded in exports
//   live                wants a live machine    answer     of the exercise in the prose above it
//   shadow              defines a name that another cell defines, and means to
//
// Holds: an option that is not known changes nothing and is warned of; a value that makes no sense
// is a mistake.
import type { Diagnostic } from '../base/diagnostic.js'
import { parseDuration } from '../base/duration.js'
import { nearest } from '../base/nearest.js'
import type { Cell } from './document.js'
import { mistake, warning } from './mistake.js'

const FLAGS: readonly string[] = ['hide', 'unstable', 'live', 'answer', 'shadow']
const WITH_VALUE: readonly string[] = ['expect-error', 'timeout']

/** What is wrong with a cell's options. */
export function checkOptions({ options, id, line }: Cell): readonly Diagnostic[] {
  return [...options].flatMap(([name, value]) => {
    const where = `line ${line}: cell #${id}`
    if (FLAGS.includes(name)) {
      if (value === '') return []
      return [mistake('nb.option', `${where}: ${name} takes no value`)]
    }
    if (name === 'timeout' && timeoutOf(options) === undefined) {
      return [mistake('nb.option', `${where}: timeout=${value} is no time, such as timeout=5s`)]
    }
    if (WITH_VALUE.includes(name)) return []
    const near = nearest(name, [...FLAGS, ...WITH_VALUE])
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    return [warning('nb.unknown-option', `${where}: there is no option ${name}${hint}`)]
  })
}

/** Milliseconds after which a cell with these options is ended. */
export function timeoutOf(options: Cell['options']): number | undefined {
  const text = options.get('timeout')
  const ns = text === undefined || /^\d*$/.test(text) ? undefined : parseDuration(text)
  return ns === undefined || ns <= 0 ? undefined : Math.ceil(ns / 1e6)
}
