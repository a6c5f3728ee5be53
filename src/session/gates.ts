// Gates: what is written into code so that none of it goes on once its cell was cut off.
//
//   await p                        ->  BACK(await AWAIT(p, N))
//   for await (const x of xs)      ->  for await (const x of EACH((xs), N))
//   p.then(f, g)  .catch  .finally ->  p.then(...TURNS(N, 'then', f, g))
//
// Holds: code means what it meant; places behind a gate are further right on their line. N is the
// cell the code is written in; that of an imported file is of whichever cell runs it: 0.
import type { AnyNode } from 'acorn'

/** The global functions that stand between a cell and what it waits for. */
export const AWAIT_FUNCTION = '__xpvAwait'
export const BACK_FUNCTION = '__xpvBack'
export const EACH_FUNCTION = '__xpvEach'
export const TURNS_FUNCTION = '__xpvTurns'

/** A text to be put in. What closes an expression comes before what closes the one around it. */
export interface Gate {
  readonly at: number
  readonly text: string
  readonly rank: 0 | 1
}

/** The names of the functions, as the code around them knows them. */
export interface GateNames {
  readonly wait: string
  readonly back: string
  readonly each: string
  readonly turns: string
}

/** The gates of one node, not of those below it. It uses nothing but what it is given: it is sent
 *  to another thread as text, for files that cells import. */
export function gatesOf(js: string, node: AnyNode, cell: number, names: GateNames): Gate[] {
  if (node.type === 'AwaitExpression') {
    return [
      { at: node.start, text: `${names.back}(`, rank: 1 },
      { at: node.start + 'await'.length, text: ` ${names.wait}(`, rank: 1 },
      { at: node.end, text: `, ${cell}))`, rank: 0 },
    ]
  }
  if (node.type === 'ForOfStatement' && node.await) {
    return [
      { at: node.right.start, text: `${names.each}((`, rank: 1 },
      { at: node.right.end, text: `), ${cell})`, rank: 0 },
    ]
  }
  if (node.type !== 'CallExpression' || node.arguments.length === 0) return []
  const { callee } = node
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return []
  const { name } = callee.property
  if (callee.computed || !/^(then|catch|finally)$/.test(name)) return []
  const opening = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n|\?\.)*\(/y
  opening.lastIndex = callee.end
  const open = opening.exec(js)?.[0]
  if (open === undefined) return []
  return [
    { at: callee.end + open.length, text: `...${names.turns}(${cell}, '${name}', `, rank: 1 },
    { at: node.end - 1, text: ')', rank: 1 },
  ]
}
