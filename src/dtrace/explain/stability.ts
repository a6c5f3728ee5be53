// The stability report of -v: the least that a program's probe descriptions and statements may be
// relied upon.
//
// Source: cmd/dtrace (exec_prog), libdtrace dt_program.c (dtrace_program_info), dt_cc.c: the names
// of a probe have the attributes of its provider.
import { PARTS } from '../probe/pattern.js'
import type { Clause, Expr, Statement } from '../program/program.js'
import { providerStability } from '../program/provider-stability.js'
import {
  leastStability,
  STABLE,
  type Stability,
  stabilityLines,
  stabilityOf,
} from '../program/stability.js'

/** The report on the clauses of one source; `what` is as in `script 'f.d' matched ...`. */
export function stabilityReport(what: string, clauses: readonly Clause[]): string {
  const descriptions = clauses.map(descriptionStability).reduce(leastStability, STABLE)
  const statements = clauses.map(statementStability).reduce(leastStability, STABLE)
  return (
    `\nStability attributes for ${what}:\n` +
    `\n\tMinimum Probe Description Attributes\n${stabilityLines(descriptions)}` +
    `\n\tMinimum Statement Attributes\n${stabilityLines(statements)}`
  )
}

/** The least of the parts that were written. */
function descriptionStability({ probes, specs }: Clause): Stability {
  const written = (specs ?? []).flatMap((spec) => {
    const texts = spec.split(':')
    return PARTS.slice(PARTS.length - texts.length).filter((_, i) => texts[i] !== '')
  })
  const parts = specs === undefined ? PARTS : written
  return probes
    .map(({ provider }) => providerStability(provider))
    .flatMap((attributes) => parts.map((part) => attributes[part]))
    .reduce(leastStability, STABLE)
}

const OF_THE_PROBE: ReadonlyMap<string, 'provider' | 'module' | 'function' | 'name'> = new Map([
  ['probeprov', 'provider'],
  ['probemod', 'module'],
  ['probefunc', 'function'],
  ['probename', 'name'],
])

/** The least of all names that a clause uses. */
function statementStability({ probes, predicate, statements }: Clause): Stability {
  const providers = [...new Set(probes.map(({ provider }) => provider))].map(providerStability)
  let least = STABLE
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const expr = node as Expr | Statement
    if (expr.kind === 'call') least = leastStability(least, stabilityOf(expr.name))
    const part = expr.kind === 'builtin' ? OF_THE_PROBE.get(expr.name) : undefined
    const used = expr.kind === 'arg' && expr.type.name !== 'int64_t' ? 'args' : part
    if (used !== undefined) for (const of of providers) least = leastStability(least, of[used])
    for (const [name, inner] of Object.entries(expr)) if (name !== 'type') visit(inner)
  }
  visit(predicate)
  visit(statements)
  return least
}
