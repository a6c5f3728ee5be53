// Rule set: what all files of rules together say, made ready to be laid over a topology.
//
//   compiled files  ->  statements with their arrows, declarations by class and path
//
// Holds: a step of a path without an iterator has one of its own (iterators.ts). What `mask` says
// is not looked at, as illumos' engine does not. Source: illumos-gate
// usr/src/cmd/fm/eversholt/common/tree.c; usr/src/cmd/fm/modules/common/eversholt/itree.c.
import { XpvError } from '../../base/error.js'
import { arrowCount } from './arrow-count.js'
import { type ClassType, classType } from './class-type.js'
import type { CompiledRules } from './compile.js'
import { classKey } from './declarations.js'
import { iteratorsOf } from './iterators.js'
import type { ClassAt, ConfigStatement, Expression, Path, Propagation } from './tree.js'
import { UNIT_NS } from './units.js'
import { flatten } from './walk.js'

/** One step of a path in a rule. */
export interface RuleStep {
  readonly name: string
  readonly isHorizontal: boolean
  /** Undefined where a number or something computed says which instance. */
  readonly iterator: string | undefined
  readonly instance: Expression | undefined
}

/** What is declared of a class at a path: all its properties together. */
export interface Declared {
  readonly key: string
  readonly name: string
  readonly type: ClassType
  readonly properties: ReadonlyMap<string, Expression>
  /** How long an arrow to it takes where the arrow does not say. */
  readonly delay: Delay | undefined
}

/** From cause to effect, in nanoseconds; Infinity is without end. */
interface Delay {
  readonly minNs: number
  readonly maxNs: number
}

/** A class as it stands in a propagation. */
export interface RuleClass {
  readonly name: string
  readonly type: ClassType
  readonly steps: readonly RuleStep[]
  readonly constraints: readonly Expression[]
  readonly declared: Declared
  /** How long an arrow to it takes. */
  readonly delay: Delay
}

/** One arrow. A count of -1 means all. */
export interface RuleArrow {
  readonly causes: readonly RuleClass[]
  readonly effects: readonly RuleClass[]
  readonly n: number
  readonly k: number
}

/** One propagation. */
export interface RuleStatement {
  readonly index: number
  readonly arrows: readonly RuleArrow[]
  /** All of it, each once: causes, then effects. */
  readonly classes: readonly RuleClass[]
  /** Names of iterators; a binding is a number for each. */
  readonly iterators: ReadonlyMap<string, number>
  readonly source: Propagation
}

/** All that some files say. */
export interface RuleSet {
  readonly statements: readonly RuleStatement[]
  readonly declarations: ReadonlyMap<string, Declared>
  /** Classes of ereports that are declared, and those that may be dropped when nobody knows their
   *  place. */
  readonly ereports: readonly string[]
  readonly discardable: ReadonlySet<string>
  readonly configs: readonly ConfigStatement[]
  readonly dictionaries: readonly string[]
}

/** Puts files of rules together. Throws XpvError `eft.rules` when one has errors. */
export function ruleSet(files: readonly CompiledRules[]): RuleSet {
  for (const { isRight, diagnostics } of files) if (!isRight) refuse(diagnostics)
  const statements = files.flatMap(({ rules }) => flatten(rules.statements))
  const declarations = declaredIn(files)
  const reports = [...declarations.values()].filter(({ type }) => type === 'ereport')
  const discarded = reports.filter((d) => d.properties.has('discard_if_config_unknown'))
  return {
    statements: statements
      .flatMap((s) => (s.kind === 'prop' ? [s] : []))
      .map((s, index) => statementOf(s, index, declarations)),
    declarations,
    ereports: [...new Set(reports.map(({ name }) => name))],
    discardable: new Set(discarded.map(({ name }) => name)),
    configs: statements.flatMap((s) => (s.kind === 'config' ? [s] : [])),
    dictionaries: [...new Set(files.flatMap(({ pragmas }) => pragmas.dictionaries))],
  }
}

function refuse(diagnostics: CompiledRules['diagnostics']): never {
  const first = diagnostics.find(({ severity }) => severity === 'error')
  const where = first === undefined ? 'rules' : `${first.file}:${first.line}`
  const hint = `xpv esc check ${first?.file ?? 'FILE'}`
  throw new XpvError('eft.rules', `${where}: ${first?.message ?? 'they have errors'}`, hint)
}

