// Checks that nothing causes itself: an error that propagates, over others or not, to itself.
//
//   error.a@x -> error.b@x;   error.b@x -> error.a@x;   a cycle
//
// Holds: each propagation is walked once, however many ways lead over it.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c (check_cycle).
import { classType } from './class-type.js'
import { classKey } from './declarations.js'
import type { Diagnostics } from './diagnostics.js'
import type { Pragmas } from './pragma.js'
import type { Place } from './source.js'
import type { ClassAt, Statement } from './tree.js'

interface Edge {
  readonly to: string
  readonly at: Place
}

/** Reports each cycle where its last arrow stands; warns only, when the file says so. */
export function checkCycles(
  statements: readonly Statement[],
  cycles: Pragmas['cycles'],
  diagnostics: Diagnostics,
): void {
  const edges = edgesOf(statements)
  const done = new Set<string>()
  for (const start of edges.keys()) {
    walk(start, edges, done, (ring, at) => {
      const message = `what is caused here causes itself: ${shownRing(ring).join(' -> ')}`
      const hint = '#pragma allow_cycles 1'
      if (cycles === 'warned') diagnostics.warn(at, 'esc.cycle', message, hint)
      else diagnostics.error(at, 'esc.cycle', message, hint)
    })
  }
}

/** Of a long ring both ends. */
function shownRing(ring: readonly string[]): readonly string[] {
  const left = ring.length - 8
  return left <= 0 ? ring : [...ring.slice(0, 4), `${left} more`, ...ring.slice(-4)]
}

/** Walks all that an error leads to, depth first, without recursion. */
function walk(
  start: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  done: Set<string>,
  found: (ring: readonly string[], at: Place) => void,
): void {
  if (done.has(start)) return
  const trail = [{ key: start, next: 0 }]
  const onTrail = new Map([[start, 0]])
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const edge = edges.get(top.key)?.[top.next++]
    if (edge === undefined) {
      done.add(top.key)
      onTrail.delete(top.key)
      trail.pop()
      continue
    }
    const from = onTrail.get(edge.to)
    if (from !== undefined) found([...trail.slice(from).map(({ key }) => key), edge.to], edge.at)
    else if (!done.has(edge.to)) {
      onTrail.set(edge.to, trail.length)
      trail.push({ key: edge.to, next: 0 })
    }
  }
}

/** From each error to the errors it leads to. */
function edgesOf(statements: readonly Statement[]): ReadonlyMap<string, readonly Edge[]> {
  const edges = new Map<string, Edge[]>()
  for (const statement of statements) {
    if (statement.kind !== 'prop') continue
    let causes: readonly ClassAt[] = statement.causes
    for (const { effects } of statement.arrows) {
      const to = effects.filter(isError).map((effect) => ({ to: classKey(effect), at: effect.at }))
      for (const cause of causes.filter(isError)) {
        const key = classKey(cause)
        const known = edges.get(key) ?? []
        known.push(...to)
        edges.set(key, known)
      }
      causes = effects
    }
  }
  return edges
}

const isError = ({ name }: ClassAt): boolean => classType(name) === 'error'
