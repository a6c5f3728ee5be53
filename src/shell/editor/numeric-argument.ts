// The numeric argument: how often the next key is meant.
//
//   M-5 M-0 C-f   50 to the right        M-8 =   ========        M-- M-f   a word to the left
//   C-u           4, where there is nothing to cut; again 16
//
// Holds: a key with an argument is one change, undone by one step.
// Source: GNU readline's manual, "Numeric Arguments"; universal-argument of GNU Emacs.
import type { EditorContext, EditorState, Step } from './editor-state.js'
import type { Key } from './key.js'
import { noted } from './undo-log.js'

/** More often nothing is done. */
const MOST = 1_000

const UNIVERSAL = '4'

/** Keys that do the opposite of each other: what a negative argument means. */
const OPPOSITES: ReadonlyMap<string, string> = new Map(
  [
    ...[['C-f', 'C-b'] as const, ['Right', 'Left'] as const, ['M-f', 'M-b'] as const],
    ...[['C-n', 'C-p'] as const, ['Down', 'Up'] as const, ['C-d', 'Backspace'] as const],
    ...[['Delete', 'C-h'] as const, ['M-d', 'M-Backspace'] as const, ['C-k', 'C-u'] as const],
  ].flatMap(([a, b]) => [[a, b] as const, [b, a] as const]),
)

/** The state in which a key that is part of an argument leaves it; undefined for any other key. */
export function argumentAfter(state: EditorState, key: Key): EditorState | undefined {
  const { argument, buffer } = state
  if (key.kind === 'text') {
    if (argument === '' || !/^\d$/.test(key.text)) return undefined
    const isGrown = state.last.kind === 'counted'
    return counted(state, `${isGrown ? argument : ''}${key.text}`)
  }
  if (key.kind === 'paste') return undefined
  const digit = /^M-(\d)$/.exec(key.name)?.[1]
  if (digit !== undefined) return counted(state, argument + digit)
  if (key.name === 'M--' && argument === '') return counted(state, '-')
  if (key.name !== 'C-u') return undefined
  if (argument !== '') return { ...counted(state, String(countOf(argument) * 4)), last: FOUR }
  const isFree = buffer.cursor === 0 || buffer.text[buffer.cursor - 1] === '\n'
  return isFree ? { ...counted(state, UNIVERSAL), last: FOUR } : undefined
}

const FOUR = { kind: 'other' } as const

function counted(state: EditorState, argument: string): EditorState {
  return { ...state, argument: argument.slice(0, 6), last: { kind: 'counted' } }
}

function countOf(argument: string): number {
  const count = argument === '-' ? -1 : Number(argument)
  return Math.max(-MOST, Math.min(MOST, count))
}

/** A key as often as the state's argument says, as one change. */
export function repeated(
  given: EditorState,
  key: Key,
  context: EditorContext,
  once: (state: EditorState, key: Key, context: EditorContext) => Step,
): Step {
  const before: EditorState = { ...given, argument: '', last: { kind: 'other' } }
  if (key.kind === 'chord' && ['C-g', 'Escape', 'C-c'].includes(key.name)) return { state: before }
  const count = countOf(given.argument)
  const meant = count < 0 ? opposite(key) : key
  let step: Step = { state: before }
  for (let i = 0; i < Math.abs(count) && step.wish === undefined; i++) {
    step = once(step.state, meant, context)
  }
  const { state } = step
  const isChange = state.buffer.text !== before.buffer.text
  return isChange ? { ...step, state: { ...state, log: noted(before.log, before.buffer) } } : step
}

/** The key that goes the other way; the same where there is none. */
function opposite(key: Key): Key {
  const name = key.kind === 'chord' ? OPPOSITES.get(key.name) : undefined
  return name === undefined ? key : { kind: 'chord', name }
}
