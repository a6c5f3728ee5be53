// DTokens: D in pieces, each with the part of the program that it stands in. Whatever is typed so
// far has pieces.
//
//   "xpv:::*-start /pid/ { @[probename] = count(); }"
//    probe          predicate  body
//
// Holds: pieces are in order and do not overlap; what is between them is blank.
// Source: the D language guide, "Program Structure"; libdtrace dt_lex.l.

/** What a piece is. */
export type DTokenKind =
  | 'comment'
  | 'string'
  | 'number'
  | 'word'
  | 'aggregation'
  | 'macro'
  | 'pragma'
  | 'probe'
  | 'punct'

/** Where in a program: what is described, asked, done. */
export type DPart = 'probe' | 'predicate' | 'body'

/** One piece. */
export interface DToken {
  readonly kind: DTokenKind
  readonly part: DPart
  readonly start: number
  readonly end: number
  /** Whether it stops because the text does. */
  readonly open: boolean
}

const ANYWHERE: readonly (readonly [DTokenKind, RegExp])[] = [
  ['comment', /\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y],
  ['pragma', /#[^\n]*/y],
]
const IN_PROBE: readonly (readonly [DTokenKind, RegExp])[] = [
  ['probe', /[\w:*?[\]!.`$-]+/y],
  ['punct', /[\s\S]/y],
]
const IN_BODY: readonly (readonly [DTokenKind, RegExp])[] = [
  ['aggregation', /@\w*/y],
  ['macro', /\$\$?\w*/y],
  ['number', /0[xX][\da-fA-F]+[uUlL]*|\d+[uUlL]*/y],
  ['word', /`?[A-Za-z_]\w*/y],
  ['punct', /->|\+\+|--|<<=?|>>=?|&&|\|\||\^\^|[-+*/%&|^<>=!]=|[\s\S]/y],
]

/** The pieces of a text of D. */
export function dTokens(text: string): readonly DToken[] {
  const tokens: DToken[] = []
  let part: DPart = 'probe'
  let depth = 0
  for (let at = 0; at < text.length; ) {
    const blank = matchAt(/\s+/y, text, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const [kind, found] = pieceAt(text, at, part)
    const end = at + found.length
    tokens.push({ kind, part, start: at, end, open: end === text.length && isOpen(kind, found) })
    at = end
    if (kind !== 'punct') continue
    if (found === '{') depth += 1
    if (found === '}') depth = Math.max(0, depth - 1)
    if (found === '/' && part !== 'body') part = part === 'probe' ? 'predicate' : 'probe'
    else if (found === '{' || found === '}') part = depth > 0 ? 'body' : 'probe'
  }
  return tokens
}

function pieceAt(text: string, at: number, part: DPart): readonly [DTokenKind, string] {
  for (const [kind, pattern] of [...ANYWHERE, ...(part === 'probe' ? IN_PROBE : IN_BODY)]) {
    const found = matchAt(pattern, text, at)
    if (found !== undefined) return [kind, found]
  }
  return ['punct', text[at] ?? '']
}

function isOpen(kind: DTokenKind, text: string): boolean {
  if (kind === 'comment') return text.length < 4 || !text.endsWith('*/')
  return kind === 'string' && (text.length < 2 || text[0] !== text.at(-1))
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** The part of a program at the end of a text. */
export function dPartAtEnd(text: string): DPart {
  const tokens = dTokens(`${text} ;`)
  return tokens.at(-1)?.part ?? 'probe'
}
