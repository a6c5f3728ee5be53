// D's options, all of them, in one table: what -x, `#pragma D option` and setopt() accept.
//
//   optionMistake('bufsize', '9z')  ->  'Invalid value for specified option'
//
// Holds: names count as written, in lower case. Whoever acts on an option reads its text.
// Source: the D language guide, "Options and Tunables"; libdtrace dt_options.c of illumos and
// Linux (_dtrace_ctoptions, _dtrace_rtoptions, _dtrace_drtoptions).
import { nearest } from '../../base/nearest.js'
import { isSwitchValue, parseCount, parseRate, parseSize } from './option-value.js'
import { parseStability } from './stability.js'
import { parseVersion } from './version.js'

/** Which DTrace an option's bounds, and D's versions, are those of. */
export type OptionDialect = 'illumos' | 'linux'

/** What a value can be. A `flag` takes none; a `switch` may, and with one is a number or a word
 *  for yes or no. */
export type OptionKind =
  | { readonly kind: 'flag' | 'any' | 'switch' | 'size' | 'rate' | 'text' | 'version' }
  | { readonly kind: 'number'; readonly least: number; readonly most?: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }

/** When an option can be set: before the program is read, by the program, or also while it runs. */
export type OptionTime = 'command line' | 'compile' | 'run' | 'dynamic'

/** One option. */
export interface OptionSpec {
  readonly name: string
  readonly value: OptionKind
  readonly time: OptionTime
  /** As it would be written; undefined for off, or none. */
  readonly initially?: string
  readonly doc: string
}

const FLAG: OptionKind = { kind: 'flag' }
const SWITCH: OptionKind = { kind: 'switch' }
const SIZE: OptionKind = { kind: 'size' }
const RATE: OptionKind = { kind: 'rate' }
const TEXT: OptionKind = { kind: 'text' }
const ANY: OptionKind = { kind: 'any' }
const atLeast = (least: number, most?: number): OptionKind => ({
  kind: 'number',
  least,
  ...(most === undefined ? {} : { most }),
})
const oneOf = (...values: readonly string[]): OptionKind => ({ kind: 'choice', values })

type Row = readonly [name: string, value: OptionKind, doc: string, initially?: string]

/** Accepted as on any DTrace host, and without effect: what it steers is not here. */
const NONE = 'accepted, and nothing to do here'

const COMMAND_LINE: readonly Row[] = [
  ['cppargs', TEXT, 'more arguments for the preprocessor, between blanks'],
  ['cpphdrs', FLAG, 'the preprocessor names the files it includes (-H)'],
  ['cpppath', TEXT, 'the preprocessor to run', 'cpp'],
  ['define', TEXT, 'defines a name for the preprocessor (-D)'],
  ['dialect', oneOf('illumos', 'linux'), 'whose DTrace wording and widths are those of', 'illumos'],
  ['incdir', TEXT, 'a folder the preprocessor looks for files in (-I)'],
  ['ldpath', TEXT, NONE],
  ['lockmem', TEXT, NONE],
  ['modpath', TEXT, NONE],
  ['procfspath', TEXT, NONE],
  ['setenv', TEXT, NONE],
  ['stdc', oneOf('a', 'c', 's', 't'), 'the C the preprocessor keeps to (-X)', 'a'],
  ['undef', TEXT, 'forgets a name of the preprocessor (-U)'],
  ['unsetenv', TEXT, NONE],
]