function declaredIn(files: readonly CompiledRules[]): Map<string, Declared> {
  const found = new Map<string, Declared & { properties: Map<string, Expression> }>()
  for (const statement of files.flatMap(({ rules }) => flatten(rules.statements))) {
    if (statement.kind !== 'event' && statement.kind !== 'engine') continue
    const { subject } = statement
    const key = classKey(subject)
    const type = classType(subject.name) ?? 'error'
    const delay = withinOf(subject.constraints)
    const known = found.get(key) ?? { key, name: subject.name, type, properties: new Map(), delay }
    found.set(key, known)
    for (const { name, value } of statement.properties)
      if (!known.properties.has(name)) known.properties.set(name, value)
  }
  return found
}

/** The last `within` of some constraints. */
function withinOf(constraints: readonly Expression[]): Delay | undefined {
  const call = constraints.findLast((e) => e.kind === 'call' && e.name === 'within')
  if (call?.kind !== 'call') return undefined
  const times = call.args.map(nsOf)
  const last = times.at(-1) ?? 0
  return { minNs: times.length > 1 ? (times[0] ?? 0) : 0, maxNs: last }
}

function nsOf(e: Expression): number {
  if (e.kind === 'time') return Number(timeNs(e))
  return e.kind === 'name' ? Number.POSITIVE_INFINITY : 0
}

/** Nanoseconds of `72h`. */
export function timeNs({ count, unit }: Expression & { readonly kind: 'time' }): bigint {
  return count * (UNIT_NS.get(unit) ?? 1n)
}

const AT_ONCE: Delay = { minNs: 0, maxNs: 0 }

function statementOf(
  source: Propagation,
  index: number,
  declarations: ReadonlyMap<string, Declared>,
): RuleStatement {
  const sides = [source.causes, ...source.arrows.map(({ effects }) => effects)]
  const made = sides.map((side) => side.map((of) => ruleClass(of, declarations)))
  const arrows = source.arrows.map(
    ({ n, k }, i): RuleArrow => ({
      causes: made[i] ?? [],
      effects: made[i + 1] ?? [],
      n: countOf(n),
      k: countOf(k),
    }),
  )
  const classes = made.flat()
  const names = classes.flatMap(({ steps }) => steps.flatMap(({ iterator }) => iterator ?? []))
  const iterators = new Map([...new Set(names)].map((name, i) => [name, i]))
  return { index, arrows, classes, iterators, source }
}

function ruleClass(of: ClassAt, declarations: ReadonlyMap<string, Declared>): RuleClass {
  const key = classKey(of)
  const type = classType(of.name) ?? 'error'
  const undeclared = { key, name: of.name, type, properties: new Map(), delay: undefined }
  const declared = declarations.get(key) ?? undeclared
  return {
    name: of.name,
    type,
    steps: stepsOf(of.path),
    constraints: of.constraints,
    declared,
    delay: withinOf(of.constraints) ?? declared.delay ?? AT_ONCE,
  }
}

function countOf(expression: Expression | undefined): number {
  if (expression === undefined) return 1
  const count = arrowCount(expression)
  return count.kind === 'count' ? Number(count.count) : -1
}

/** The steps of a path, each with its iterator. */
export function stepsOf(path: Path | undefined): readonly RuleStep[] {
  if (path === undefined) return []
  const known = STEPS.get(path)
  if (known !== undefined) return known
  const made = makeSteps(path)
  STEPS.set(path, made)
  return made
}

/** Paths are asked for again with every arrow. */
const STEPS = new WeakMap<Path, readonly RuleStep[]>()

function makeSteps(path: Path): readonly RuleStep[] {
  const names = iteratorsOf(path)
  let next = 0
  return path.steps.map(({ name, expands, instance }) => {
    const isBound = instance === undefined || instance.kind === 'name'
    return {
      name,
      isHorizontal: expands === 'horizontal',
      iterator: isBound ? names[next++] : undefined,
      instance: isBound ? undefined : instance,
    }
  })
}
