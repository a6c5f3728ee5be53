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
function resolveSpecifiers(cx: CheckContext, specifiers: Specifiers): DType {
  return cx.scope.types.resolved(specifiers, () => {
    const { words, tagged } = specifiers
    checkWords(cx, specifiers)
    return tagged === undefined ? typeOfWords(cx, specifiers) : typeOfTag(cx, tagged, words)
  })
}

const MODIFIERS: ReadonlySet<string> = new Set(['short', 'long', 'signed', 'unsigned'])

const count = (words: readonly string[], word: string): number =>
  words.filter((w) => w === word).length

/** Which words go together. */
function checkWords(cx: CheckContext, { words, tagged, span }: Specifiers): void {
  const bad = (tag: string, what: string): never =>
    cx.diagnostics.fail(tagged?.span ?? span, tag, what)
  const names = words.filter((w) => !MODIFIERS.has(w))
  const name = names[0] ?? 'int'
  const long = count(words, 'long')
  const signs = count(words, 'signed') + count(words, 'unsigned')
  const isInteger = name === 'int' || name === 'char'
  const isFloat = name === 'float' || name === 'double'
  if (names.length > 1) bad('D_DECL_COMBO', 'invalid type combination')
  if (cx.scope.dialect !== 'linux') checkRepeated(words, bad)
  const declaration = 'invalid type declaration:'
  if (name === 'char' && long + count(words, 'short') > 0)
    bad('D_DECL_CHARATTR', `${declaration} short and long may not be used with char type`)
  if (name === 'void' && long + signs + count(words, 'short') > 0)
    bad('D_DECL_VOIDATTR', `${declaration} attributes may not be used with void type`)
  if (signs > 0 && !isInteger) {
    const only = 'may only be used with integer type'
    bad('D_DECL_SIGNINT', `${declaration} signed and unsigned ${only}`)
  }
  if (long > 0 && !isInteger && !isFloat) {
    const only = 'may only be used with integer or floating-point type'
    bad('D_DECL_LONGINT', `${declaration} long and long long ${only}`)
  }
}

/** How often a word may stand in a type. Linux lets it stand as often as one likes. */
function checkRepeated(words: readonly string[], bad: (tag: string, what: string) => never): void {
  for (const [word, most] of [
    ['unsigned', 1],
    ['signed', 1],
    ['short', 1],
    ['long', 2],
  ] as const) {
    const often = most === 1 ? 'once' : 'twice'
    if (count(words, word) > most)
      bad(
        'D_DECL_COMBO',
        `The '${word}' attribute must not be used more than ${often} in a declaration`,
      )
  }
}

function typeOfWords(cx: CheckContext, { words, span }: Specifiers): DType {
  const name = words.find((w) => !MODIFIERS.has(w))?.replace(/^[CD]`/, '')
  if (name === 'string') return STRING
  if (name === 'void') return VOID
  const full = fullName(words, name)
  const bytes = FLOATS.get(full)
  if (bytes !== undefined) return { kind: 'float', name: full, bytes }
  const type = cx.scope.types.named(full) ?? typeNamed(full)
  if (type !== undefined) return type
  const blank = words.some((w) => w === 'short' || w === 'long') && name !== 'double' ? ' ' : ''
  const message = `failed to resolve type ${full}${blank}: Unknown type name`
  return cx.diagnostics.fail(span, 'D_UNKNOWN', message)
}

const FLOATS: ReadonlyMap<string, 4 | 8 | 16> = new Map([
  ['float', 4],
  ['double', 8],
  ['long double', 16],
])

/** The words in the order DTrace looks them up: sign, size, name; int only where it stands
 *  alone. */
function fullName(words: readonly string[], name: string | undefined): string {
  const sized = count(words, 'long') > 1 ? ['long long'] : words.includes('long') ? ['long'] : []
  const size = [...(words.includes('short') ? ['short'] : []), ...sized]
  const sign = ['signed', 'unsigned'].filter((w) => words.includes(w))
  const plain = name === 'int' && size.length > 0 ? [] : name === undefined ? [] : [name]
  return [...sign, ...size, ...plain].join(' ')
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
