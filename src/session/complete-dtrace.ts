// Completion of a dtrace command line: options, what they take, and D inside quotes.
//
//   "dtrace -"                    ->  -n -s -l ...        each with what it does
//   "dtrace -x agg"               ->  aggsize aggrate     "dtrace --format j" -> json
//   "dtrace -n 'xpv:::x { @ = "   ->  count quantize ...
//
// Source: dtrace(8); the tables of options and of the language.
import { OPTIONS } from '../dtrace/program/options.js'
import { DTRACE_FLAGS } from './commands/dtrace-help.js'
import { DTRACE_FORMATS } from './commands/dtrace-options.js'
import type { Completion } from './complete.js'
import { completeD, proposals } from './complete-d.js'

/** Proposals for the end of a line that begins with dtrace. `probes` are those for a description
 *  that begins at an offset. */
export function completeDtrace(
  before: string,
  probes: (from: number) => readonly Completion[],
): readonly Completion[] {
  const quoted = /(?<=[\s=])(['"])((?:(?!\1)[\s\S])*)$/.exec(before)
  if (quoted !== null && isOpen(before)) {
    const from = before.length - (quoted[2] ?? '').length
    return completeD(before.slice(from), from, () => probes(from))
  }
  const [, previous = '', word = ''] = /(\S+)\s+(\S*)$/.exec(before) ?? []
  const start = before.length - word.length
  if (/^-\w*x$/.test(previous)) return optionWords(word, before.length)
  if (previous === '--format')
    return proposals(docless(DTRACE_FORMATS), word, before.length, 'word')
  if (/^-\w*[nfmPi]$/.test(previous)) return probes(start)
  if (/^-\w*[bcDILopsUX]$/.test(previous)) return []
  if (word !== '' && !word.startsWith('-')) return []
  return proposals(flagDocs(), word, before.length, 'word')
}

/** Whether a quote is open at the end of a line of words. */
function isOpen(before: string): boolean {
  return /^(?:[^'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")*$/.test(before) === false
}

function optionWords(word: string, end: number): readonly Completion[] {
  const [name = '', value] = word.split('=', 2)
  const kind = OPTIONS.get(name)?.value
  if (value !== undefined) {
    const values = kind?.kind === 'choice' ? kind.values : []
    return proposals(docless(values), value, end, 'word')
  }
  const docs = [...OPTIONS.values()].map((option) => [option.name, option.doc])
  return proposals(Object.fromEntries(docs), word, end, 'word')
}

function flagDocs(): Readonly<Record<string, string>> {
  const docs = DTRACE_FLAGS.flatMap(([flags, doc]) =>
    flags
      .split(' ')
      .filter((flag) => flag.startsWith('-'))
      .map((flag) => [flag, doc]),
  )
  return Object.fromEntries(docs)
}

function docless(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => [word, '']))
}
