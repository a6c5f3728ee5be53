// Bodies of structures, unions and enumerations: members are placed, enumerators get their values.
//
// Source: libdtrace dt_decl.c (dt_decl_sou, dt_decl_member, dt_decl_enum, dt_decl_enumerator).
// Messages are DTrace's.
import { constant } from '../program/build.js'
import { type Field, layRecord, membersOf, sizeOf } from '../program/layout.js'
import { type DType, type IntegerDType, RecordDType } from '../program/types.js'
import type { EnumeratorNode, MemberDeclarationNode, TaggedNode } from './ast.js'
import { checkExpression } from './check-expression.js'
import { type CheckContext, isConstant } from './checked.js'
import { isTaken } from './given-name.js'
import { resolveType } from './resolve-type.js'

/** Defines a structure or union; its members may point to it. */
export function defineRecord(
  cx: CheckContext,
  node: TaggedNode,
  members: readonly MemberDeclarationNode[],
): RecordDType {
  const what = node.what === 'union' ? 'union' : 'struct'
  const record = declared(cx, node, what)
  const fields: Field[] = []
  for (const member of members) {
    const field = checkMember(cx, member)
    if (field === undefined) continue
    const twice = namesOf(field).find((n) => fields.some((f) => namesOf(f).includes(n)))
    if (twice !== undefined) {
      const why = 'Duplicate member or variable name'
      const message = `failed to define member '${twice}': ${why}`
      cx.diagnostics.fail(member.span, 'D_UNKNOWN', message)
    }
    fields.push(field)
  }
  record.complete(layRecord(what, fields))
  cx.scope.types.define(record, node.tag)
  return record
}

/** The names a field is found by: those of its members when it is nameless itself. */
function namesOf({ name, type }: Field): readonly string[] {
  if (name !== '') return [name]
  return type.kind === 'record' ? membersOf(type).map((m) => m.name) : []
}

/** The type of a tag before it has members. */
function declared(cx: CheckContext, node: TaggedNode, what: 'struct' | 'union'): RecordDType {
  const { tag } = node
  if (tag === undefined) return new RecordDType(what, '')
  const name = `${what} ${tag}`
  const known = cx.scope.types.named(name)
  if (known?.kind === 'record' && known.layout === undefined) return known
  if (known !== undefined)
    cx.diagnostics.fail(node.span, 'D_DECL_TYPERED', `type redeclared: ${name}`)
  const record = new RecordDType(what, tag)
  cx.scope.types.declareTag(name, record)
  return record
}

/** A member; undefined for a nameless bit-field of no width, which takes no room. */
function checkMember(cx: CheckContext, node: MemberDeclarationNode): Field | undefined {
  const { diagnostics } = cx
  const { name, span } = node
  if (name?.includes('`')) {
    const message = `D scoping operator may not be used in a member name (${name})`
    diagnostics.fail(span, 'D_DECL_SCOPE', message)
  }
  if (node.type.derivations.at(-1)?.kind === 'keys')
    diagnostics.fail(span, 'D_DECL_DYNOBJ', `cannot have dynamic member: ${name}`)
  const type = resolveType(cx, node.type)
  const shown = name ?? '(anon)'
  const nameless = name === undefined && node.width === undefined
  if (type.kind === 'record' && sizeOf(type) === 0) {
    const message = `incomplete struct/union/enum ${type.name}: ${shown}`
    diagnostics.fail(span, 'D_DECL_INCOMPLETE', message)
  }
  if (sizeOf(type) === 0)
    diagnostics.fail(span, 'D_DECL_VOIDOBJ', `cannot have void member: ${shown}`)
  if (node.width === undefined) return { name: nameless ? '' : shown, type }
  const width = checkWidth(cx, node, type)
  return width === 0 ? undefined : { name: name ?? '', type, width }
}

function checkWidth(cx: CheckContext, node: MemberDeclarationNode, type: DType): number {
  const { diagnostics } = cx
  const { name = '(anon)', span, width } = node
  const value = width === undefined ? undefined : checkExpression(cx, width)
  const bits = value !== undefined && isConstant(value) ? value.value : undefined
  if (node.name === undefined && bits === 0n) return 0
  if (bits === undefined || bits <= 0n) {
    const message = 'positive integral constant expression expected as bit-field size'
    return diagnostics.fail(span, 'D_DECL_BFCONST', message)
  }
  if (type.kind !== 'int' || type.pointee !== undefined || type.enumerators !== undefined)
    return diagnostics.fail(span, 'D_DECL_BFTYPE', `invalid type for bit-field: ${name}`)
  if (bits > BigInt(8 * type.bytes))
    diagnostics.fail(span, 'D_DECL_BFSIZE', `bit-field too big for type: ${name}`)
  return Number(bits)
}

/** Defines an enumeration: each of its names is a constant from here on. */
export function defineEnum(
  cx: CheckContext,
  node: TaggedNode,
  enumerators: readonly EnumeratorNode[],
): IntegerDType {
  const name = `enum ${node.tag ?? ''}`.trim()
  const known = node.tag === undefined ? undefined : cx.scope.types.named(name)
  if (known?.kind === 'int')
    cx.diagnostics.fail(node.span, 'D_DECL_TYPERED', `type redeclared: ${name}`)
  const values = new Map<string, bigint>()
  const type: IntegerDType = { kind: 'int', name, bytes: 4, signed: true, enumerators: values }
  let next = 0n
  for (const enumerator of enumerators) {
    const value = enumeratorValue(cx, enumerator, values) ?? next
    if (values.has(enumerator.name)) {
      const why = 'Duplicate member or variable name'
      const message = `failed to define enumerator '${enumerator.name}': ${why}`
      cx.diagnostics.fail(enumerator.span, 'D_UNKNOWN', message)
    }
    declareEnumerator(cx, enumerator, value, type)
    values.set(enumerator.name, value)
    next = value + 1n
  }
  if (node.tag !== undefined) cx.scope.types.declareTag(name, type)
  cx.scope.types.define(type, node.tag)
  return type
}

const INT_MAX = 0x7fffffffn

function enumeratorValue(
  cx: CheckContext,
  { name, value }: EnumeratorNode,
  before: ReadonlyMap<string, bigint>,
): bigint | undefined {
  if (value === undefined) return undefined
  const same = value.kind === 'name' ? before.get(value.name) : undefined
  if (same !== undefined) return same
  const checked = checkExpression(cx, value)
  if (!isConstant(checked)) {
    const message = `enumerator '${name}' must be assigned to an integral constant expression`
    return cx.diagnostics.fail(value.span, 'D_DECL_ENCONST', message)
  }
  if (checked.value > INT_MAX || checked.value < -INT_MAX - 1n) {
    const message = `enumerator '${name}' value overflows INT_MAX (${INT_MAX})`
    cx.diagnostics.fail(value.span, 'D_DECL_ENOFLOW', message)
  }
  return checked.value
}

function declareEnumerator(
  cx: CheckContext,
  { name, span }: EnumeratorNode,
  value: bigint,
  type: IntegerDType,
): void {
  const { diagnostics, scope } = cx
  if (name.includes('`')) {
    const message = `D scoping operator may not be used in an enumerator name (${name})`
    diagnostics.fail(span, 'D_DECL_SCOPE', message)
  }
  const known = scope.inline(name) ?? scope.variable('global', name)
  if (known !== undefined || (isTaken(name) && !scope.hides(name)))
    diagnostics.fail(span, 'D_DECL_IDRED', `identifier redeclared: ${name}`)
  const body = { kind: 'int', value, decimal: true, suffix: '', span } as const
  scope.declareInline({ name, type, value: constant(value, type), body })
}
