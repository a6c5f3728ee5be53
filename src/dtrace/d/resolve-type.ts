// What a type as written stands for: words and tags are looked up, declarators applied.
//
//   unsigned long  ->  an integer of 8 bytes      struct x *[3]  ->  an array of 3 pointers
//
// Source: libdtrace dt_decl.c (dt_decl_check, dt_decl_type, dt_decl_array), dt_parser.c
// (dt_type_lookup). Messages are DTrace's.
import { typeNamed } from '../program/type-names.js'
import {
  arrayOf,
  type DType,
  FUNCTION,
  pointerTo,
  RecordDType,
  STRING,
  VOID,
} from '../program/types.js'
import type { Derivation, Specifiers, TaggedNode, TypeName } from './ast.js'
import { checkExpression } from './check-expression.js'
import { checkPrototype } from './check-prototype.js'
import { type CheckContext, isConstant } from './checked.js'
import { defineEnum, defineRecord } from './define-type.js'

/** The type of a cast, a parameter, a declared name. */
export function resolveType(cx: CheckContext, type: TypeName): DType {
  const base = resolveSpecifiers(cx, type.specifiers)
  return type.derivations.reduce((from, step) => derive(cx, from, step), base)
}

/** What stands before a declared name. A body defines its type when it is first met. */
export function resolveSpecifiers(cx: CheckContext, specifiers: Specifiers): DType {
  return cx.scope.types.resolved(specifiers, () => {
    const { words, tagged } = specifiers
    checkWords(cx, specifiers)
    return tagged === undefined ? typeOfWords(cx, specifiers) : typeOfTag(cx, tagged, words)
  })
}

const MODIFIERS: ReadonlySet<string> = new Set(['short', 'long', 'signed', 'unsigned'])

/** Which words go together. */
function checkWords(cx: CheckContext, { words, span }: Specifiers): void {
  const bad = (tag: string, what: string): never =>
    cx.diagnostics.fail(span, tag, `invalid type ${what}`)
  const count = (word: string): number => words.filter((w) => w === word).length
  const names = words.filter((w) => !MODIFIERS.has(w))
  const name = names[0] ?? 'int'
  const [short, long] = [count('short'), count('long')]
  const [signed, unsigned] = [count('signed'), count('unsigned')]
  const isInteger = name === 'int' || name === 'char'
  const isFloat = name === 'float' || name === 'double'
  if (names.length > 1 || long > 2 || short > 1 || (short > 0 && long > 0))
    bad('D_DECL_COMBO', 'combination')
  if (signed > 1 || unsigned > 1 || signed + unsigned > 1) bad('D_DECL_COMBO', 'combination')
  if (name === 'char' && short + long > 0)
    bad('D_DECL_CHARATTR', 'declaration: short and long may not be used with char type')
  if (name === 'void' && short + long + signed + unsigned > 0)
    bad('D_DECL_VOIDATTR', 'declaration: attributes may not be used with void type')
  if (signed + unsigned > 0 && !isInteger)
    bad('D_DECL_SIGNINT', 'declaration: signed and unsigned may only be used with integer type')
  if (long > 0 && !isInteger && !isFloat) {
    const only = 'integer or floating-point type'
    bad('D_DECL_LONGINT', `declaration: long and long long may only be used with ${only}`)
  }
}

function typeOfWords(cx: CheckContext, { words, span }: Specifiers): DType {
  const count = (word: string): number => words.filter((w) => w === word).length
  const name = (words.find((w) => !MODIFIERS.has(w)) ?? 'int').replace(/^[CD]`/, '')
  if (name === 'string') return STRING
  if (name === 'void') return VOID
  if (name === 'float') return { kind: 'float', name, bytes: 4 }
  if (name === 'double')
    return count('long') > 0
      ? { kind: 'float', name: 'long double', bytes: 16 }
      : { kind: 'float', name, bytes: 8 }
  const size = count('short') > 0 ? 'short' : 'long '.repeat(count('long')).trim()
  const sign = count('unsigned') > 0 ? 'unsigned' : count('signed') > 0 ? 'signed' : ''
  const full = `${sign} ${name === 'int' && size !== '' ? size : name}`.trim()
  const type = cx.scope.types.named(full) ?? typeNamed(full)
  if (type !== undefined) return type
  const message = `failed to resolve type ${full}: Unknown type name`
  return cx.diagnostics.fail(span, 'D_UNKNOWN', message)
}

/** `struct x` without a body names a type that may be defined later, or never. */
function typeOfTag(cx: CheckContext, node: TaggedNode, words: readonly string[]): DType {
  if (node.enumerators !== undefined) return defineEnum(cx, node, node.enumerators)
  if (node.members !== undefined) return defineRecord(cx, node, node.members)
  const tag = (node.tag ?? '').replace(/^[CD]`/, '')
  if (tag.includes('`') && words.length > 1) {
    const message = 'D scoping operator may not be used in a type name'
    cx.diagnostics.fail(node.span, 'D_DECL_SCOPE', message)
  }
  const name = `${node.what} ${tag}`
  const known = cx.scope.types.named(name)
  if (known !== undefined) return known
  const what = node.what === 'union' ? 'union' : 'struct'
  const forward = new RecordDType(what, tag, name)
  cx.scope.types.declareTag(name, forward)
  return forward
}

function derive(cx: CheckContext, from: DType, step: Derivation): DType {
  switch (step.kind) {
    case 'pointer':
      return pointerTo(from)
    case 'function':
      checkPrototype(cx, step, { what: 'function', allows: ['...', 'void', 'nameless'] })
      return FUNCTION
    case 'keys':
      return cx.diagnostics.fail(
        step.span,
        'D_DECL_DYNOBJ',
        'cannot declare array of associative arrays',
      )
    case 'array':
      if (from.kind === 'void')
        cx.diagnostics.fail(step.span, 'D_DECL_VOIDOBJ', 'cannot declare array of void')
      return arrayOf(from, lengthOf(cx, step))
  }
}

const UINT_MAX = 0xffffffffn

/** The length between brackets; 0 when there is none. */
function lengthOf(cx: CheckContext, { dimension, span }: Derivation & { kind: 'array' }): number {
  if (dimension === undefined) return 0
  const value = checkExpression(cx, dimension)
  if (!isConstant(value) || value.value <= 0n) {
    const wanted = 'positive integral constant expression or tuple signature expected'
    cx.diagnostics.fail(span, 'D_DECL_ARRSUB', `${wanted} as array declaration subscript`)
  }
  if (value.value > UINT_MAX) cx.diagnostics.fail(span, 'D_DECL_ARRBIG', 'array dimension too big')
  return Number(value.value)
}
