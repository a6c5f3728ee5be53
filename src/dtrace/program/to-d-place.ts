// What the operators of memory were, read from the addresses they lead to.
//
//   load (base + 8 of struct x's member y)  ->  base.y
//   load (p + i * 4)                        ->  p[i]
//   load of a string at p                   ->  stringof(p)
//
// Holds: of what `d/` makes of a member, an index, a sum of address and integer, it finds the same
// again.
import { sizeOfTarget } from './build.js'
import { membersOf } from './layout.js'
import type { Expr, LoadExpr } from './program.js'
import { sameType } from './type-names.js'
import { type DType, type Member, pointerTo, type RecordDType } from './types.js'

/** A load as D has it. */
export type Place =
  | { readonly kind: 'member'; readonly base: Expr; readonly op: '.' | '->'; readonly name: string }
  | { readonly kind: 'element'; readonly base: Expr; readonly index: Expr }
  | { readonly kind: 'target'; readonly pointer: Expr }
  | { readonly kind: 'text'; readonly address: Expr }

/** What a load reads. */
export function placeOf({ address, bits, type }: LoadExpr): Place {
  const found = memberAt(address, bits)
  if (found !== undefined && sameType(found.member.type, type)) return found.place
  const target = targetOf(address.type)
  if (target === undefined || !sameType(target, type)) return { kind: 'text', address }
  const sum = sumOf(address)
  if (sum?.op === '+') return { kind: 'element', base: sum.base, index: sum.index }
  return { kind: 'target', pointer: address }
}

/** The member that an address is that of. */
export function memberAt(
  address: Expr,
  bits?: LoadExpr['bits'],
): { readonly place: Place; readonly member: Member } | undefined {
  if (address.kind !== 'arithmetic' || address.op !== '+' || address.right.kind !== 'int')
    return undefined
  const { left: base, right, type } = address
  const record = recordOf(base.type)
  if (record === undefined || sameType(base.type, type)) return undefined
  const member = membersOf(record).find(
    (m) =>
      BigInt(m.offset) === right.value &&
      m.bits?.width === bits?.width &&
      sameType(pointerTo(m.type), type),
  )
  if (member === undefined) return undefined
  const op = base.type.kind === 'record' ? '.' : '->'
  return { place: { kind: 'member', base, op, name: member.name }, member }
}

function recordOf(type: DType): RecordDType | undefined {
  if (type.kind === 'record') return type
  return type.kind === 'int' && type.pointee?.kind === 'record' ? type.pointee : undefined
}

/** What an address leads to. */
function targetOf(type: DType): DType | undefined {
  if (type.kind === 'array') return type.element
  return type.kind === 'int' ? type.pointee : undefined
}

/** An address and how many elements were added to it or taken away. */
export interface AddressSum {
  readonly op: '+' | '-'
  readonly base: Expr
  readonly index: Expr
}

/** The sum of an address and an integer, if this is one. */
export function sumOf(expr: Expr): AddressSum | undefined {
  if (expr.kind !== 'arithmetic' || (expr.op !== '+' && expr.op !== '-')) return undefined
  const { op, left: base, right } = expr
  if (targetOf(base.type) === undefined || !sameType(base.type, expr.type)) return undefined
  const index = unscaled(right, base.type)
  return index && { op, base, index }
}

/** How many elements so many bytes are. A checked index is as it was before the check. */
export function unscaled(bytes: Expr, type: DType): Expr | undefined {
  const size = sizeOfTarget(type)
  if (size === 1) return unbounded(bytes)
  if (size === 0) return undefined
  if (bytes.kind === 'int')
    return bytes.value % BigInt(size) === 0n
      ? { ...bytes, value: bytes.value / BigInt(size) }
      : undefined
  const scales = bytes.kind === 'arithmetic' && bytes.op === '*' && bytes.right.kind === 'int'
  if (!scales || bytes.right.value !== BigInt(size)) return undefined
  return unbounded(bytes.left)
}

const unbounded = (index: Expr): Expr => (index.kind === 'bound' ? index.index : index)

/** The two addresses whose distance, in elements, this is. */
export function distanceOf(expr: Expr): { readonly left: Expr; readonly right: Expr } | undefined {
  const divided = expr.kind === 'arithmetic' && expr.op === '/' && expr.right.kind === 'int'
  const apart = divided ? expr.left : expr
  if (apart.kind !== 'arithmetic' || apart.op !== '-') return undefined
  const { left, right } = apart
  if (targetOf(left.type) === undefined || targetOf(right.type) === undefined) return undefined
  const size = BigInt(sizeOfTarget(left.type))
  const by = divided && expr.right.kind === 'int' ? expr.right.value : 1n
  return size === by || (size === 0n && by === 1n) ? { left, right } : undefined
}
