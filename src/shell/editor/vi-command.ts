// Commands of vi: what was given so far, taken apart.
//
//   '2d3w'  ->  count 6, operator d, motion w        'd' 'f' '2'  ->  more is needed
import { isMotionStart } from './vi-motion.js'

/** A command of vi's normal mode. */
export interface ViCommand {
  readonly count: number | undefined
  /** d, c, y, <, >; '' where there is none. */
  readonly operator: string
  /** A motion, an object, or a command of its own; with an operator the same letter: whole lines.
   *  */
  readonly name: string
}

const GIVEN = /^([1-9]\d*)?(?:([dcy<>])([1-9]\d*)?)?([\s\S]*)$/u

/** The command that was given; undefined as long as it is not all. */
export function commandOf(given: string): ViCommand | undefined {
  const [, first, operator = '', second, name = ''] = GIVEN.exec(given) ?? []
  if (name === '' || isMotionStart(name, operator !== '')) return undefined
  if (name === 'r' && operator === '') return undefined
  const counts = [first, second].flatMap((each) => (each === undefined ? [] : [Number(each)]))
  const count = counts.length === 0 ? undefined : counts.reduce((a, b) => a * b)
  return { count: count === undefined ? undefined : Math.min(count, 10_000), operator, name }
}
