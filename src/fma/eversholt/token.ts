// Tokens of Eversholt, before and after the preprocessor.
import type { EscCode } from './diagnostics.js'
import type { Place } from './source.js'

/** One token. The text of a string is what stands between its quotes, escapes and all. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark' | 'end'
  readonly text: string
  readonly place: Place
  /** First on its line: a `#` there begins a directive. */
  readonly startsLine: boolean
  /** Blanks stand before it. */
  readonly spaced: boolean
  /** A comment and nothing else stands before it: two words so joined are one. */
  readonly glued: boolean
  /** What is wrong with it, told when it is read. */
  readonly fault?: TokenFault
}

/** A token that is none. */
export interface TokenFault {
  readonly code: EscCode
  readonly message: string
  readonly hint?: string
}

/** Marks, longest first: the first that fits is taken. */
export const MARKS: readonly string[] = [
  ...['->', '==', '!=', '<=', '>=', '<<', '>>', '&&', '||'],
  ...'=?:|^&<>-+*/%!~.,;(){}[]@$#',
]

/** Whether a token is this mark. */
export function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark
}

/** A token as a message names it. */
export function shown(token: Token): string {
  if (token.kind === 'end') return 'the end of the file'
  return token.kind === 'string' ? `"${token.text}"` : token.text
}
