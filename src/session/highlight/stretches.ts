// Colour of a cell while it is written: TypeScript with D and probes in it, or a command line.
//
//   on('xpv:::*-start').count() // all    ->  probe in the string, comment
//   d`xpv:::{ @ = count() }`              ->  as D; esc`event fault.x@chip;` as Eversholt
//   dtrace -qn 'xpv:::{ trace(1) }'       ->  command, option, and D in the quotes
//
// Holds: stretches are in order and do not overlap; nothing is loaded, asked or run for it.
import type { Stretch } from '../assist.js'
import { dropPromptSign, firstWord } from '../words.js'
import { type CodeToken, codeTokens } from './code-tokens.js'
import { dStretches } from './d-stretches.js'
import { escStretches } from './esc-stretches.js'

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'abstract any as async await bigint boolean break case catch class const continue debugger ' +
    'declare default delete do else enum export extends false finally for from function if ' +
    'implements import in instanceof interface keyof let namespace never new null number object ' +
    'of private protected public readonly return satisfies static string super switch this throw ' +
    'true try type typeof undefined unknown var void while yield'
  ).split(' '),
)

/** The stretches of a cell; `isCommand` says of a first word whether it begins a command. */
export function stretchesOf(
  text: string,
  isCommand: (word: string) => boolean,
): readonly Stretch[] {
  const word = firstWord(dropPromptSign(text))
  return isCommand(word) ? commandStretches(text, word, isCommand) : codeStretches(text)
}

function codeStretches(text: string): readonly Stretch[] {
  const tokens = codeTokens(text)
  return tokens.flatMap((token, i) =>
    tokenStretches(text, token, tokens.slice(Math.max(0, i - 2), i)),
  )
}

/** A piece, by the two before it. */
function tokenStretches(
  text: string,
  token: CodeToken,
  before: readonly CodeToken[],
): readonly Stretch[] {
  const { kind, start, end } = token
  const [first, second] = before.map((each) => text.slice(each.start, each.end))
  const last = second ?? first
  switch (kind) {
    case 'comment':
    case 'number':
      return [{ start, end, role: kind }]
    case 'regexp':
      return [{ start, end, role: 'string' }]
    case 'string':
      return [{ start, end, role: isProbe(first, second) ? 'probe' : 'string' }]
    case 'template': {
      const language = text[start] === '`' ? LANGUAGES.get(last ?? '') : undefined
      return language === undefined
        ? [{ start, end, role: 'string' }]
        : embedded(text, token, language)
    }
    case 'word': {
      const isMember = last === '.' || last === '?.'
      const isKey = !isMember && KEYWORDS.has(text.slice(start, end))
      return isKey ? [{ start, end, role: 'keyword' }] : []
    }
    case 'punct':
      return []
  }
}

/** The string of `on('...')` and `probes('...')`. */
function isProbe(first: string | undefined, second: string | undefined): boolean {
  return second === '(' && (first === 'on' || first === 'probes')
}

/** What another language makes of a text that begins at an offset. */
type StretchesFrom = (text: string, from: number) => readonly Stretch[]

/** Languages of templates, by their tags. */
const LANGUAGES: ReadonlyMap<string, StretchesFrom> = new Map([
  ['d', dStretches],
  ['esc', escStretches],
])

/** Another language between its quotes; code in `${}` goes on as TypeScript. */
function embedded(
  text: string,
  { start, end, open }: CodeToken,
  stretches: StretchesFrom,
): readonly Stretch[] {
  const closing = open ? 0 : text.slice(0, end).endsWith('${') ? 2 : 1
  const quote: Stretch = { start, end: start + 1, role: 'string' }
  const inside = stretches(text.slice(start + 1, end - closing), start + 1)
  const last: Stretch[] = closing === 0 ? [] : [{ start: end - closing, end, role: 'string' }]
  return [quote, ...inside, ...last]
}

const QUOTED = /'[^']*'?|"(?:\\[\s\S]|[^"\\])*"?/y
const OPTION = /--?[\w-]+(?==|\s|$|')/y
const NUMBER = /\d+(?=\s|$)/y
const REST = /(?:\\[\s\S]|[^\s'"\\])+/y

function commandStretches(
  text: string,
  word: string,
  isCommand: (word: string) => boolean,
): readonly Stretch[] {
  const start = text.indexOf(word)
  const end = start + word.length
  const lineEnd = endOfLine(text, end)
  const found: Stretch[] = [{ start, end, role: 'command' }]
  for (let at = end; at < lineEnd; ) {
    const quoted = matchAt(QUOTED, text, at)
    const atWord = /\s/.test(text[at - 1] ?? '')
    const option = atWord ? matchAt(OPTION, text, at) : undefined
    const number = atWord ? matchAt(NUMBER, text, at) : undefined
    const rest = matchAt(REST, text, at)
    if (quoted !== undefined) found.push(...quotedStretches(quoted, at, word === 'dtrace'))
    else if (option !== undefined)
      found.push({ start: at, end: at + option.length, role: 'option' })
    else if (number !== undefined)
      found.push({ start: at, end: at + number.length, role: 'number' })
    else if (word === 'dtrace' && rest?.includes(':')) {
      found.push({ start: at, end: at + rest.length, role: 'probe' })
    }
    at += (quoted ?? option ?? number ?? rest ?? ' ').length
  }
  const more = text.slice(lineEnd)
  const next = firstWord(dropPromptSign(more))
  if (!isCommand(next)) return found
  const shifted = commandStretches(more, next, isCommand).map((each) => ({
    ...each,
    start: each.start + lineEnd,
    end: each.end + lineEnd,
  }))
  return [...found, ...shifted]
}

/** Where a line of a command ends: at a line's end outside quotes. */
function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; ) {
    if (text[at] === '\n') return at
    at += (matchAt(QUOTED, text, at) ?? (text[at] === '\\' ? '\\n' : ' ')).length
  }
  return text.length
}

function quotedStretches(quoted: string, at: number, isD: boolean): readonly Stretch[] {
  const end = at + quoted.length
  if (!isD || !quoted.startsWith("'")) return [{ start: at, end, role: 'string' }]
  const isClosed = quoted.length > 1 && quoted.endsWith("'")
  const inside = dStretches(quoted.slice(1, isClosed ? -1 : undefined), at + 1)
  const closing: Stretch[] = isClosed ? [{ start: end - 1, end, role: 'string' }] : []
  return [{ start: at, end: at + 1, role: 'string' }, ...inside, ...closing]
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
