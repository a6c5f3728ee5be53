// Rule index: which statements can have to do with an ereport of a class: those that lead to its
// causes, and all that these can cause besides.
//
//   ereport.cpu.generic-x86.mc  ->  2 of 400 statements
//
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/fme.c (prune_propagations), itree.c.
import type { RuleClass, RuleSet, RuleStatement } from './rule-set.js'

/** Finds statements by class. */
export class RuleIndex {
  readonly #causing = new Map<string, RuleStatement[]>()
  readonly #causedBy = new Map<string, RuleStatement[]>()
  readonly #found = new Map<string, readonly RuleStatement[]>()

  constructor({ statements }: RuleSet) {
    for (const statement of statements)
      for (const { causes, effects } of statement.arrows) {
        for (const { name } of effects) add(this.#causing, name, statement)
        for (const { name } of causes) add(this.#causedBy, name, statement)
      }
  }

  /** Statements that matter to an ereport of a class, in their order. */
  of(className: string): readonly RuleStatement[] {
    const known = this.#found.get(className)
    if (known !== undefined) return known
    const causes = reached([className], (name) => this.#causing.get(name), 'causes')
    const all = reached([...causes], (name) => this.#causedBy.get(name), 'effects')
    const statements = new Set([...all].flatMap((name) => this.#causedBy.get(name) ?? []))
    const sorted = [...statements].sort((a, b) => a.index - b.index)
    this.#found.set(className, sorted)
    return sorted
  }

  /** Whether some path of a class ends with a part of this name. */
  knows(className: string, part: string): boolean {
    const statements = this.#causing.get(className) ?? []
    const isIt = ({ name, steps }: RuleClass): boolean =>
      name === className && steps.at(-1)?.name === part
    return statements.some(({ classes }) => classes.some(isIt))
  }
}

function add(map: Map<string, RuleStatement[]>, name: string, statement: RuleStatement): void {
  const known = map.get(name)
  if (known === undefined) map.set(name, [statement])
  else if (known.at(-1) !== statement) known.push(statement)
}

/** All classes that are reached from some, theirs included. */
function reached(
  from: readonly string[],
  statementsOf: (name: string) => readonly RuleStatement[] | undefined,
  side: 'causes' | 'effects',
): ReadonlySet<string> {
  const found = new Set(from)
  for (const name of found)
    for (const { arrows } of statementsOf(name) ?? [])
      for (const arrow of arrows) {
        const other = side === 'causes' ? arrow.effects : arrow.causes
        if (other.some((of) => of.name === name)) for (const of of arrow[side]) found.add(of.name)
      }
  return found
}
