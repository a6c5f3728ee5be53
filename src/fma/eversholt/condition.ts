// Conditions of `#if`: whole numbers, names, `defined`, and C's operators.
//
//   defined(_ESC) && VERSION >= 2  ->  true or false
//
// Holds: a name that is no macro is 0, as cpp has it.
import type { Diagnostics } from './diagnostics.js'
import { Expander, type Macro } from './macro.js'
import { isMark, shown, type Token } from './token.js'

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

const MOST_TOKENS = 200

/** Whether a condition holds. Fails when it is none. */
export function holds(
  first: Token,
  tokens: readonly Token[],
  macros: ReadonlyMap<string, Macro>,
  diagnostics: Diagnostics,
): boolean {
  const known = withoutDefined(tokens, macros)
  const expanded = new Expander(macros, diagnostics).expand(known)
  if (expanded.length > MOST_TOKENS)
    diagnostics.fail(first.place, 'esc.too-large', 'the condition is too long')
  const reader = new Reader(first, expanded, diagnostics)
  const value = reader.level(0)
  reader.end()
  return value !== 0n
}

/** The tokens with `defined X` and `defined(X)` answered. */
function withoutDefined(
  tokens: readonly Token[],
  macros: ReadonlyMap<string, Macro>,
): readonly Token[] {
  const out: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token
    const isCall = isMark(tokens[i + 1], '(')
    const name = tokens[i + (isCall ? 2 : 1)]
    const isClosed = !isCall || isMark(tokens[i + 3], ')')
    if (token.text !== 'defined' || name?.kind !== 'word' || !isClosed) out.push(token)
    else {
      out.push({ ...token, kind: 'number', text: macros.has(name.text) ? '1' : '0' })
      i += isCall ? 3 : 1
    }
  }
  return out
}

class Reader {
  readonly #first: Token
  readonly #tokens: readonly Token[]
  readonly #diagnostics: Diagnostics
  #at = 0

  constructor(first: Token, tokens: readonly Token[], diagnostics: Diagnostics) {
    this.#first = first
    this.#tokens = tokens
    this.#diagnostics = diagnostics
  }

  level(level: number): bigint {
    const operators = LEVELS[level]
    if (operators === undefined) return this.#unary()
    let left = this.level(level + 1)
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token?.kind !== 'mark' || !operators.includes(token.text)) return left
      this.#at += 1
      left = this.#apply(token, left, this.level(level + 1))
    }
  }

  end(): void {
    const token = this.#tokens[this.#at]
    if (token !== undefined) this.#refuse(token)
  }

  #unary(): bigint {
    const token = this.#tokens[this.#at++]
    if (token === undefined || token.fault !== undefined) return this.#refuse(token)
    if (token.kind === 'number') return BigInt(/^0\d/.test(token.text) ? octal(token) : token.text)
    if (token.kind === 'word') return 0n
    if (isMark(token, '!')) return this.#unary() === 0n ? 1n : 0n
    if (isMark(token, '-')) return -this.#unary()
    if (!isMark(token, '(')) return this.#refuse(token)
    const value = this.level(0)
    const close = this.#tokens[this.#at++]
    return isMark(close, ')') ? value : this.#refuse(close)
  }

  #apply({ place, text }: Token, a: bigint, b: bigint): bigint {
    const truth = (is: boolean): bigint => (is ? 1n : 0n)
    if ((text === '/' || text === '%') && b === 0n)
      this.#diagnostics.fail(place, 'esc.division-by-zero', 'the condition divides by zero')
    const shift = b < 0n ? 0n : b > 64n ? 64n : b
    const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)
    const results: Readonly<Record<string, () => bigint>> = {
      '||': () => truth(a !== 0n || b !== 0n),
      '&&': () => truth(a !== 0n && b !== 0n),
      '|': () => a | b,
      '^': () => a ^ b,
      '&': () => a & b,
      '==': () => truth(a === b),
      '!=': () => truth(a !== b),
      '<': () => truth(a < b),
      '<=': () => truth(a <= b),
      '>': () => truth(a > b),
      '>=': () => truth(a >= b),
      '<<': () => wrap(a << shift),
      '>>': () => a >> shift,
      '+': () => wrap(a + b),
      '-': () => wrap(a - b),
      '*': () => wrap(a * b),
      '/': () => a / b,
      '%': () => a % b,
    }
    return results[text]?.() ?? 0n
  }

  #refuse(token: Token | undefined): never {
    const message =
      token === undefined ? 'the condition ends too early' : `${shown(token)} makes no condition`
    const place = token?.place ?? this.#first.place
    return this.#diagnostics.fail(place, 'esc.bad-directive', message, '#if defined(NAME)')
  }
}

const octal = ({ text }: Token): string => `0o${text.slice(1)}`
