// Brackets: which belong together, and how far a new line is to be indented.
//
// Holds: brackets inside quotes and comments are not counted; what is found is help, never a reason
// to refuse a cell. Beyond MOST characters there is no help: it is looked for at every key.

const MOST = 50_000
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const INDENT = 2

/** A bracket and the one it belongs to. */
export interface BracketPair {
  readonly open: number
  readonly close: number
}

/** The pair of the bracket before the cursor, or else under it. */
export function pairAt(text: string, cursor: number): BracketPair | undefined {
  const isNear = /[()[\]{}]/.test(text.slice(Math.max(0, cursor - 1), cursor + 1))
  if (!isNear || text.length > MOST) return undefined
  const pairs = pairsOf(text)
  const touching = (at: number) => pairs.find(({ open, close }) => open === at || close === at)
  return touching(cursor - 1) ?? touching(cursor)
}

/** All pairs of a text. */
export function pairsOf(text: string): BracketPair[] {
  const pairs: BracketPair[] = []
  const open: number[] = []
  for (const at of bracketsOf(text)) {
    const c = text[at] ?? ''
    if (CLOSING[c] !== undefined) open.push(at)
    else if (CLOSING[text[open.at(-1) ?? -1] ?? ''] === c) {
      pairs.push({ open: open.pop() ?? 0, close: at })
    }
  }
  return pairs
}

const HIDDEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?/
const TOKEN = new RegExp(`${HIDDEN.source}|[\`()[\\]{}]`, 'g')

/** Offsets of the brackets that are code: those in a template's `${}` too. */
function bracketsOf(text: string): number[] {
  const found: number[] = []
  const inside: string[] = [] // '{' for a block, '${' for a template's part
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const c = match[0]
    if (c === '`') TOKEN.lastIndex = skipTemplate(text, TOKEN.lastIndex, inside)
    else if (c.length > 1 || !/[()[\]{}]/.test(c)) continue
    else if (c === '}' && inside.pop() === '${') {
      TOKEN.lastIndex = skipTemplate(text, TOKEN.lastIndex, inside)
    } else {
      if (c === '{') inside.push(c)
      found.push(match.index)
    }
  }
  return found
}

/** The offset behind a template's text: at its end, or behind a `${`, which is noted. */
function skipTemplate(text: string, from: number, inside: string[]): number {
  for (let at = from; at < text.length; at++) {
    const c = text[at]
    if (c === '\\') at += 1
    else if (c === '`') return at + 1
    else if (c === '$' && text[at + 1] === '{') {
      inside.push('${')
      return at + 2
    }
  }
  return text.length
}

/** The lines that begin outside all brackets, templates and comments. */
export function outerLines(text: string): string[] {
  const ends: number[] = [] // offsets where something is inside something, in pairs
  for (const { open, close } of pairsOf(text)) ends.push(open, close)
  for (const match of text.matchAll(/\/\*[\s\S]*?(?:\*\/|$)|`(?:\\[\s\S]|[^`\\])*`?/g)) {
    ends.push(match.index, match.index + match[0].length - 1)
  }
  const isInside = (at: number): boolean =>
    ends.some((start, i) => i % 2 === 0 && start < at && at <= (ends[i + 1] ?? 0))
  let at = 0
  return text.split('\n').filter((line) => {
    const start = at
    at += line.length + 1
    return !isInside(start)
  })
}

/** The blanks a line starts with that is begun at `cursor`: those of its own line, more behind an
 *  open bracket. */
export function indentAfter(text: string, cursor: number): string {
  const start = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1
  const line = text.slice(start, cursor)
  const own = /^[ \t]*/.exec(line)?.[0] ?? ''
  return /[([{]\s*$/.test(line) ? own + ' '.repeat(INDENT) : own
}

/** How many blanks before the cursor go away when a closing bracket is written there. */
export function outdentBefore(text: string, cursor: number): number {
  const start = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1
  const line = text.slice(start, cursor)
  return start > 0 && /^ +$/.test(line) ? Math.min(INDENT, line.length) : 0
}
