// Clauses: which probes, under which condition, doing what.
//
// Source: the D language guide, "Program Structure"; libdtrace dt_parser.c (dt_cook_clause): the
// actions are checked before the predicate, unless they read a variable that the predicate makes.
import type { Clause, Expr, Statement } from '../program/program.js'
import type { CallNode, ClauseNode, Node, StatementNode } from './ast.js'
import { checkAction } from './check-action.js'
import { aggregationOf, checkAggregate } from './check-aggregate.js'
import { calleeOf } from './check-call.js'
import { checkExpression, checkValue } from './check-expression.js'
import { StatementOrder } from './check-order.js'
import { type CheckContext, isNumber } from './checked.js'
import { Failure } from './diagnostics.js'
import { lowerIf, type Step } from './lower-if.js'
import { type MatchContext, matchSpec } from './match-probes.js'

/** What a clause is checked with, beside names and mistakes. */
export interface ClauseContext extends Pick<CheckContext, 'diagnostics' | 'scope'>, MatchContext {}

/** A clause, made several by if or by specifications that overlap; `matched` counts its probes. */
export interface CheckedClause {
  readonly clauses: readonly Clause[]
  readonly matched: number
  /** Descriptions that matched nothing, in all four parts. */
  readonly missed: readonly string[]
}

/** Checks one clause. Mistakes are reported; a clause with some yields no clauses. */
export function checkClause(cx: ClauseContext, node: ClauseNode): CheckedClause {
  const mark = cx.diagnostics.mark()
  const matches = node.specs.map((spec) => matchSpec(cx, spec))
  const probes = matches.flatMap((m) => m.probes)
  const specs = matches.map((m) => m.spec)
  const { diagnostics, scope } = cx
  const inner: CheckContext = { diagnostics, scope, probes, specs: specs.join(', ') }
  const body = checkBody(inner, node)
  const missed = matches.flatMap((m) => (m.missed === undefined ? [] : [m.missed]))
  if (cx.diagnostics.mark() > mark) return { clauses: [], matched: 0, missed }
  const head = { ...(body.predicate && { predicate: body.predicate }), span: node.span }
  const groups = new Set(probes).size < probes.length ? matches : [{ probes, specs }]
  const clauses = groups
    .map((g) => ({ ...head, probes: g.probes, specs: 'specs' in g ? g.specs : [g.spec] }))
    .filter((g) => g.probes.length > 0)
    .flatMap((g) => lowerIf(g, body.steps, cx.scope))
  return { clauses, matched: probes.length, missed }
}

interface Body {
  readonly steps: readonly Step[]
  readonly predicate: Expr | undefined
}

function checkBody(cx: CheckContext, node: ClauseNode): Body {
  const { diagnostics, scope } = cx
  const nodes = node.statements ?? []
  const { predicate } = node
  const mark = diagnostics.mark()
  const poison = scope.poisonMark()
  const steps = checkActions(cx, nodes)
  if (predicate === undefined) return { steps, predicate }
  const unknown = diagnostics.found
    .slice(mark)
    .some((d) => d.tag === 'D_IDENT_UNDEF' || d.tag === 'D_VAR_UNDEF')
  if (!unknown) return { steps, predicate: checkPredicate(cx, predicate, node.span.end) }
  diagnostics.rewind(mark)
  scope.rewindPoison(poison)
  const first = checkPredicate(cx, predicate, node.span.end)
  return { steps: checkActions(cx, nodes), predicate: first }
}

function checkPredicate(cx: CheckContext, node: Node, end: number): Expr | undefined {
  cx.diagnostics.region = 'predicate'
  let predicate: Expr | undefined
  cx.diagnostics.attempt(() => {
    const value = checkExpression(cx, node)
    if (!isNumber(value)) {
      const message = 'predicate result must be of scalar type'
      const hint = value.type.kind === 'string' ? 'compare it with "" or NULL' : undefined
      cx.diagnostics.fail(node.span, 'D_PRED_SCALAR', message, { hint, noticed: end - 1 })
    }
    predicate = value
  })
  cx.diagnostics.region = undefined
  return predicate
}

function checkActions(cx: CheckContext, nodes: readonly StatementNode[]): readonly Step[] {
  cx.diagnostics.region = 'action list'
  const steps = checkSteps(cx, nodes)
  cx.diagnostics.region = undefined
  return steps
}

function checkSteps(cx: CheckContext, nodes: readonly StatementNode[]): readonly Step[] {
  const steps: Step[] = []
  const order = () => new StatementOrder(cx.diagnostics, cx.scope.dialect)
  let clause = order()
  for (const node of nodes) {
    if (node.kind === 'if') clause = order()
    cx.diagnostics.attempt(() => {
      if (node.kind === 'if') {
        steps.push(checkIf(cx, node))
        return
      }
      const statement = checkStatement(cx, node.expr)
      clause.follow(statement, node.expr.span)
      steps.push(statement)
    })
  }
  return steps
}

function checkIf(cx: CheckContext, node: StatementNode & { kind: 'if' }): Step {
  let test: Expr | undefined
  const failed = cx.diagnostics.attempt(() => {
    const value = checkExpression(cx, node.test)
    if (!isNumber(value)) {
      const message = 'if condition must be of scalar type'
      cx.diagnostics.fail(node.test.span, 'D_OP_SCALAR', message)
    }
    test = value
  })
  const branches = { then: checkSteps(cx, node.then), else: checkSteps(cx, node.else) }
  if (test === undefined) throw new Failure(failed ?? '')
  return { kind: 'if', test, ...branches }
}

/** A statement: an aggregation, an action, or an expression for its effect. */
function checkStatement(cx: CheckContext, node: Node): Statement {
  if (node.kind === 'group') return checkStatement(cx, node.inner)
  if (node.kind === 'assign') {
    const aggregate = checkAggregate(cx, node)
    if (aggregate !== undefined) return aggregate
  }
  if (node.kind === 'call') {
    const { kind } = calleeOf(cx, node)
    if (kind === 'action') return checkAction(cx, node)
    if (kind === 'aggregating') {
      aggregatingAlone(cx, node)
    }
  }
  const aggregation = aggregationOf(node)
  if (aggregation !== undefined) refuseNullEffect(cx, node, aggregation.name.name)
  return { kind: 'expr', expr: checkValue(cx, node) }
}

function aggregatingAlone(cx: CheckContext, node: CallNode): never {
  const hint = 'assign it: @ = ...'
  if (cx.scope.dialect === 'illumos') {
    const message = 'expression cannot evaluate to result of dynamic type'
    cx.diagnostics.fail(node.span, 'D_CG_DYN', message, hint)
  }
  const where = 'may not be called from a D expression (D program context required)'
  const message = `aggregating function ${calleeOf(cx, node).name}( ) ${where}`
  return cx.diagnostics.fail(node.span, 'D_CG_EXPR', message, hint)
}

function refuseNullEffect(cx: CheckContext, node: Node, name: string): never {
  if (node.kind === 'aggregation') checkExpression(cx, node)
  const message = `expression has null effect: @${name}`
  return cx.diagnostics.fail(node.span, 'D_AGG_NULL', message, `such as @${name} = count();`)
}
