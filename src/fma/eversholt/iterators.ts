// Iterators of a path: the names that stand for an instance. A step without one has one all the
// same, which no source can write.
//
//   chip[c]/core<>/core  ->  c  core##0  core#1
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/tree.c (make_explicit).
import type { Path } from './tree.js'

/** Names of the iterators of a path, step by step. Steps with a number or a computed instance have
 *  none. */
export function iteratorsOf(path: Path | undefined): readonly string[] {
  const { steps } = path ?? { steps: [] }
  return steps.flatMap(({ name, expands, instance }, i) => {
    if (instance !== undefined) return instance.kind === 'name' ? [instance.name] : []
    const nth = steps.slice(0, i).filter((step) => step.name === name).length
    return [`${name}#${expands === 'horizontal' ? '#' : ''}${nth}`]
  })
}
