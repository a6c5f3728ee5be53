// Translators: the members of one record as expressions over another value.
//
//   xlate <T> (e).m     ->  the expression for m, with e in the place of the input
//   x = xlate <T> (e)   ->  all members stored in scratch memory, then copied
//
// A member is never more than its expression: what is not asked for is not computed. Members that
// the translator leaves out are 0 in a copy.
// Source: the D language guide, "Translators"; libdtrace dt_parser.c (dt_node_xlator,
// dt_cook_xlator, dt_cook_op2), dt_xlator.c (dt_xlator_lookup), dt_cg.c (dt_cg_xlate_expand).
import { assign, call, constant, convert } from '../program/build.js'
import { memberOf, sizeOf } from '../program/layout.js'
import type { Expr, VariableExpr } from '../program/program.js'
import { type DType, pointerTo, type RecordDType } from '../program/types.js'
import type { MemberNode, Node, TranslatorMemberNode, TranslatorNode } from './ast.js'
import { checkExpression } from './check-expression.js'
import { convertTo, unknownValue } from './check-inline.js'
import { type CheckContext, type Checked, isExpr, type Translation } from './checked.js'
import { isSameType, isStorable } from './compatible.js'
import type { Remark } from './diagnostics.js'
import { asPointer } from './memory.js'
import { resolveType } from './resolve-type.js'
import type { Frame, TranslatorSymbol } from './scope.js'

/** Declares a translator. All its members are checked, whether they are ever used or not. */
export function checkTranslator(cx: CheckContext, node: TranslatorNode): void {
  const { diagnostics, scope } = cx
  const output = resolveType(cx, node.output)
  const input = resolveType(cx, node.input)
  if (scope.translators.some((t) => isSameType(t.output, output) && isSameType(t.input, input))) {
    const message = `translator from ${input.name} to ${output.name} has already been declared`
    diagnostics.fail(node.span, 'D_XLATE_REDECL', message, noticedAtEnd(node))
  }
  const record = definedRecord(cx, output, node)
  const frame: Frame = new Map([[node.name, unknownValue(input)]])
  for (const member of node.members)
    diagnostics.attempt(() =>
      scope.within(frame, () => checkMemberValue(cx, record, member, noticedAtEnd(node))),
    )
  const members = new Map<string, Node>()
  for (const m of node.members) if (!members.has(m.name)) members.set(m.name, m.value)
  scope.declareTranslator({ input, name: node.name, output: record, members })
}

/** DTrace checks a translator when it has read all of it. */
const noticedAtEnd = ({ span }: TranslatorNode): Remark => ({ noticed: span.end - 1 })

function definedRecord(cx: CheckContext, type: DType, node: TranslatorNode): RecordDType {
  const { span } = node.output
  if (type.kind !== 'record') {
    const message = 'translator output type must be a struct or union'
    return cx.diagnostics.fail(span, 'D_XLATE_SOU', message, noticedAtEnd(node))
  }
  if (type.layout !== undefined) return type
  const message = `incomplete struct/union/enum ${type.name}`
  return cx.diagnostics.fail(span, 'D_XLATE_SOU', message, noticedAtEnd(node))
}

function checkMemberValue(
  cx: CheckContext,
  output: RecordDType,
  node: TranslatorMemberNode,
  remark: Remark,
): void {
  const member = memberOf(output, node.name)
  if (member === undefined) {
    const message = `translator member ${node.name} is not a member of ${output.name}`
    const hint = `it has ${output.layout?.members.map((m) => m.name).join(', ')}`
    cx.diagnostics.fail(node.span, 'D_XLATE_MEMB', message, { ...remark, hint })
  }
  const value = checkExpression(cx, node.value)
  if (isStorable(value, member.type)) return
  const types = `"${member.type.name}" = "${value.type.name}"`
  const message = `translator member ${node.name} definition uses incompatible types: ${types}`
  cx.diagnostics.fail(node.value.span, 'D_XLATE_INCOMPAT', message, remark)
}

/** `xlate <T> (e)`, or `xlate <T *> (e)`. */
export function checkXlate(cx: CheckContext, node: Node & { kind: 'xlate' }): Checked {
  const type = resolveType(cx, node.type)
  const input = checkExpression(cx, node.operand)
  const output = type.kind === 'int' ? type.pointee : type
  const translator = isExpr(input) ? translatorFor(cx, input, output) : undefined
  if (translator === undefined || !isExpr(input)) {
    const message = `cannot translate from "${input.type.name}" to "${type.name}"`
    return cx.diagnostics.fail(node.span, 'D_XLATE_NONE', message, 'declare a translator')
  }
  return translation(translator, input, type.kind === 'int')
}

function translation(translator: TranslatorSymbol, input: Expr, pointer: boolean): Translation {
  const name = pointer ? 'pointer to translated data' : 'translated data'
  const type = { kind: 'dynamic', name } as const
  return { kind: 'dynamic', what: 'translation', type, translator, input, pointer }
}

/** The record that a translated pointer points to. */
export function followed(of: Translation): Translation {
  return translation(of.translator, of.input, false)
}

