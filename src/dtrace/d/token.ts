// Tokens of D: what the lexer hands the parser.
import type { Span } from '../../base/span.js'

/** One token. `spec` is a word of the outer scope (`xpv:::*-start`), `word` an identifier or
 *  keyword. */
export type Token = TokenBody & {
  readonly span: Span
  /** As the source has it, for messages. */
  readonly text: string
}

export type TokenBody =
  | { readonly kind: 'end' }
  | { readonly kind: 'spec' }
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'aggregation'; readonly name: string }
  | IntToken
  | { readonly kind: 'string'; readonly value: string }
  /** `closes`: a slash that ends a predicate. */
  | { readonly kind: 'mark'; readonly mark: string; readonly closes?: boolean }

/** An integer constant as written: the type follows from value, base and suffix. */
export interface IntToken {
  readonly kind: 'int'
  readonly value: bigint
  readonly decimal: boolean
  /** Lower case: '', 'u', 'l', 'll', 'ul' or 'ull'. */
  readonly suffix: string
  /** A sign that a macro argument brought along. */
  readonly sign?: '+' | '-'
}

/** Words of the expression scope that are no identifiers; most are reserved and mean nothing in
 *  D. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'auto break case char const continue counter default do double else enum extern float ' +
    'for goto if import inline int long offsetof probe provider register restrict return ' +
    'self short signed sizeof static string stringof struct switch this translator typedef ' +
    'union unsigned void volatile while xlate'
  ).split(' '),
)

/** Words that begin a declaration in the outer scope. */
export const DECLARATION_WORDS: ReadonlySet<string> = new Set(
  (
    'auto char const counter double enum extern float import inline int long provider ' +
    'register restrict self short signed static string struct this translator typedef union ' +
    'unsigned void volatile'
  ).split(' '),
)

/** Punctuation, longest first. */
export const MARKS: readonly string[] = (
  '... <<= >>= += -= *= /= %= &= ^= |= ++ -- -> << >> <= >= == != && ^^ || ( ) [ ] { } | ^ ' +
  '& < > + - * / % ~ ! ? : . = , ;'
).split(' ')
