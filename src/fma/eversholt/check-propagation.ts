// Checks of propagations: what stands on which side, that it is declared, how many must hold, and
// which iterators its constraints may use.
//
//   prop fault.x@chip[c] (0)-> ereport.x@chip[c] { confprop(chip[c], "a") == 1 };
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c (check_propnames, check_propscope,
// check_proplists, check_arrow).
import { arrowCount } from './arrow-count.js'
import { classType } from './class-type.js'
import { requireClass, type Use } from './declarations.js'
import type { Diagnostics } from './diagnostics.js'
import { iteratorsOf } from './iterators.js'
import type { Arrow, ClassAt, Expression, Propagation } from './tree.js'
import { classesOf, visitExpressions } from './walk.js'

/** Checks one `prop` or `mask`. */
export function checkPropagation(propagation: Propagation, use: Use): void {
  const { causes, arrows } = propagation
  for (const cause of causes) checkSide(cause, { isCause: true, isEffect: false }, use)
  for (const [i, arrow] of arrows.entries()) {
    const isLast = i === arrows.length - 1
    for (const effect of arrow.effects) checkSide(effect, { isCause: !isLast, isEffect: true }, use)
    if (!isLast) checkSingle(arrow, use.diagnostics)
    const before = i === 0 ? causes : (arrows[i - 1] as Arrow).effects
    checkCount('N', arrow.n, arrow.effects, before, use.diagnostics)
    checkCount('K', arrow.k, before, arrow.effects, use.diagnostics)
  }
  checkScope(propagation, use.diagnostics)
}

/** Whether a class is a cause, an effect, or between two arrows both. */
interface Side {
  readonly isCause: boolean
  readonly isEffect: boolean
}

function checkSide(of: ClassAt, side: Side, use: Use): void {
  const why = wrongSide(of, side)
  if (why === undefined) requireClass(use, of)
  else if (why !== '') use.diagnostics.error(of.at, 'esc.wrong-side', why)
}

/** Why a class may not stand where it does; '' when that is told already. */
function wrongSide({ name }: ClassAt, { isCause, isEffect }: Side): string | undefined {
  const type = classType(name)
  switch (type) {
    case undefined:
      return ''
    case 'error':
      return undefined
    case 'ereport':
      return isCause ? `an ereport causes nothing: ${name} stands right of ->` : undefined
    case 'fault':
    case 'upset':
    case 'defect': {
      const article = type === 'upset' ? 'an' : 'a'
      return isEffect ? `${article} ${type} has no cause: ${name} stands left of ->` : undefined
    }
    case 'serd':
    case 'stat':
      return `an engine is neither cause nor effect: ${name} is a property, engine or count`
  }
}

/** Between two arrows stands one class. */
function checkSingle({ effects }: Arrow, diagnostics: Diagnostics): void {
  const [, second] = effects
  if (second === undefined) return
  const message = 'between two arrows stands one class'
  diagnostics.error(second.at, 'esc.list-between-arrows', message, 'write two statements')
}

/** N counts effects of one cause, K causes of one effect: those of a list, unless an iterator that
 *  the other side does not have makes several of one. */
function checkCount(
  letter: 'N' | 'K',
  count: Expression | undefined,
  classes: readonly ClassAt[],
  others: readonly ClassAt[],
  diagnostics: Diagnostics,
): void {
  if (count === undefined) return
  const value = arrowCount(count)
  if (value.kind === 'wrong') {
    diagnostics.error(value.at, 'esc.bad-count', `${letter}: ${value.why}`, '(0), (1), (A)')
    return
  }
  if (value.kind === 'all') return
  if (count.kind !== 'number') {
    const message = `${letter} is computed, and illumos' fmd takes only a number or A`
    diagnostics.warn(count.at, 'esc.computed-count', message, `(${value.count})`)
  }
  if (value.count <= BigInt(classes.length)) return
  const bound = new Set(others.flatMap((other) => iteratorsOf(other.path)))
  const isSeveral = classes.some(({ path }) => iteratorsOf(path).some((name) => !bound.has(name)))
  if (isSeveral) return
  const [noun, those] = letter === 'N' ? ['effect', 'effects'] : ['cause', 'causes']
  const most = classes.length === 1 ? `one ${noun}` : `${classes.length} ${those}`
  const message = `${letter} is ${value.count}, and there are never more than ${most}`
  diagnostics.warn(count.at, 'esc.count-out-of-reach', message)
}

/** Constraints may use the iterators of the paths of all classes. */
function checkScope(propagation: Propagation, diagnostics: Diagnostics): void {
  const classes = classesOf(propagation)
  const bound = new Set(classes.flatMap(({ path }) => iteratorsOf(path)))
  const constraints = classes.flatMap((of) => of.constraints)
  const told = new Set<Expression>()
  visitExpressions(constraints, (e) => {
    if (e.kind === 'path') {
      checkBound(e, bound, diagnostics)
      for (const { instance } of e.path.steps) if (instance?.kind === 'name') told.add(instance)
    } else if (e.kind === 'name' && e.name !== 'infinity' && !bound.has(e.name) && !told.has(e)) {
      const message = `no path of this statement has the iterator ${e.name}`
      const hint = `bind it, such as chip[${e.name}], or #define it`
      diagnostics.warn(e.at, 'esc.unbound-name', message, hint)
    }
  })
}

function checkBound(
  { path }: Expression & { readonly kind: 'path' },
  bound: ReadonlySet<string>,
  diagnostics: Diagnostics,
): void {
  for (const iterator of iteratorsOf(path)) {
    if (bound.has(iterator)) continue
    const [name = ''] = iterator.split('#', 1)
    const isSaid = name === iterator
    const message = isSaid
      ? `no path of this statement has the iterator ${name}`
      : `it is not said which ${name} is meant: no path of this statement has ${name} by itself`
    const hint = isSaid ? undefined : `give ${name} the iterator that it has there: ${name}[n]`
    diagnostics.error(path.at, 'esc.unbound-iterator', message, hint)
  }
}