/** The translator declared first for the very type of the input, else the first that takes it. */
export function translatorFor(
  cx: CheckContext,
  input: Expr,
  output: DType | undefined,
): TranslatorSymbol | undefined {
  if (output === undefined) return undefined
  const candidates = cx.scope.translators.filter((t) => isSameType(t.output, output))
  const exact = candidates.find((t) => isSameType(t.input, input.type))
  return exact ?? candidates.find((t) => isStorable(input, t.input))
}

/** `xlate <T> (e).m` and `xlate <T *> (e)->m`. */
export function checkTranslatedMember(
  cx: CheckContext,
  base: Translation,
  node: MemberNode,
): Checked {
  const { diagnostics } = cx
  const { translator, pointer } = base
  const body = translator.members.get(node.member)
  const member = memberOf(translator.output, node.member)
  if (body === undefined || member === undefined) {
    const message = `translator does not define conversion for member: ${node.member}`
    return diagnostics.fail(node.span, 'D_XLATE_NOCONV', message)
  }
  if (node.op === '->' && !pointer)
    diagnostics.fail(node.span, 'D_OP_PTR', 'operator -> must be applied to a pointer')
  if (node.op === '.' && pointer) {
    const what = `operator . cannot be applied to type "${translator.output.name} *"`
    const message = `${what}; must be applied to a struct or union`
    diagnostics.fail(node.span, 'D_OP_SOU', message)
  }
  return withInput(cx, base, (frame) => {
    const value = cx.scope.within(frame, () => checkExpression(cx, body))
    return value.kind === 'dynamic' && value.what === 'translation'
      ? value
      : seenAs(value, member.type)
  })
}

/** A value as the member that it is the translation of. An array is what lies at the value's
 *  address: its length is the member's, whatever the value is. */
function seenAs(value: Checked, type: DType): Expr {
  if (type.kind !== 'array' || (isExpr(value) && isSameType(value.type, type)))
    return convertTo(value, type)
  return { kind: 'load', address: asPointer(value), type }
}

/** Runs `make` with the input under its name. An input with effects is computed once, before. */
function withInput<T extends Checked>(
  cx: CheckContext,
  { translator, input }: Translation,
  make: (frame: Frame) => T,
): T | Expr {
  const as = (value: Expr): Expr =>
    translator.input.kind === 'int' ? convertTo(value, translator.input) : value
  if (isRepeatable(input)) return make(new Map([[translator.name, as(input)]]))
  const kept = keep(cx, input)
  const value = make(new Map([[translator.name, as(kept.value)]]))
  if (!isExpr(value)) return value
  return { kind: 'comma', left: kept.store, right: value, type: value.type }
}

/** A value put aside: the expression that stores it, and the one that yields it. A record is kept
 *  by its address. */
function keep(cx: CheckContext, value: Expr): { store: Expr; value: Expr } {
  const { type } = value
  const byAddress = type.kind === 'record' || type.kind === 'array'
  const held = byAddress ? pointerTo(type) : type
  const { id } = cx.scope.temporary('input', held)
  const variable: VariableExpr = { kind: 'variable', variable: id, keys: [], type: held }
  const store = assign(variable, byAddress ? { kind: 'cast', operand: value, type: held } : value)
  return { store, value: byAddress ? { kind: 'load', address: variable, type } : variable }
}

/** Whether computing an expression twice is the same as once. */
function isRepeatable(e: Expr): boolean {
  switch (e.kind) {
    case 'int':
    case 'string':
    case 'arg':
    case 'builtin':
      return true
    case 'variable':
      return e.keys.every(isRepeatable)
    case 'load':
      return isRepeatable(e.address)
    case 'cast':
    case 'unary':
    case 'address-of-string':
      return isRepeatable(e.operand)
    case 'arithmetic':
    case 'compare':
    case 'logical':
      return isRepeatable(e.left) && isRepeatable(e.right)
    case 'conditional':
      return [e.test, e.then, e.else].every(isRepeatable)
    default:
      return false
  }
}

/** No identifier of D's: what the copy of a translated record is bound to. */
const OUT = '%out'

/** A translated record as a value: its members in scratch memory. */
export function wholeOf(cx: CheckContext, of: Translation): Expr {
  const { output, members } = of.translator
  const pointer = pointerTo(output)
  const { id } = cx.scope.temporary('output', pointer)
  const variable: VariableExpr = { kind: 'variable', variable: id, keys: [], type: pointer }
  const scratch = call('alloca', [constant(BigInt(sizeOf(output)))])
  let chain = assign(variable, convert(scratch, pointer))
  return withInput(cx, of, (frame) => {
    const inside = new Map([...frame, [OUT, variable] as const])
    const check = (node: Node): Checked => cx.scope.within(inside, () => checkExpression(cx, node))
    for (const [name, value] of members) {
      const { span } = value
      const base: Node = { kind: 'name', name: OUT, span }
      const target: Node = { kind: 'member', op: '->', base, member: name, span }
      const store = check({ kind: 'assign', op: '=', target, value, span })
      if (isExpr(store)) chain = { kind: 'comma', left: chain, right: store, type: store.type }
    }
    const record: Expr = { kind: 'load', address: variable, type: output }
    return { kind: 'comma', left: chain, right: record, type: output } satisfies Expr
  })
}
