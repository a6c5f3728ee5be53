// dtrace(8)'s command line: words in, what to enable and how to print out.
//
//   -qn 'xpv::: {}' 512  ->  { settings, sources: [-n 'xpv::: {}'], macros: ['512'] }
//
// Holds: options may be clustered and may take their word glued on, as getopt(3) has it; sources
// and settings keep their order. Source: dtrace(8); facts of cmd/dtrace/dtrace.c of illumos and
// Linux (DTRACE_OPTSTR, main).
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { isOn } from '../../base/switch-value.js'
import type { DSource } from '../../dtrace/d/compile.js'
import {
  OPTIONS,
  type OptionDialect,
  optionHint,
  optionMistake,
} from '../../dtrace/program/options.js'
import { refuseFlag } from './dtrace-refused.js'

/** What is done with the programs. 'explain' and 'options' are ours: in words, and the table of
 *  options. */
export type DtraceMode = 'run' | 'compile' | 'list' | 'version' | 'explain' | 'options' | 'help'

/** How results come out: DTrace's text, or the same data for programs. */
export type DtraceFormat = 'text' | 'json' | 'ndjson' | 'csv' | 'table'

/** What a dtrace command line asks for. The script of -s is read by the caller: its `text` is "".
 *  `--text PROGRAM`, which dtrace(8) has not, is a whole script in one word. */
export interface DtraceOptions {
  readonly mode: DtraceMode
  readonly sources: readonly DSource[]
  readonly format: DtraceFormat
  readonly quiet: boolean
  readonly verbose: boolean
  /** -S: print the typed program. */
  readonly listing: boolean
  readonly output: string | undefined
  readonly dialect: OptionDialect
  /** -x name=value, and the options that are short for one (-b, -q, -w, -F, -Z ...). */
  readonly options: ReadonlyMap<string, string>
  /** -C: scripts go through the preprocessor, with these arguments, in order. */
  readonly preprocess: boolean
  readonly cppArguments: readonly string[]
  /** -L, in order. */
  readonly libraries: readonly string[]
  /** -c: a command to run meanwhile, in words. */
  readonly command: readonly string[] | undefined
  /** --past: over what has happened so far, on a machine on which more will. */
  readonly past: boolean
  /** -p: what $target is. */
  readonly target: number | undefined
  /** Words after the options: $1, $2 ... */
  readonly macros: readonly string[]
}

/** One option as given: `shown` is how a message names it. */
interface Setting {
  readonly name: string
  readonly value: string | undefined
  readonly shown: string
}

interface Draft {
  readonly sources: DSource[]
  readonly settings: Setting[]
  readonly flags: Set<string>
  readonly macros: string[]
  output?: string
  format?: string
  command?: string
  target?: string
}

const WITH_WORD = '36bcDfiILmnopPsUxX'
const PLAIN = 'aACeFGhHlqSvVwZ'

/** Options that are another name for a -x one: with their word as its value, or without any. */
const SHORT_FOR: Readonly<Record<string, string>> = {
  b: 'bufsize',
  C: 'cpp',
  D: 'define',
  F: 'flowindent',
  H: 'cpphdrs',
  I: 'incdir',
  L: 'libdir',
  q: 'quiet',
  S: 'verbose',
  U: 'undef',
  w: 'destructive',
  X: 'stdc',
  Z: 'zdefs',
}

/** What -n and its like name. As in dtrace(8), -i takes a whole description too. */
const PARTS: Readonly<Record<string, Exclude<DSource['part'], 'script'>>> = {
  n: 'name',
  f: 'function',
  m: 'module',
  P: 'provider',
  i: 'name',
}

/** Options with a whole word for a name. */
const LONG: readonly string[] = ['--explain', '--format', '--help', '--past', '--text']

/** The words of --format. */
export const DTRACE_FORMATS: readonly DtraceFormat[] = ['text', 'json', 'ndjson', 'csv', 'table']

/** Reads a dtrace command line without the command's name. Throws `XpvError` `dtrace.usage` for an
 *  option that does not exist or lacks its word, `dtrace.refused` for one that cannot exist here,
 *  and `dtrace.option` for a -x that names no option or gives it no value it can have. */
export function parseDtraceOptions(argv: readonly string[]): DtraceOptions {
  if (argv.length === 0) throw new XpvError('dtrace.usage', 'what is to be done?', USAGE)
  const draft: Draft = { sources: [], settings: [], flags: new Set(), macros: [] }
  const words = [...argv]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') draft.macros.push(...words.splice(0))
    else if (word.startsWith('--')) long(word, words, draft)
    else if (word.startsWith('-') && word.length > 1) cluster(word.slice(1), words, draft)
    else draft.macros.push(word)
  }
  return finish(draft)
}

const usage = (message: string): XpvError => new XpvError('dtrace.usage', message, USAGE)

function long(word: string, words: string[], draft: Draft): void {
  const [name = '', glued] = word.split(/=(.*)/s)
  if (!LONG.includes(name)) {
    const near = nearest(name, LONG)
    const meant = near === undefined ? '' : `; did you mean ${near}?`
    throw usage(`illegal option -- ${name.slice(2)}${meant}`)
  }
  if (name === '--explain' || name === '--help' || name === '--past') {
    draft.flags.add(name)
    return
  }
  const value = glued ?? words.shift()
  if (value === undefined) throw usage(`option requires an argument -- ${name.slice(2)}`)
  if (name === '--text') draft.sources.push({ part: 'script', text: value })
  else draft.format = value
}

