// Completion from what is there at run time: commands, names, members, and probe names inside
// strings.
//
//   "dtr"              -> dtrace            first word of a line
//   "xm cr"             -> create            words of a command that knows them
//   "machine.sn"       -> snapshot          members of a value, own ones first; nothing is called
// for it
//   "pcpus["           -> 0]                what a value can be indexed by
//   "on('xpv:::dom-"   -> dom-create-start  the part of a probe's name under the cursor
//   "v.rdmsr('IA32_MC" -> IA32_MCG_CAP      what a function takes
//
// A type service may later answer first; this remains what answers without one.
import { DESCRIBE, isDescribed } from '../base/describe.js'
import { globMatcher } from '../dtrace/probe/glob.js'
import { completeD } from './complete-d.js'
import { completeDtrace } from './complete-dtrace.js'
import { completeEsc } from './esc/complete-esc.js'

/** One proposal: `text` goes where the characters from `start` on stand now. */
export interface Completion {
  readonly text: string
  readonly start: number
  readonly kind: 'command' | 'word' | 'name' | 'member' | 'probe' | 'keyword'
  /** What it says, where that is known. */
  readonly doc?: string
}

/** What there is to complete from. */
export interface CompletionContext {
  readonly declared: readonly string[]
  readonly given: readonly string[]
  readonly commands: readonly string[]
  readonly probeSpecs: readonly string[]
  /** Names of the global object that it has not yet. */
  readonly globals?: readonly string[]
  /** What may follow the words of a command line. */
  wordsAfter?(command: string, words: readonly string[]): readonly string[]
  /** Commands behind which files may stand, which hang on where one is. */
  readonly ofFiles?: readonly string[]
  /** Names of the parts that the host has. */
  parts?(): readonly string[]
  /** What a function takes as its first string: `rdmsr` -> names of registers. */
  wordsIn?(called: string): readonly string[] | undefined
  /** The value of an expression, if it can be had without any effect. */
  peek(expression: string): unknown
}

