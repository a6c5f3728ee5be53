// The options of fmdump: words in, which logs, which records of them and how much of each out.
//
//   -eV -c ereport.cpu.* -t 1h  ->  the error log, everything of each record, class and time
//
// Holds: files and options may come in any order. Like filters are alternatives, unlike ones must
// all hold. Source: fmdump(8), illumos-gate usr/src/cmd/fm/fmdump/common/fmdump.c (main).
import { XpvError } from '../../base/error.js'
import type { DumpForm } from '../../fma/view/dump-record.js'
import { parseDumpTime } from '../../fma/view/dump-time.js'
import type { LogFilter } from '../../fma/view/log-filter.js'
import { basicExpression, shellPattern } from '../../fma/view/shell-pattern.js'
import { type GivenOption, getopt } from './getopt.js'

/** What a command line asks for. Times are texts, as they count from the newest record. */
export interface FmdumpOptions {
  readonly letters: ReadonlySet<string>
  readonly files: readonly string[]
  /** -R */
  readonly root: string | undefined
  readonly form: DumpForm
  /** -c, -t, -T, -u, -n, in order. */
  readonly filters: readonly GivenOption[]
}

/** A command line, or what is told of one that is wrong. */
export type FmdumpWords =
  | { readonly kind: 'right'; readonly options: FmdumpOptions }
  | { readonly kind: 'wrong'; readonly told: string }

const wrong = (told: string): FmdumpWords => ({ kind: 'wrong', told })

/** Options that exclude each other. */
const EXCLUSIVE = ['ei', 'iI', 'eI', 'jp'] as const

/** Reads the words of a command line. */
export function readFmdumpOptions(argv: readonly string[]): FmdumpWords {
  const options: GivenOption[] = []
  const files: string[] = []
  for (let rest = argv; rest.length > 0; ) {
    const words = getopt(rest, 'Aac:efiIjmn:pR:t:T:u:vV')
    options.push(...words.options)
    if (words.mistake !== undefined) return wrong(`fmdump: ${words.mistake}\n${SYNOPSIS}`)
    const [file, ...more] = words.operands
    if (file !== undefined) files.push(file)
    rest = more
  }
  const letters = new Set(options.map(({ letter }) => letter))
  const has = (letter: string): boolean => letters.has(letter)
  if (EXCLUSIVE.some((pair) => [...pair].every(has))) return wrong(SYNOPSIS)
  if (has('A') && [...'eiImu'].some(has)) {
    return wrong('fmdump: -A excludes all of -e, -i, -I, -m and -u\n')
  }
  if (files.length > 1 && !has('A')) return wrong(`fmdump: illegal argument -- ${files[1]}\n`)
  const root = options.findLast(({ letter }) => letter === 'R')?.word
  if (root !== undefined && files.length > 0 && !has('A')) {
    return wrong('fmdump: -R option is not appropriate when file operand is present\n')
  }
  const filters = options.filter(({ letter }) => 'ctTun'.includes(letter))
  return { kind: 'right', options: { letters, files, root, form: formOf(has), filters } }
}

function formOf(has: (letter: string) => boolean): DumpForm {
  if (has('V')) return has('p') ? 'pretty' : has('j') ? 'json' : 'full'
  return has('v') ? 'verbose' : has('m') && !has('A') ? 'message' : 'short'
}

const SYNOPSIS = `\
Usage: fmdump [[-e | -i | -I] | -A ] [-f] [-mvVp] [-c class] [-R root]
\t      [-t time ][-T time] [-u uuid] [-n name[.name]*[=value]] [file]...
    Which log: [-e | -i | -I] or one [file]; that of diagnoses otherwise
\t-e  the log of ereports
\t-i  the log of information
\t-I  the log of high-value information
\t-R  the folder in which the logs are
    What is done:
\t-A  the [file]s are merged, or all logs there are
\t-f  what is added to the log is shown as well, until Ctrl-C
    What is shown:
\t-m  the messages that people got (only for the log of diagnoses)
\t-v  more of each record
\t-V  everything of each record
\t-p  with -V: FMRIs in one line
\t-j  with -V: as JSON
    Which records:
\t-c  of a class
\t-t  not older than a time
\t-T  not newer than a time
\t-u  of a diagnosis
\t-n  with a member (of a value)
`

/** The filters of a command line. Throws XpvError `fma.time` and `fma.expression`. */
export function filtersOf(options: readonly GivenOption[], nowNs: bigint): readonly LogFilter[] {
  return options.map(({ letter, word }): LogFilter => {
    switch (letter) {
      case 'c':
        return { kind: 'class', pattern: shellPattern(word) }
      case 't':
        return { kind: 'after', timeNs: parseDumpTime(word, nowNs) }
      case 'T':
        return { kind: 'before', timeNs: parseDumpTime(word, nowNs) }
      case 'u':
        return { kind: 'uuid', uuid: word }
      default:
        return memberFilter(word)
    }
  })
}

function memberFilter(word: string): LogFilter {
  const [, path = '', value] = /^([^=]*)(?:=\s*(.*))?$/s.exec(word) ?? []
  if (value === undefined) return { kind: 'member', path }
  return { kind: 'member', path, value: { text: value, expression: basicExpression(value) } }
}

/** Whether an error is about the words of a command line. */
export function isAboutWords(error: unknown): error is XpvError {
  return error instanceof XpvError && ['fma.time', 'fma.expression'].includes(error.code)
}