function cluster(letters: string, words: string[], draft: Draft): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? ''
    if (PLAIN.includes(letter)) {
      draft.flags.add(letter)
      const option = SHORT_FOR[letter]
      if (option !== undefined)
        draft.settings.push({ name: option, value: undefined, shown: `-${letter}` })
      continue
    }
    if (!WITH_WORD.includes(letter)) throw usage(`illegal option -- ${letter}`)
    const word = i + 1 < letters.length ? letters.slice(i + 1) : words.shift()
    if (word === undefined) throw usage(`option requires an argument -- ${letter}`)
    takeWord(letter, word, draft)
    return
  }
}

function takeWord(letter: string, word: string, draft: Draft): void {
  const part = PARTS[letter]
  const option = SHORT_FOR[letter]
  if (part !== undefined) draft.sources.push({ part, text: word })
  else if (letter === 's') draft.sources.push({ part: 'script', text: '', file: word })
  else if (letter === 'o') draft.output = word
  else if (letter === 'c') draft.command = word
  else if (letter === 'p') draft.target = word
  else if (letter === '3' || letter === '6') dataModel(`${letter}${word}`, draft)
  else if (option !== undefined)
    draft.settings.push({ name: option, value: word, shown: `-${letter} ${word}` })
  else if (word === 'help') draft.flags.add('-x help')
  else {
    const [name = '', value] = word.split(/=(.*)/s)
    draft.settings.push({ name, value, shown: `-x ${name}` })
  }
}

function dataModel(text: string, draft: Draft): void {
  if (text !== '32' && text !== '64') throw usage(`illegal option -- ${text}`)
  draft.flags.add(text)
}

function finish(draft: Draft): DtraceOptions {
  const mode = modeOf(draft)
  const given = draft.settings.findLast(({ name }) => name === 'dialect')?.value
  const dialect = given === 'linux' ? 'linux' : 'illumos'
  const options = new Map<string, string>()
  for (const setting of draft.settings) set(options, setting, dialect)
  return {
    mode,
    sources: draft.sources,
    format: formatOf(draft.format),
    quiet: isOn(options.get('quiet')),
    verbose: draft.flags.has('v'),
    listing: isOn(options.get('verbose')),
    output: draft.output,
    dialect,
    options,
    preprocess: options.has('cpp'),
    cppArguments: draft.settings.flatMap(cppArgument),
    libraries: draft.settings.flatMap(libraryFolder),
    command: draft.command === undefined ? undefined : wordsOf(draft.command),
    target: draft.target === undefined ? undefined : processId(draft.target),
    past: draft.flags.has('--past'),
    macros: draft.macros,
  }
}

const MODES: readonly (readonly [flag: string, mode: DtraceMode])[] = [
  ['--help', 'help'],
  ['-x help', 'options'],
  ['V', 'version'],
  ['l', 'list'],
  ['--explain', 'explain'],
  ['e', 'compile'],
]

/** At most one of dtrace(8)'s modes; those that cannot be here are refused. */
function modeOf({ flags, sources, output }: Draft): DtraceMode {
  const modes = [...'AGhlV'].filter((letter) => flags.has(letter))
  if (modes.length > 1) {
    const message = 'only one of the [-AGhlV] options can be specified at a time'
    throw new XpvError('dtrace.usage', message)
  }
  for (const flag of ['a', 'A', 'G', 'h', '32']) {
    if (flags.has(flag)) refuseFlag(flag, { sources, output })
  }
  return MODES.find(([flag]) => flags.has(flag))?.[1] ?? 'run'
}

function set(options: Map<string, string>, setting: Setting, dialect: OptionDialect): void {
  const { name, value, shown } = setting
  const mistake = optionMistake(name, value, { dialect, from: 'command line' })
  if (mistake !== undefined) {
    throw new XpvError('dtrace.option', `failed to set ${shown}: ${mistake}`, optionHint(name))
  }
  // `-x quiet=` is off, as dtrace(8) has it, while `-x quiet` is on.
  const isUnset = value === '' && OPTIONS.get(name)?.value.kind === 'switch'
  options.set(name, isUnset ? 'unset' : (value ?? ''))
}

const CPP_LETTERS: Readonly<Record<string, string>> = {
  define: '-D',
  undef: '-U',
  incdir: '-I',
  cpphdrs: '-H',
}

function cppArgument({ name, value = '' }: Setting): readonly string[] {
  if (name === 'cppargs') return wordsOf(value)
  const letter = CPP_LETTERS[name]
  return letter === undefined ? [] : [`${letter}${value}`]
}

function libraryFolder({ name, value }: Setting): readonly string[] {
  const isFolder = name === 'libdir' || name === 'archlibdir'
  return isFolder && value !== undefined ? [value] : []
}

/** Words between blanks: dtrace(8) knows no quotes here. */
const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

function processId(text: string): number {
  if (/^\s*[-+]?[0-9]+$/.test(text)) return Number(text)
  throw new XpvError('dtrace.pid', `invalid pid: ${text}`)
}

function formatOf(text: string | undefined): DtraceFormat {
  if (text === undefined) return 'text'
  const format = DTRACE_FORMATS.find((known) => known === text)
  if (format !== undefined) return format
  const near = nearest(text, DTRACE_FORMATS)
  throw usage(`there is no format ${text}${near === undefined ? '' : `; did you mean ${near}?`}`)
}

/** How the command is used, in lines of at most 80 columns. */
export const USAGE =
  'dtrace [-64] [-CeFHlqSvVwZ] [-b SIZE] [-c COMMAND] [-D NAME[=TEXT]]\n' +
  '\t[-I FOLDER] [-L FOLDER] [-o FILE] [-p PID] [-U NAME]\n' +
  '\t[-x NAME[=VALUE]] [-X a|c|s|t] [-n|-P|-m|-f|-i SPEC] [-s SCRIPT]\n' +
  '\t[--explain] [--past] [--format text|json|ndjson|csv|table] [ARG ...]'
