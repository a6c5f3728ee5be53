// What a file of rules is made of, in numbers.
import { classType } from './class-type.js'
import type { CompiledRules } from './compile.js'
import type { Expression, Statement } from './tree.js'
import { rootsOf, visitExpressions } from './walk.js'

/** Statements, declared classes by type, calls by function, counts at arrows as written. */
export interface RuleCounts {
  readonly tokens: number
  readonly statements: Readonly<Record<string, number>>
  readonly types: Readonly<Record<string, number>>
  readonly calls: Readonly<Record<string, number>>
  readonly arrowCounts: Readonly<Record<string, number>>
}

const STATEMENTS = ['prop', 'mask', 'event', 'engine', 'asru', 'fru', 'config', 'if'] as const

/** Counts one file. Kinds of statements are all there, other names only when they occur. */
export function countRules({ rules, tokens }: CompiledRules): RuleCounts {
  const statements: Record<string, number> = Object.fromEntries(STATEMENTS.map((s) => [s, 0]))
  const types: Record<string, number> = {}
  const calls: Record<string, number> = {}
  const arrowCounts: Record<string, number> = {}
  const count = (all: readonly Statement[]): void => {
    for (const statement of all) {
      add(statements, statement.kind)
      if ('subject' in statement) add(types, classType(statement.subject.name) ?? 'unknown')
      if ('arrows' in statement)
        for (const { n, k } of statement.arrows)
          for (const c of [n, k]) if (c !== undefined) add(arrowCounts, asWritten(c))
      visitExpressions(rootsOf(statement), (e) => {
        if (e.kind === 'call') add(calls, e.name)
      })
      if (statement.kind === 'if') count(statement.statements)
    }
  }
  count(rules.statements)
  return { tokens, statements, types, calls, arrowCounts }
}

/** The sum of several counts. */
export function sumCounts(all: readonly RuleCounts[]): RuleCounts {
  return {
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
    statements: sum(all.map(({ statements }) => statements)),
    types: sum(all.map(({ types }) => types)),
    calls: sum(all.map(({ calls }) => calls)),
    arrowCounts: sum(all.map(({ arrowCounts }) => arrowCounts)),
  }
}

function sum(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) add(total, name, count)
  return total
}

function add(counts: Record<string, number>, name: string, count = 1): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + count
}

function asWritten(count: Expression): string {
  if (count.kind === 'number') return String(count.value)
  return count.kind === 'name' ? count.name : 'computed'
}
