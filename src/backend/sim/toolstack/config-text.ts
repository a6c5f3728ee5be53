// Configuration texts of guests: what xm runs as Python and xl parses itself: names and values.
//
//   memory = 512  /  disk = [ 'phy:/dev/dsk/c0d0s3,0,w' ]  ->  Map { memory: 512, disk: [...] }
//
// Holds: the first mistake ends it, with its line. Strings, numbers, lists, sums of strings;
// nothing else of Python.

/** A value in a configuration. */
export type ConfigValue = string | number | readonly ConfigValue[]

/** What a text says, or where it stops making sense. */
export type ParsedConfig =
  | { readonly kind: 'parsed'; readonly values: ReadonlyMap<string, ConfigValue> }
  | { readonly kind: 'failed'; readonly line: number; readonly near: string }

type Token = { readonly text: string; readonly line: number }

const TOKEN = new RegExp(
  [
    /[ \t\r]+|#[^\n]*|\n|[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+/,
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|./,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gy',
)
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

/** The values of a text. */
export function parseConfig(text: string): ParsedConfig {
  const reader = new Reader(tokensOf(text))
  const values = new Map<string, ConfigValue>()
  for (;;) {
    reader.skipLines()
    const name = reader.take()
    if (name === undefined) return { kind: 'parsed', values }
    const isAssigned = /^[A-Za-z_]/.test(name.text) && reader.takeIf('=')
    const value = isAssigned ? reader.value() : undefined
    if (value === undefined || !reader.atLineEnd()) return reader.failure(name)
    values.set(name.text, value)
  }
}

/** Values of `key=value` words; words that are none stay. Where a value is no literal, the text
 *  itself is meant. */
export function wordValues(words: readonly string[]): {
  readonly values: ReadonlyMap<string, ConfigValue>
  readonly rest: readonly string[]
} {
  const values = new Map<string, ConfigValue>()
  const rest: string[] = []
  for (const word of words) {
    const [, name, text = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name === undefined) rest.push(word)
    else values.set(name, literal(text))
  }
  return { values, rest }
}

function literal(text: string): ConfigValue {
  const parsed = parseConfig(`x=${text}`)
  return (parsed.kind === 'parsed' ? parsed.values.get('x') : undefined) ?? text
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let line = 1
  for (const [part] of text.matchAll(TOKEN)) {
    if (!/^[ \t\r#]/.test(part)) tokens.push({ text: part, line })
    if (part === '\n') line++
  }
  return tokens
}

class Reader {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  take(): Token | undefined {
    return this.#tokens[this.#at++]
  }

  takeIf(text: string): boolean {
    const matches = this.#tokens[this.#at]?.text === text
    if (matches) this.#at++
    return matches
  }

  skipLines(): void {
    while (this.takeIf('\n') || this.takeIf(';')) {}
  }

  atLineEnd(): boolean {
    const text = this.#tokens[this.#at]?.text
    return text === undefined || text === '\n' || text === ';'
  }

  /** One value, or a sum of strings; undefined where there is none. */
  value(): ConfigValue | undefined {
    let sum = this.#term()
    while (sum !== undefined && this.takeIf('+')) {
      const more = this.#term()
      if (typeof sum === 'string' && typeof more === 'string') sum += more
      else if (typeof sum === 'number' && typeof more === 'number') sum += more
      else return undefined
    }
    return sum
  }

  failure(after: Token): ParsedConfig {
    const at = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? after
    return { kind: 'failed', line: at.text === '\n' ? after.line : at.line, near: at.text }
  }

  #term(): ConfigValue | undefined {
    const token = this.take()
    if (token === undefined) return undefined
    const { text } = token
    if (/^\d/.test(text)) return Number(text)
    if (/^["']/.test(text) && text.length > 1) return unquoted(text)
    if (text === '[') return this.#list(']')
    if (text === '(') return this.#list(')')
    const constants: Readonly<Record<string, ConfigValue>> = { True: 1, False: 0, None: '' }
    const constant = constants[text]
    if (constant === undefined) this.#at--
    return constant
  }

  #list(end: string): ConfigValue | undefined {
    const items: ConfigValue[] = []
    for (;;) {
      this.skipLines()
      if (this.takeIf(end)) return items
      const item = this.value()
      if (item === undefined) return undefined
      items.push(item)
      this.skipLines()
      if (!this.takeIf(',')) {
        this.skipLines()
        return this.takeIf(end) ? items : undefined
      }
    }
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => SIMPLE_ESCAPES[c] ?? c)
}
