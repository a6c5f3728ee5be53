// dtrace(8)'s command line: words in, what to enable and how to print out.
//
//   -qn 'xpv::: {}' 512  ->  { quiet, sources: [-n 'xpv::: {}'], macros: ['512'] }
//
// Holds: options may be clustered and may take their word glued on, as getopt(3) has it; sources
// keep their order. Source: dtrace(8), and facts of illumos cmd/dtrace/dtrace.c (DTRACE_OPTSTR).

import { XpvError } from '../../base/error.js'
import { isOn } from '../../base/switch-value.js'
import type { DSource } from '../../dtrace/d/compile.js'
import { optionMistake } from '../../dtrace/d/options.js'

/** What a dtrace command line asks for. The script of -s is read by the caller: its `text` is "".
 *  `--text PROGRAM`, which dtrace(8) has not, is a whole script in one word. */
export interface DtraceOptions {
  readonly sources: readonly DSource[]
  readonly list: boolean
  readonly quiet: boolean
  readonly compileOnly: boolean
  readonly flowIndent: boolean
  readonly destructive: boolean
  readonly verbose: boolean
  readonly version: boolean
  readonly output: string | undefined
  /** -x name=value, and options that are short for one (-b, -Z). */
  readonly options: ReadonlyMap<string, string>
  /** Words after the options: $1, $2 ... */
  readonly macros: readonly string[]
}

const WITH_WORD = 'bcDfHiILmnopPsUxX'
const PLAIN = 'aACeFGhlqSvVwZ'

/** Options that exist in dtrace(8) and cannot here, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  a: 'anonymous tracing needs a kernel that boots under DTrace',
  A: 'anonymous tracing needs a kernel that boots under DTrace',
  C: 'there is no C preprocessor here yet',
  c: 'a recorded machine runs no commands',
  G: 'there is no object file to embed probes in',
  h: 'there is no provider of your own to write a header for',
  L: 'there are no D libraries to look for',
  p: 'a recorded machine has no processes to grab',
  S: 'programs become JavaScript, not the intermediate code that -S shows',
}

/** Options for the preprocessor: without -C they change nothing, as in dtrace(8). */
const PREPROCESSOR = 'DHIU'

/** Options that are another name for a -x one; their word is its value. */
const SHORT_FOR: Readonly<Record<string, string>> = { b: 'bufsize', X: 'stdc' }

interface Draft {
  sources: DSource[]
  options: Map<string, string>
  flags: Set<string>
  output: string | undefined
  macros: string[]
}

/** Reads a dtrace command line without the command's name. Throws `XpvError` `dtrace.usage` for an
 *  option that does not exist or lacks its word, `dtrace.refused` for one that cannot exist here,
 *  and `dtrace.option` for a -x that names no option or gives it no value it can have. */
export function parseDtraceOptions(argv: readonly string[]): DtraceOptions {
  const draft: Draft = {
    sources: [],
    options: new Map(),
    flags: new Set(),
    output: undefined,
    macros: [],
  }
  const words = [...argv]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') draft.macros.push(...words.splice(0))
    else if (word === '--text') draft.sources.push({ part: 'script', text: words.shift() ?? '' })
    else if (word === '-32' || word === '-64') draft.flags.add(word)
    else if (word.startsWith('-') && word.length > 1) cluster(word.slice(1), words, draft)
    else draft.macros.push(word)
  }
  return finish(draft)
}

function cluster(letters: string, words: string[], draft: Draft): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? ''
    const reason = REFUSED[letter]
    if (reason !== undefined) throw new XpvError('dtrace.refused', `-${letter}: ${reason}`)
    if (PLAIN.includes(letter)) {
      draft.flags.add(letter)
      continue
    }
    if (!WITH_WORD.includes(letter)) throw usage(`illegal option -- ${letter}`)
    const word = i + 1 < letters.length ? letters.slice(i + 1) : words.shift()
    if (word === undefined) throw usage(`option requires an argument -- ${letter}`)
    takeWord(letter, word, draft)
    return
  }
}

const usage = (message: string): XpvError => new XpvError('dtrace.usage', message, USAGE)

function takeWord(letter: string, word: string, draft: Draft): void {
  const part = PARTS[letter]
  const option = SHORT_FOR[letter]
  if (part !== undefined) draft.sources.push({ part, text: word })
  else if (letter === 's') draft.sources.push({ part: 'script', text: '', file: word })
  else if (letter === 'o') draft.output = word
  else if (PREPROCESSOR.includes(letter)) return
  else if (option !== undefined) setOption(draft, option, word, `-${letter} ${word}`)
  else {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    setOption(draft, name, equals < 0 ? '' : word.slice(equals + 1), `-x ${name}`)
  }
}

function setOption(draft: Draft, name: string, value: string, written: string): void {
  const mistake = optionMistake(name, value)
  if (mistake !== undefined) {
    throw new XpvError('dtrace.option', `failed to set ${written}: ${mistake}`)
  }
  draft.options.set(name.toLowerCase(), value)
}

const PARTS: Readonly<Record<string, Exclude<DSource['part'], 'script'>>> = {
  n: 'name',
  f: 'function',
  m: 'module',
  P: 'provider',
  // As in dtrace(8): -i takes a whole description too, and a number is one.
  i: 'name',
}

function finish(draft: Draft): DtraceOptions {
  const { flags, options } = draft
  if (flags.has('Z')) options.set('zdefs', '')
  return {
    sources: draft.sources,
    list: flags.has('l'),
    quiet: flags.has('q') || isOn(options.get('quiet')),
    compileOnly: flags.has('e'),
    flowIndent: flags.has('F'),
    destructive: flags.has('w') || isOn(options.get('destructive')),
    verbose: flags.has('v'),
    version: flags.has('V'),
    output: draft.output,
    options,
    macros: draft.macros,
  }
}

/** One line of usage. */
export const USAGE =
  'dtrace [-eFlqvVwZ] [-b SIZE] [-o FILE] [-x NAME=VALUE] [-n|-P|-m|-f|-i SPEC] ' +
  '[-s SCRIPT] [ARG ...]'