/** Proposals for the end of `before`, best first. */
export function completeAt(before: string, context: CompletionContext): Completion[] {
  const probes = (from: number): readonly Completion[] =>
    completeProbe(before, from, context.probeSpecs)
  if (isDtrace(before, context)) return [...completeDtrace(before, probes)]
  const quote = openQuote(before)
  if (quote !== undefined) return completeString(before, quote, context)
  const index = /[\p{ID_Continue}$)\]]\[\d*$/u.exec(before)
  if (index !== null) return completeIndex(before, index.index + 1, '', context)
  const words = completeWord(before, context)
  if (words !== undefined) return words
  const member = /\.([\p{ID_Start}$_][\p{ID_Continue}$]*)?$/u.exec(before)
  if (member !== null) return completeMember(before, member[1] ?? '', context)
  const name = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(before)?.[0] ?? ''
  const start = before.length - name.length
  const isFirst = /^\s*([#$]\s+)?$/.test(before.slice(0, start))
  const commands = isFirst ? proposals(context.commands, name, start, 'command') : []
  const names = [...context.declared, ...context.given]
  const known = [...commands, ...proposals(names, name, start, 'name')]
  if (name === '') return unique(known)
  const { globals = [] } = context
  const builtins = unhidden([...Object.getOwnPropertyNames(globalThis), ...globals])
  const rest = [
    ...proposals(builtins.sort(), name, start, 'name'),
    ...proposals(KEYWORDS, name, start, 'keyword'),
  ]
  return unique([...known, ...rest])
}

/** Names of a global object that are for everybody. */
function unhidden(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith('__'))
}

/** Whether a line is one of dtrace, with a blank behind the name. */
function isDtrace(before: string, context: CompletionContext): boolean {
  const isLine = /^\s*(?:[#$]\s+)?dtrace\s/.test(before)
  return isLine && context.commands.includes('dtrace') && !context.declared.includes('dtrace')
}

/** The word under the cursor of a command line: `xm cr` is `xm create`. Undefined where the line is
 *  none. */
function completeWord(before: string, context: CompletionContext): Completion[] | undefined {
  const [, line] = /^\s*(?:[#$]\s+)?([\s\S]*)$/.exec(before) ?? []
  const [command = '', ...words] = (line ?? '').split(/[ \t]+/)
  const word = words.pop()
  if (word === undefined || !context.commands.includes(command)) return undefined
  const known = context.wordsAfter?.(command, words) ?? []
  return proposals(known, word, before.length - word.length, 'word')
}

const KEYWORDS = [
  'async',
  'await',
  'class',
  'const',
  'enum',
  'for',
  'function',
  'if',
  'import',
].concat(['interface', 'let', 'new', 'return', 'switch', 'throw', 'try', 'type', 'typeof', 'while'])

function proposals(
  names: readonly string[],
  prefix: string,
  start: number,
  kind: Completion['kind'],
): Completion[] {
  return names.filter((text) => text.startsWith(prefix)).map((text) => ({ text, start, kind }))
}

function unique(completions: readonly Completion[]): Completion[] {
  const seen = new Set<string>()
  return completions.filter(({ text }) => !seen.has(text) && seen.add(text).size > 0)
}

/** The offset of the quote that is still open at the end, if any. */
function openQuote(before: string): number | undefined {
  let open: number | undefined
  for (let i = 0; i < before.length; i++) {
    const c = before[i] ?? ''
    if (c === '\\') i += 1
    else if (open === undefined && `'"\``.includes(c)) open = i
    else if (open !== undefined && c === before[open]) open = undefined
  }
  return open
}

/** A template in another language. */
const TAG = /(?<![\p{ID_Continue}$.])(d|esc)$/u

/** Completes in a string: what a function takes, what a value can be indexed by, else a probe. */
function completeString(before: string, quote: number, context: CompletionContext): Completion[] {
  const typed = before.slice(quote + 1)
  if (before[quote - 1] === '[') {
    return completeIndex(before, quote - 1, before[quote] ?? '', context)
  }
  const tag = before[quote] === '`' ? TAG.exec(before.slice(0, quote))?.[1] : undefined
  if (tag === 'd') {
    const probes = (): readonly Completion[] => completeProbe(before, quote + 1, context.probeSpecs)
    return [...completeD(typed, quote + 1, probes)]
  }
  if (tag === 'esc') return [...completeEsc(typed, quote + 1, () => context.parts?.() ?? [])]
  const called = /([\p{ID_Continue}$]+)\($/u.exec(before.slice(0, quote))?.[1]
  const words = called === undefined ? undefined : context.wordsIn?.(called)
  if (words !== undefined) return proposals(words, typed, quote + 1, 'word')
  return completeProbe(before, quote + 1, context.probeSpecs)
}

/** Completes `value[` and `value['`: numbers, or names with their quotes. */
function completeIndex(
  before: string,
  bracket: number,
  quote: string,
  context: CompletionContext,
): Completion[] {
  const expression = expressionBefore(before, bracket)
  const value = expression === '' ? undefined : context.peek(expression)
  if (typeof value !== 'object' || value === null) return []
  const keys = Object.keys(value)
  const isNumber = (key: string): boolean => /^\d+$/.test(key)
  const texts = keys.filter((key) => isNumber(key) === (quote === ''))
  const typed = before.slice(bracket + 1 + quote.length)
  const ends = texts.map((key) => `${key}${quote}]`)
  return proposals(ends, typed, before.length - typed.length, 'member')
}

/** Completes one of the four parts of a probe's name; the parts before it may be empty or globs. */
function completeProbe(before: string, from: number, specs: readonly string[]): Completion[] {
  const token = /[\w:*?[\]!.-]*$/.exec(before.slice(from))?.[0] ?? ''
  const given = token.split(':')
  const index = given.length - 1
  const prefix = given[index] ?? ''
  if (index > 3) return []
  const matchers = given.slice(0, index).map(globMatcher)
  const parts = new Set<string>()
  for (const spec of specs) {
    const names = spec.split(':')
    const fits = matchers.every((matches, i) => matches(names[i] ?? ''))
    const part = names[index] ?? ''
    if (fits && part !== '' && part.startsWith(prefix)) parts.add(part)
  }
  const tail = index < 3 ? ':' : ''
  const texts = [...parts].map((part) => `${part}${tail}`)
  return proposals(texts, prefix, before.length - prefix.length, 'probe')
}

function completeMember(before: string, prefix: string, context: CompletionContext): Completion[] {
  const start = before.length - prefix.length
  const expression = expressionBefore(before, start - 1)
  if (expression === '') return []
  const value = context.peek(expression.replace(/\?$/, ''))
  if (value === undefined || value === null) return []
  const docs = isDescribed(value) ? value[DESCRIBE]().members : {}
  return proposals(membersOf(value), prefix, start, 'member').map((found) => {
    const doc = Object.hasOwn(docs, found.text) ? docs[found.text] : undefined
    return doc === undefined ? found : { ...found, doc }
  })
}

/** Names of a value's members: its own, then those of its classes; Object's come never. */
export function membersOf(value: unknown): readonly string[] {
  const names = new Set<string>()
  let object: unknown = Object(value)
  while (object !== null && object !== Object.prototype && names.size < 2000) {
    const own = Object.getOwnPropertyNames(object).filter((name) => /^[\p{ID_Start}$_]/u.test(name))
    for (const name of own) if (name !== 'constructor' && !name.startsWith('__')) names.add(name)
    object = Reflect.getPrototypeOf(object as object)
  }
  return [...names]
}

/** The expression that ends before `end`: names, dots, brackets and calls, read backwards. */
function expressionBefore(text: string, end: number): string {
  let at = end
  while (at > 0) {
    const c = text[at - 1] ?? ''
    if (')]'.includes(c)) at = openingOf(text, at - 1)
    else if (`'"\``.includes(c)) at = text.lastIndexOf(c, at - 2)
    else if (/[\p{ID_Continue}$.?]/u.test(c)) at -= 1
    else break
    if (at < 0) return ''
  }
  return text.slice(at, end)
}

function openingOf(text: string, close: number): number {
  let depth = 0
  for (let at = close; at >= 0; at--) {
    const c = text[at] ?? ''
    if (')]}'.includes(c)) depth += 1
    if ('([{'.includes(c)) depth -= 1
    if (depth === 0) return at
  }
  return -1
}
