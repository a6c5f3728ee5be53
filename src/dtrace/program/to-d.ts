// A program as readable D: pragmas, declarations, clauses.
//
//   Program  ->  self uint64_t ts; ... xpv:::*-start / self->ts == 0 / { ... }
//
// Holds: the D compiler makes an equal program of the text, as far as the catalog still has the
// probes.
import { assertNever } from '../../base/assert.js'
import type {
  AggregationDecl,
  HeatmapFunction,
  LinearFunction,
  SeriesFunction,
} from '../aggregate/aggregation.js'
import type { ProbeDescription } from '../probe/description.js'
import { printInterval } from './interval.js'
import { printPercent } from './percent.js'
import type { Clause, Expr, Program, Statement } from './program.js'
import { quoteString } from './string-literal.js'
import { type ExprNames, printExpr, printKeys } from './to-d-expression.js'
import { printDeclarations } from './to-d-type.js'
import { INT } from './types.js'

/** Prints a program. Ends with a newline; an empty program is an empty text. */
export function programToD(program: Program): string {
  const printer = new Printer(program)
  const clauses = program.clauses
    .filter((c) => c.probes.length > 0 || (c.specs?.length ?? 0) > 0)
    .map((c) => printer.clause(c))
  const head = [
    [...program.options].map(([name, value]) => printOption(name, value)).join('\n'),
    ...printDeclarations(program),
  ]
  const parts = [...head, ...clauses].filter((part) => part !== '')
  return parts.map((part) => `${part}\n`).join('\n')
}

function printOption(name: string, value: string): string {
  return `#pragma D option ${name}${value === '' ? '' : `=${value}`}`
}

class Printer {
  readonly #program: Program
  readonly #names: ExprNames

  constructor(program: Program) {
    this.#program = program
    this.#names = {
      variable: (id) => program.variables[id] ?? { id, scope: 'this', name: `_${id}`, type: INT },
    }
  }

  clause(clause: Clause): string {
    const specs = clause.specs ?? clause.probes.map(printProbe)
    const predicate = clause.predicate === undefined ? [] : [`/${this.#print(clause.predicate)}/`]
    const body = clause.statements.map((s) => `\t${this.#statement(s)};`)
    return [specs.join(',\n'), ...predicate, '{', ...body, '}'].join('\n')
  }

  #print(expr: Expr): string {
    return printExpr(expr, this.#names)
  }

  #statement(s: Statement): string {
    switch (s.kind) {
      case 'expr':
        return this.#print(s.expr)
      case 'aggregate':
        return this.#aggregate(s)
      case 'trace':
        return `trace(${this.#argument(s.value)})`
      case 'printf':
      case 'system':
      case 'freopen':
        return this.#call(s.kind, quoteString(s.format.text), ...s.args)
      case 'print':
        return this.#call('print', s.value)
      case 'tracemem': {
        const shown = s.shown === undefined ? [] : [s.shown]
        return this.#call('tracemem', s.address, String(s.size), ...shown)
      }
      case 'stack':
        return this.#call(s.which, ...(s.frames === undefined ? [] : [s.frames]))
      case 'speculate':
      case 'commit':
      case 'discard':
        return this.#call(s.kind, s.id)
      case 'ftruncate':
        return 'ftruncate()'
      case 'setopt':
        return this.#call('setopt', s.option, ...(s.value === undefined ? [] : [s.value]))
      case 'live':
        return this.#call(s.action, ...s.args)
      case 'printa': {
        const names = s.aggregations.map((id) => this.#name(id))
        const format = s.format === undefined ? [] : [quoteString(s.format.text)]
        return `printa(${[...format, ...names].join(', ')})`
      }
      case 'exit':
        return this.#call('exit', s.status)
      case 'clear':
      case 'denormalize':
        return this.#call(s.kind, this.#name(s.aggregation))
      case 'trunc': {
        const count = s.count === undefined ? [] : [s.count]
        return this.#call('trunc', this.#name(s.aggregation), ...count)
      }
      case 'normalize':
        return this.#call('normalize', this.#name(s.aggregation), s.factor)
      default:
        return assertNever(s)
    }
  }

  /** An argument list takes expressions without a comma operator of their own. */
  #argument(expr: Expr): string {
    return printKeys([expr], this.#names)
  }

  #call(name: string, ...args: readonly (string | Expr)[]): string {
    const texts = args.map((a) => (typeof a === 'string' ? a : this.#argument(a)))
    return `${name}(${texts.join(', ')})`
  }

  #name(id: number): string {
    const name = this.#decl(id)?.name ?? '_'
    return `@${name === '_' ? '' : name}`
  }

  #decl(id: number): AggregationDecl | undefined {
    return this.#program.aggregations[id]
  }

  #aggregate(s: Statement & { kind: 'aggregate' }): string {
    const brackets = s.keys.length === 0 ? '' : `[${printKeys(s.keys, this.#names)}]`
    return `${this.#name(s.aggregation)}${brackets} = ${this.#function(s)}`
  }

  #function(s: Statement & { kind: 'aggregate' }): string {
    const how = this.#decl(s.aggregation)?.function ?? { kind: 'count' as const }
    const value = s.value === undefined ? [] : [s.value]
    const increment = s.increment === undefined ? [] : [s.increment]
    const more = increment.length > 0
    switch (how.kind) {
      case 'lquantize':
        return this.#call(how.kind, ...value, ...linearBounds(how, more), ...increment)
      case 'llquantize': {
        const { factor, low, high, steps } = how
        return this.#call(
          how.kind,
          ...value,
          ...[factor, low, high, steps].map(String),
          ...increment,
        )
      }
      case 'quantile':
        return this.#call(how.kind, ...value, ...how.ranks.map(rankText))
      case 'heatmap':
        return this.#call(how.kind, ...value, intervalText(how))
      case 'series': {
        const inner = this.#call(how.of, ...(how.of === 'count' ? [] : value))
        return this.#call(how.kind, inner, intervalText(how))
      }
      default:
        return this.#call(how.kind, ...value, ...increment)
    }
  }
}

function linearBounds({ base, limit, step }: LinearFunction, more: boolean): readonly string[] {
  return [base, limit, ...(step !== 1 || more ? [step] : [])].map(String)
}

/** A whole percentage as an integer, any other as a string. */
function rankText(rank: number): string {
  const text = printPercent(rank)
  return /^[0-9]+$/.test(text) ? text : quoteString(text)
}

const intervalText = ({ intervalNs }: HeatmapFunction | SeriesFunction): string =>
  quoteString(printInterval(intervalNs))

/** All four names; what a specification cannot spell becomes a `?`, a glob character is escaped. */
function printProbe(probe: ProbeDescription): string {
  if (probe.provider === 'dtrace') return probe.name
  const parts = [probe.provider, probe.module, probe.function, probe.name]
  return parts
    .map((p) => p.replace(/[^-$0-9a-zA-Z_.`?*\\[\]!]/g, '?').replace(/[*[\\]/g, '\\$&'))
    .join(':')
}
