// Types as written: `unsigned long long`, `uint_t`, `char *`, `struct x`.
//
// Source: the D language guide, "Types"; libdtrace dt_decl.c (how specifiers combine).
import type { Span } from '../../base/span.js'
import { isTypeWord, typeNamed } from '../program/type-names.js'
import { type DType, STRING, VOID } from '../program/types.js'
import type { TypeName } from './ast.js'
import type { Diagnostics } from './diagnostics.js'
import type { Token } from './token.js'
import { isMark, type TokenStream } from './token-stream.js'

const SPECIFIERS: ReadonlySet<string> = new Set(
  'void char short int long float double signed unsigned string struct union enum'.split(' '),
)
const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict'])

/** Whether a type may begin with this token. */
export function beginsType(token: Token): boolean {
  if (token.kind !== 'word') return false
  return SPECIFIERS.has(token.name) || QUALIFIERS.has(token.name) || isTypeWord(token.name)
}

/** Parses specifiers and `*`s: the type of a cast, of sizeof, of a key. */
export function parseTypeName(ts: TokenStream): TypeName {
  const type = parseSpecifiers(ts)
  return withPointers(type, parsePointers(ts), ts)
}

/** Parses specifiers only: what several declared names have in common. None at all are an int,
 *  where they may be missing. */
export function parseSpecifiers(ts: TokenStream, mayBeMissing = false): TypeName {
  const start = ts.peek().span
  const words: string[] = []
  for (;;) {
    const token = ts.peek()
    if (token.kind !== 'word') break
    const named = !words.some((w) => !QUALIFIERS.has(w) && !MODIFIERS.has(w))
    if (!SPECIFIERS.has(token.name) && !QUALIFIERS.has(token.name)) {
      if (!isTypeWord(token.name) || !named) break
    }
    ts.next()
    words.push(token.name)
    if (TAGGED.has(token.name)) words.push(parseTagged(ts))
  }
  if (words.length === 0 && mayBeMissing) words.push('int')
  if (words.length === 0) ts.fail(ts.peek(), 'expected a type')
  const span = ts.spanFrom(start)
  const plain = words.filter((w) => !QUALIFIERS.has(w))
  return { written: words.join(' '), base: combine(plain, span, ts.diagnostics), pointers: 0, span }
}

/** Counts the `*`s before a name. */
export function parsePointers(ts: TokenStream): number {
  let pointers = 0
  for (;;) {
    if (ts.accept('*')) pointers += 1
    else if (pointers > 0 && [...QUALIFIERS].some((q) => ts.accept(q))) continue
    else return pointers
  }
}

/** The same type behind `pointers` more `*`s. */
export function withPointers(type: TypeName, pointers: number, ts: TokenStream): TypeName {
  if (pointers === 0) return type
  const written = `${type.written} ${'*'.repeat(pointers)}`
  return { written, base: type.base, pointers, span: ts.spanFrom(type.span) }
}

const TAGGED: ReadonlySet<string> = new Set(['struct', 'union', 'enum'])
const MODIFIERS: ReadonlySet<string> = new Set(['short', 'long', 'signed', 'unsigned'])

/** The tag and body after struct, union or enum; the body is passed over. */
function parseTagged(ts: TokenStream): string {
  let tag = ''
  const token = ts.peek()
  if (token.kind === 'word') {
    tag = token.name
    ts.next()
  }
  if (!ts.at('{')) return tag
  let depth = 0
  do {
    const inside = ts.next()
    if (inside.kind === 'end') ts.fail(inside, 'expected }')
    if (isMark(inside, '{')) depth += 1
    if (isMark(inside, '}')) depth -= 1
  } while (depth > 0)
  return `${tag} { }`.trim()
}

/** What the words of a type amount to. Undefined for what is neither integer, string nor void. */
function combine(
  words: readonly string[],
  span: Span,
  diagnostics: Diagnostics,
): DType | undefined {
  if (words.some((w) => TAGGED.has(w))) return undefined
  const count = (word: string): number => words.filter((w) => w === word).length
  const names = words.filter((w) => !MODIFIERS.has(w))
  const bad = (tag: string, what: string): never =>
    diagnostics.fail(span, tag, `invalid type ${what}`)
  if (names.length > 1) bad('D_DECL_COMBO', 'combination')
  const name = names[0] ?? 'int'
  const sized = count('short') + count('long')
  const sign = count('signed') + count('unsigned')
  if (count('long') > 2 || count('short') > 1 || (count('short') > 0 && count('long') > 0))
    bad('D_DECL_COMBO', 'combination')
  if (count('signed') > 0 && count('unsigned') > 0) bad('D_DECL_COMBO', 'combination')
  if (sized + sign > 0) {
    if (name === 'char' && sized > 0)
      bad('D_DECL_CHARATTR', 'declaration: short and long may not be used with char type')
    if (name === 'void')
      bad('D_DECL_VOIDATTR', 'declaration: attributes may not be used with void type')
    if (sign > 0 && name !== 'int' && name !== 'char')
      bad('D_DECL_SIGNINT', 'declaration: signed and unsigned may only be used with integer type')
    if (sized > 0 && name !== 'int' && name !== 'char' && name !== 'double')
      bad(
        'D_DECL_LONGINT',
        'declaration: long and long long may only be used with integer or floating-point type',
      )
  }
  if (name === 'string') return STRING
  if (name === 'void') return VOID
  if (name === 'float' || name === 'double') return undefined
  const size = count('short') > 0 ? 'short' : 'long '.repeat(count('long')).trim()
  const signed = count('unsigned') > 0 ? 'unsigned' : count('signed') > 0 ? 'signed' : ''
  const base = name === 'int' && size !== '' ? size : name
  return typeNamed(`${signed} ${base}`.trim())
}
