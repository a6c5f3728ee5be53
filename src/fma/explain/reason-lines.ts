// Reason lines: why a diagnosis came out as it did, as a tree to be read.
//
//   suspect   fault.cpu.generic-x86.l1dcache@.../strand=0
//   ├─ fired     serd serd.cpu.generic-x86.l1dcache: 4 in 30 s, more than 3 in 72 h
//   └─ seen      ereport ...l1dcache
//
// Holds: every part of the reason is there, in its order, with its verdict.
import type { Reason } from '../fmd/reason.js'

/** The lines of a reason, without line ends. */
export function reasonLines(reason: Reason): readonly string[] {
  return [lineOf(reason), ...below(reason.children, '')]
}

function below(children: readonly Reason[], indent: string): readonly string[] {
  return children.flatMap((child, i) => {
    const isLast = i === children.length - 1
    const first = `${indent}${isLast ? '└─ ' : '├─ '}${lineOf(child)}`
    return [first, ...below(child.children, `${indent}${isLast ? '   ' : '│  '}`)]
  })
}

function lineOf({ kind, what, verdict, because, values = [] }: Reason): string {
  const named = kind === 'note' ? what : `${kind} ${what}`
  const told = values.map(([name, value]) => `${name} = ${value}`).join(', ')
  const why = because === undefined ? '' : `: ${because}`
  return `${named}${kind === 'note' ? '' : `  ${verdict}`}${why}${told === '' ? '' : ` (${told})`}`
}
