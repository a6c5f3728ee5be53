// Answers: what somebody found, compared with what the worked answer printed.
//
//   "613", "613\n"       ->  right
//   "61.3", "613"        ->  a number, as it should be, but another one
//   a table, "613"       ->  a table, where a number is wanted
//
// Holds: blanks, rules under heads and the n of a bigint make no difference; what is told of a
// wrong
// answer is its kind, and never a part of the right one.

/** What an answer looks like. */
export type AnswerKind = 'nothing' | 'number' | 'word' | 'table' | 'distribution' | 'text'

/** What is to be said of an answer. */
export interface Verdict {
  readonly isRight: boolean
  readonly text: string
}

/** Compares what was found with what is stored. */
export function compareAnswer(found: string, stored: string): Verdict {
  if (isSame(found, stored)) return { isRight: true, text: 'right' }
  const [kind, wanted] = [kindOf(found), kindOf(stored)]
  if (kind === 'nothing') return wrong('it shows nothing')
  if (kind !== wanted) return wrong(`it is ${NAMES[kind]}, where ${NAMES[wanted]} is wanted`)
  return wrong(`${NAMES[kind]} is wanted, but another one: ${differing(kind, found, stored)}`)
}

const NAMES: Readonly<Record<AnswerKind, string>> = {
  nothing: 'nothing',
  number: 'a number',
  word: 'a word',
  table: 'a table',
  distribution: 'a distribution',
  text: 'a text',
}

/** What a text looks like. */
export function kindOf(text: string): AnswerKind {
  const lines = linesOf(text)
  const [first = ''] = lines
  if (lines.length === 0) return 'nothing'
  if (lines.some((line) => line.includes('- Distribution -'))) return 'distribution'
  if (lines.length > 1) return lines.some(isRule) || areRows(lines) ? 'table' : 'text'
  if (numberOf(first) !== undefined) return 'number'
  return /\s/.test(first) ? 'text' : 'word'
}

/** Same but for blanks, rules and how numbers are written. */
function isSame(found: string, stored: string): boolean {
  const [a, b] = [wordsOf(found), wordsOf(stored)]
  return a.length === b.length && a.length > 0 && a.every((word, i) => isSameWord(word, b[i] ?? ''))
}

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const [x, y] = [numberOf(a), numberOf(b)]
  return x !== undefined && x === y
}

/** What is different, without what would be right. */
function differing(kind: AnswerKind, found: string, stored: string): string {
  if (kind === 'number') return ofNumbers(numberOf(found.trim()), numberOf(stored.trim()))
  const [a, b] = [linesOf(found), linesOf(stored)]
  if (a.length !== b.length) return a.length < b.length ? 'lines are missing' : 'too many lines'
  if (sorted(a) === sorted(b)) return 'the lines are right, their order is not'
  const shape = (lines: readonly string[]) => lines.join('\n').replace(/[\d.]+/g, '0')
  return shape(a) === shape(b) ? 'its numbers differ' : 'its words differ'
}

/** A factor of a thousand is a matter of units. */
function ofNumbers(found: number | undefined, stored: number | undefined): string {
  const ratio = (found ?? 0) / (stored ?? 1)
  const isUnit = [1e3, 1e6, 1e9].some((by) => isNear(ratio, by) || isNear(ratio, 1 / by))
  return isUnit ? 'look at the unit' : 'look again at what is counted'
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a / b - 1) < 0.001
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').map(trimmed).filter(Boolean)
}

function trimmed(line: string): string {
  return line.trim().replace(/\s+/g, ' ')
}

function sorted(lines: readonly string[]): string {
  return [...lines].sort().join('\n')
}

function isRule(line: string): boolean {
  return /^-{2,}( -{2,})*$/.test(line)
}

/** Lines that end in a number each, as aggregations are printed. */
function areRows(lines: readonly string[]): boolean {
  return lines.every((line) => numberOf(line.split(' ').at(-1) ?? '') !== undefined)
}

function wordsOf(text: string): readonly string[] {
  const lines = linesOf(text).filter((line) => !isRule(line))
  return lines.flatMap((line) => line.split(' '))
}

/** 613, 613n, 0x265, -1.5; undefined for what is none. */
function numberOf(text: string): number | undefined {
  const plain = text.replace(/^'(.*)'$/, '$1').replace(/^(-?(?:0x[\da-f]+|\d+))n$/i, '$1')
  return /^-?(0x[\da-f]+|\d+(\.\d+)?)$/i.test(plain) ? Number(plain) : undefined
}

function wrong(why: string): Verdict {
  return { isRight: false, text: `not yet: ${why}` }
}
