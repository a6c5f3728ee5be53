// args[n]: the arguments of a probe, with their types. uregs[n]: registers, which no recording
// holds.
//
// Source: the D language guide, "Built-in Variables"; libdtrace dt_ident.c (dt_idcook_args,
// dt_idcook_regs).
import type { Span } from '../../base/span.js'
import type { Expr } from '../program/program.js'
import { typeNamed } from '../program/type-names.js'
import { type DType, pointerTo, UINT64 } from '../program/types.js'
import type { IndexNode } from './ast.js'
import { checkValue } from './check-expression.js'
import { type CheckContext, isConstant } from './checked.js'

/** args[n]: its type is what all probes of the clause say. */
export function checkArgument(cx: CheckContext, node: IndexNode): Expr {
  const { diagnostics, probes } = cx
  const index = constantIndex(cx, node, 'args')
  if (probes === undefined) {
    const message = 'args[ ] may not be referenced outside of a probe clause'
    return diagnostics.fail(node.span, 'D_ARGS_NONE', message)
  }
  return { kind: 'arg', index: Number(index), type: argType(cx, Number(index), node.span) }
}

/** uregs[n]: a register of the user's, as R_RIP and its like number them. */
export function checkRegister(cx: CheckContext, node: IndexNode): Expr {
  const index = constantIndex(cx, node, 'uregs')
  if (index >= 0n) return { kind: 'builtin', name: 'uregs', type: UINT64 }
  const message = `index ${index} is out of range for array uregs`
  return cx.diagnostics.fail(node.span, 'D_REGS_IDX', message, 'such as uregs[R_RIP]')
}

/** The one key of such an array: an integer constant. */
function constantIndex(cx: CheckContext, { span, keys, base }: IndexNode, array: string): bigint {
  if (keys.length !== 1) {
    const message = `${array}[ ] prototype mismatch: ${keys.length} args passed, 1 expected`
    cx.diagnostics.fail(span, 'D_PROTO_LEN', message)
  }
  const key = checkValue(cx, keys[0] ?? base)
  if (isConstant(key)) return key.value
  const proto = `\tprototype: integer constant\n\t argument: ${key.type.name}`
  const message = `${array}[ ] argument #1 is incompatible with prototype:\n${proto}`
  return cx.diagnostics.fail(span, 'D_PROTO_ARG', message)
}

function argType(cx: CheckContext, index: number, span: Span): DType {
  const probes = cx.probes ?? []
  const names = new Set(probes.map((p) => p.args[index]?.type))
  const [name] = names
  if (names.size > 1) {
    const why = `probe description ${cx.specs} matches an unstable set of probes`
    const message = `args[ ] may not be referenced because ${why}`
    cx.diagnostics.fail(span, 'D_ARGS_MULTI', message, `arg${index} is the same value, as int64_t`)
  }
  if (name === undefined) {
    const message = `index ${index} is out of range for ${cx.specs} args[ ]`
    return cx.diagnostics.fail(span, 'D_ARGS_IDX', message, argumentsHint(cx))
  }
  const type = namedType(cx, name)
  if (type !== undefined) return type
  const message = `failed to resolve native type for args[${index}]`
  return cx.diagnostics.fail(span, 'D_ARGS_TYPE', message, `arg${index} is the same value`)
}

function argumentsHint(cx: CheckContext): string {
  const args = cx.probes?.[0]?.args ?? []
  if (args.length === 0) return 'this probe has no arguments'
  const list = args.map((a, i) => `args[${i}] ${a.type} ${a.name}`).join(', ')
  return `there are ${list}`
}

/** The type of a name in the catalog. A structure is the program's own, if it declares that tag. */
function namedType(cx: CheckContext, name: string): DType | undefined {
  const to = name.endsWith('*') ? namedType(cx, name.slice(0, -1).trim()) : undefined
  if (to !== undefined) return pointerTo(to)
  return cx.scope.types.named(name) ?? typeNamed(name)
}
