// Types as written: `unsigned long long`, `uint_t`, `struct x { int n : 3; }`, `enum { A, B = 4 }`.
//
// Only form is looked at here; what the words amount to is found in resolve-type.ts.
// Source: the D language guide, "Types", "Structs and Unions"; libdtrace dt_grammar.y
// (type_specifier, struct_or_union_specifier, enum_specifier).
import { isTypeWord } from '../program/type-names.js'
import type {
  EnumeratorNode,
  MemberDeclarationNode,
  Specifiers,
  StorageClass,
  TaggedNode,
  TypeName,
} from './ast.js'
import { parseAbstractDeclarator, parseDeclarator } from './parse-declarator.js'
import { parseConditional } from './parse-expression.js'
import { KEYWORDS } from './token.js'
import { isMark, type TokenStream } from './token-stream.js'

const SPECIFIERS: ReadonlySet<string> = new Set(
  'void char short int long float double signed unsigned string struct union enum'.split(' '),
)
const QUALIFIERS: ReadonlySet<string> = new Set(['const', 'volatile', 'restrict'])
const MODIFIERS: ReadonlySet<string> = new Set(['short', 'long', 'signed', 'unsigned'])
const TAGGED: ReadonlySet<string> = new Set(['struct', 'union', 'enum'])
const CLASSES: ReadonlySet<string> = new Set(
  'auto register static extern typedef self this'.split(' '),
)
/** Deeper than any sensible type, shallow enough for the stack. */
const MAX_DEPTH = 100

/** Whether the next token, or one further on, may begin a type. */
export function beginsType(ts: TokenStream, further = 0): boolean {
  const token = ts.peek(further)
  if (token.kind !== 'word') return false
  return SPECIFIERS.has(token.name) || isQualifier(token.name) || namesType(ts, token.name)
}

export const isQualifier = (word: string): boolean => QUALIFIERS.has(word)

/** Whether the next token is a storage class. */
export function beginsClass(ts: TokenStream): boolean {
  const token = ts.peek()
  return token.kind === 'word' && CLASSES.has(token.name)
}

function namesType(ts: TokenStream, word: string): boolean {
  const plain = word.replace(/^[CD]`/, '')
  return isTypeWord(plain) || ts.typedefs.has(plain)
}

/** Parses specifiers and an abstract declarator: the type of a cast, of sizeof, of a key. */
export function parseTypeName(ts: TokenStream): TypeName {
  const start = ts.peek().span
  const specifiers = parseSpecifiers(ts)
  const derivations = parseAbstractDeclarator(ts)
  return { specifiers, derivations, span: ts.spanFrom(start) }
}

/** Parses specifiers only: what several declared names have in common. None at all are an int,
 *  where they may be missing. */
export function parseSpecifiers(ts: TokenStream, mayBeMissing = false, depth = 0): Specifiers {
  const { storage, specifiers } = parseDeclarationSpecifiers(ts, { mayBeMissing, depth })
  if (storage === undefined) return specifiers
  return ts.fail(ts.peek(), `a ${storage} has no place here`)
}

/** Parses specifiers among which a storage class may stand. */
export function parseDeclarationSpecifiers(
  ts: TokenStream,
  options: { mayBeMissing?: boolean; first?: StorageClass | undefined; depth?: number } = {},
): { readonly storage: StorageClass | undefined; readonly specifiers: Specifiers } {
  const start = ts.peek().span
  const words: string[] = []
  let storage = options.first
  let tagged: TaggedNode | undefined
  let names = 0
  for (;;) {
    const token = ts.peek()
    if (token.kind !== 'word') break
    const { name } = token
    if (CLASSES.has(name)) storage = onlyClass(ts, storage)
    else if (isQualifier(name)) ts.next()
    else if (TAGGED.has(name)) {
      words.push(name)
      const node = parseTagged(ts, options.depth ?? 0)
      // Two types do not go together, and the second is where that shows.
      if (names < 2) tagged = node
      names++
    } else if (SPECIFIERS.has(name) || (names === 0 && namesType(ts, name))) {
      words.push(ts.next().text)
      if (!MODIFIERS.has(name)) names++
    } else break
  }
  if (words.length === 0 && (options.mayBeMissing || storage !== undefined)) words.push('int')
  if (words.length === 0) ts.fail(ts.peek(), 'expected a type')
  const specifiers = { words, ...(tagged && { tagged }), span: ts.spanFrom(start) }
  return { storage, specifiers }
}

function onlyClass(ts: TokenStream, before: StorageClass | undefined): StorageClass {
  const token = ts.next()
  if (before !== undefined) {
    const message = 'only one storage class allowed in a declaration'
    ts.diagnostics.fail(token.span, 'D_DECL_CLASS', message)
  }
  return token.text as StorageClass
}

/** What follows struct, union or enum: a tag, a body, or both. */
function parseTagged(ts: TokenStream, depth: number): TaggedNode {
  if (depth > MAX_DEPTH) ts.fail(ts.peek(), 'types are nested too deeply')
  const first = ts.next()
  const what = first.text as TaggedNode['what']
  const token = ts.peek()
  const tag = token.kind === 'word' && !KEYWORDS.has(token.name) ? ts.expectName().name : undefined
  const head = { what, tag, span: ts.spanFrom(first.span) }
  if (!ts.at('{')) {
    if (tag === undefined) ts.fail(token, `expected a tag or { after ${what}`)
    return head
  }
  ts.next()
  if (what === 'enum') return { ...head, enumerators: parseEnumerators(ts) }
  return { ...head, members: parseMembers(ts, depth) }
}

function parseMembers(ts: TokenStream, depth: number): readonly MemberDeclarationNode[] {
  const members: MemberDeclarationNode[] = []
  do {
    const specifiers = parseSpecifiers(ts, false, depth + 1)
    const { tagged, span } = specifiers
    if (ts.at(';') && tagged !== undefined && tagged.what !== 'enum') {
      const type = { specifiers, derivations: [], span }
      members.push({ name: undefined, type, width: undefined, span })
    } else {
      do members.push(parseMember(ts, specifiers))
      while (ts.accept(','))
    }
    ts.expect(';', 'expected ; after the member')
  } while (!isMark(ts.peek(), '}'))
  ts.next()
  return members
}

function parseMember(ts: TokenStream, specifiers: Specifiers): MemberDeclarationNode {
  const start = ts.peek().span
  const declarator = ts.at(':') ? { name: undefined, derivations: [] } : parseDeclarator(ts)
  const width = ts.accept(':') ? parseConditional(ts) : undefined
  const { name, derivations } = declarator
  const span = ts.spanFrom(start)
  return { name, type: { specifiers, derivations, span }, width, span }
}

function parseEnumerators(ts: TokenStream): readonly EnumeratorNode[] {
  const enumerators: EnumeratorNode[] = []
  do {
    const { name, span } = ts.expectName('expected the name of an enumerator')
    const value = ts.accept('=') ? parseConditional(ts) : undefined
    enumerators.push({ name, value, span: ts.spanFrom(span) })
  } while (ts.accept(','))
  ts.expect('}', 'expected , or }')
  return enumerators
}