const COMPILE: readonly Row[] = [
  ['aggpercpu', FLAG, NONE],
  ['amin', TEXT, 'the least stability that is allowed: NAME/DATA/CLASS'],
  ['archlibdir', TEXT, 'one more folder of D libraries'],
  ['argref', FLAG, 'arguments of the command line need not be used'],
  ['core', FLAG, NONE],
  ['cpp', FLAG, 'scripts go through the preprocessor (-C)'],
  ['ctfpath', TEXT, NONE],
  ['ctypes', TEXT, NONE],
  ['debug', FLAG, NONE],
  ['debugassert', oneOf('mutexes'), NONE],
  ['defaultargs', FLAG, 'an argument that is not given is 0, or ""'],
  ['disallow_dsym', FLAG, NONE],
  ['disasm', atLeast(0), NONE],
  ['dofstashpath', TEXT, NONE],
  ['droptags', ANY, 'messages of what was dropped begin with a tag'],
  ['dtypes', TEXT, NONE],
  ['empty', FLAG, 'a program may be empty'],
  ['encoding', oneOf('ascii', 'utf8'), 'what histograms are drawn with', 'ascii'],
  ['errtags', FLAG, 'messages of the compiler begin with a tag'],
  ['evaltime', oneOf('exec', 'preinit', 'postinit', 'main'), NONE],
  ['iregs', atLeast(1), NONE, '8'],
  ['kdefs', FLAG, NONE],
  ['knodefs', FLAG, NONE],
  ['late', oneOf('dynamic', 'static'), NONE],
  ['lazyload', ANY, NONE],
  ['libdir', TEXT, 'one more folder of D libraries (-L)'],
  ['linkmode', oneOf('kernel', 'primary', 'dynamic', 'static'), NONE],
  ['linknommap', ANY, NONE],
  ['linktype', oneOf('elf', 'dof'), NONE],
  ['mangled', FLAG, NONE],
  ['noerror', FLAG, NONE],
  ['nojtanalysis', FLAG, NONE],
  ['nolibs', FLAG, 'no D libraries are read'],
  ['pgmax', atLeast(0), NONE],
  ['preallocate', SIZE, NONE],
  ['pspec', FLAG, 'a word outside of clauses is a probe, never a type'],
  ['strip', FLAG, NONE],
  ['syslibdir', TEXT, 'the folder of D libraries that is read first'],
  ['sysslice', TEXT, NONE],
  ['tree', atLeast(1), NONE],
  ['tregs', atLeast(1), NONE, '8'],
  ['udefs', FLAG, NONE],
  ['unodefs', FLAG, NONE],
  ['useruid', atLeast(0), NONE],
  ['verbose', FLAG, 'prints the typed program (-S)'],
  ['version', { kind: 'version' }, "the version of D's interfaces to keep to"],
  ['zdefs', FLAG, 'a description may match no probe (-Z)'],
]

const RUN: readonly Row[] = [
  ['aggsize', SIZE, 'how much all aggregations hold', '4m'],
  ['bpflog', SWITCH, NONE],
  ['bpflogsize', SIZE, NONE],
  ['buflimit', atLeast(1, 100), NONE],
  ['bufpolicy', oneOf('ring', 'fill', 'switch'), 'what happens when a buffer is full', 'switch'],
  ['bufresize', oneOf('auto', 'manual'), NONE, 'auto'],
  ['bufsize', SIZE, 'how much one firing may record (-b)', '4m'],
  ['cleanrate', RATE, NONE, '101hz'],
  ['cpu', SWITCH, 'only this pcpu'],
  ['destructive', SWITCH, 'actions that change the system are allowed (-w)'],
  ['dynvarsize', SIZE, 'how much associative arrays and self-> variables hold', '1m'],
  ['grabanon', SWITCH, NONE],
  ['jstackframes', SWITCH, 'frames of jstack()', '50'],
  ['jstackstrsize', SIZE, 'bytes of the strings in jstack()', '512'],
  ['maxframes', SWITCH, NONE],
  ['noresolve', SWITCH, NONE],
  ['nspec', SWITCH, 'speculations at a time', '1'],
  ['pcapsize', SIZE, NONE],
  ['scratchsize', SIZE, 'scratch memory of one firing', '256'],
  ['specsize', SIZE, 'how much one speculation holds', '32k'],
  ['stackframes', SWITCH, 'frames of stack()', '20'],
  ['statusrate', RATE, NONE, '1s'],
  ['strsize', SIZE, 'bytes of a string', '256'],
  ['temporal', SWITCH, 'output in the order of time, as it always is here'],
  ['ustackframes', SWITCH, 'frames of ustack()', '20'],
]

const DYNAMIC: readonly Row[] = [
  ['agghist', SWITCH, 'aggregations of numbers print as bars'],
  ['aggpack', SWITCH, 'histograms print in one line each'],
  ['aggrate', RATE, NONE, '1s'],
  ['aggsortkey', SWITCH, 'aggregations print by key, not by value'],
  ['aggsortkeypos', SWITCH, 'the part of the key that sorts first', '0'],
  ['aggsortpos', SWITCH, 'of several aggregations, the one that sorts first', '0'],
  ['aggsortrev', SWITCH, 'aggregations print from the greatest'],
  ['aggzoom', SWITCH, 'bars reach as far as the greatest of them'],
  ['flowindent', SWITCH, 'entries indent what follows, returns end that (-F)'],
  ['printsize', SIZE, 'how much of a value print() shows', '8k'],
  ['quiet', SWITCH, 'only what actions print (-q)'],
  ['quietresize', SWITCH, NONE],
  ['rawbytes', SWITCH, 'bytes print as such, never as text'],
  ['stackindent', SWITCH, 'blanks before a frame', '14'],
  ['stacksymbols', SWITCH, NONE],
  ['switchrate', RATE, NONE, '1s'],
]

const rows = (time: OptionTime, table: readonly Row[]): readonly OptionSpec[] =>
  table.map(([name, value, doc, initially]) => ({
    name,
    value,
    time,
    doc,
    ...(initially === undefined ? {} : { initially }),
  }))

/** Every option there is, by name. */
export const OPTIONS: ReadonlyMap<string, OptionSpec> = new Map(
  [
    ...rows('command line', COMMAND_LINE),
    ...rows('compile', COMPILE),
    ...rows('run', RUN),
    ...rows('dynamic', DYNAMIC),
  ]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((option) => [option.name, option]),
)

/** What may have been meant by an option that there is not; undefined when nothing is near. */
export function optionHint(name: string): string | undefined {
  if (OPTIONS.has(name)) return undefined
  const near = nearest(name.toLowerCase(), [...OPTIONS.keys()])
  return near === undefined ? undefined : `did you mean ${near}?`
}

/** Registers of the machine that Linux's DTrace makes code for: no program does with fewer. */
const LINUX_REGISTERS = '8'

/** Where an option is set. */
export interface OptionPlace {
  readonly dialect: OptionDialect
  /** 'setopt' is setopt() in a running program. */
  readonly from: 'command line' | 'pragma' | 'setopt'
}

/** DTrace's text for what is wrong with setting an option, undefined when nothing is. `value` is
 *  undefined for an option without `=`. */
export function optionMistake(
  name: string,
  value: string | undefined,
  { dialect, from }: OptionPlace,
): string | undefined {
  const option = OPTIONS.get(name)
  if (option === undefined) return 'Invalid option name'
  if (from === 'setopt' && option.time === 'run') return 'Operation illegal when tracing is active'
  if (option.value.kind === 'version' && value !== undefined) return versionMistake(value, dialect)
  if (!isValue(option, value, dialect)) return 'Invalid value for specified option'
  if (name === 'iregs' && dialect === 'linux' && value !== LINUX_REGISTERS)
    return 'Insufficient registers to generate code'
  const isLate = option.time === 'command line' && from !== 'command line'
  return isLate && name !== 'dialect' ? 'Option cannot be used from within a D program' : undefined
}

function isValue({ name, value: of }: OptionSpec, text: string | undefined, d: OptionDialect) {
  switch (of.kind) {
    case 'flag':
      return text === undefined
    case 'any':
      return true
    case 'switch':
      return text === undefined || isSwitchValue(text)
    case 'rate':
      return text === undefined || parseRate(text) !== undefined
    case 'size': {
      const size = text === undefined ? 0n : parseSize(text)
      const least = name === 'strsize' && d === 'linux' ? 2n : 0n
      return size !== undefined && size >= least
    }
    case 'number': {
      const count = text === undefined ? undefined : parseCount(text)
      const most = name === 'iregs' && d === 'linux' ? Number(LINUX_REGISTERS) : of.most
      return count !== undefined && count >= of.least && count <= (most ?? count)
    }
    case 'choice':
      return text !== undefined && of.values.includes(text)
    case 'text':
    case 'version':
      if (name === 'amin') return text !== undefined && parseStability(text) !== undefined
      return text !== undefined && text !== ''
  }
}

/** The newest version of D's interfaces, as -V tells it. */
export const VERSIONS: Readonly<Record<OptionDialect, { name: string; newest: string }>> = {
  illumos: { name: 'Sun D 1.13', newest: '1.13' },
  linux: { name: 'Oracle D 2.0', newest: '2.0' },
}

const KNOWN_VERSIONS: Readonly<Record<OptionDialect, string>> = {
  illumos:
    '1.0 1.1 1.2 1.2.1 1.2.2 1.3 1.4 1.4.1 1.5 1.6 1.6.1 1.6.2 1.6.3 1.7 1.7.1 1.8 1.8.1 ' +
    '1.9 1.9.1 1.10 1.10.1 1.11 1.12 1.12.1 1.13',
  linux: '1.0 1.1 1.2 1.2.1 1.2.2 1.3 1.4 1.4.1 1.5 1.6 1.6.1 1.6.2 1.6.3 1.6.4 2.0',
}

/** A version as the number that __SUNW_D_VERSION stands for: 8 bits, 12 and 12. Undefined for what
 *  is no version. */
export function versionNumber(text: string): number | undefined {
  const [major, minor, micro] = parseVersion(text) ?? []
  if (major === undefined || minor === undefined || micro === undefined) return undefined
  return major * 2 ** 24 + minor * 2 ** 12 + micro
}

function versionMistake(value: string, dialect: OptionDialect): string | undefined {
  const wanted = versionNumber(value)
  if (wanted === undefined) return 'Version is not properly formatted or is too large'
  const known = KNOWN_VERSIONS[dialect].split(' ').map(versionNumber)
  return known.includes(wanted) ? undefined : 'Requested version is not supported by compiler'
}
