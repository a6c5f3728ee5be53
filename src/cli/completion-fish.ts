// What fish reads to complete words of xpv.
//
//   xpv completion fish > ~/.config/fish/completions/xpv.fish
//
// Source: complete(1) of fish.
import {
  type Candidates,
  candidatesOf,
  operandsOf,
  optionsOf,
  wordsAfter,
} from './completion-words.js'
import type { OptionRow, Subcommand } from './subcommand.js'
import { GLOBAL_OPTIONS } from './subcommands.js'

/** The script: a line for each thing that may follow. */
export function fishCompletion(rows: readonly Subcommand[]): string {
  const names = rows.map(({ name }) => name).join(' ')
  const first = `not __fish_seen_subcommand_from ${names}`
  return [
    '# Completion of xpv for fish: xpv completion fish > ~/.config/fish/completions/xpv.fish',
    'function __xpv_place',
    '  set -l words (commandline -opc)',
    '  set -l seen 0',
    '  for word in $words[2..-1]',
    '    string match -q -- "-*" $word; or set seen (math $seen + 1)',
    '  end',
    '  test $seen -eq $argv[1]',
    'end',
    'function __xpv_before',
    '  set -l words (commandline -opc)',
    '  test "$words[-1]" = $argv[1]',
    'end',
    'complete -c xpv -f',
    ...optionsOf(undefined)
      .filter((option) => !GLOBAL_OPTIONS.includes(option))
      .map((option) => optionLine(option, first, rows)),
    ...GLOBAL_OPTIONS.map((option) => optionLine(option, undefined, rows)),
    `complete -c xpv -n ${quoted(first)} -k -a "${RUNNABLE}"`,
    ...rows.map(
      ({ name, summary }) => `complete -c xpv -n ${quoted(first)} -a ${name} -d ${quoted(summary)}`,
    ),
    ...rows.flatMap((row) => subcommand(row, rows)),
    '',
  ].join('\n')
}

/** What xpv runs by its name. */
const RUNNABLE = '(__fish_complete_suffix .xpv.md; __fish_complete_suffix .ts)'

function subcommand(row: Subcommand, rows: readonly Subcommand[]): readonly string[] {
  const seen = `__fish_seen_subcommand_from ${row.name}`
  const own = optionsOf(row).filter((option) => !GLOBAL_OPTIONS.includes(option))
  const places = operandsOf(row, rows)
  return [
    ...own.map((option) => optionLine(option, seen, rows)),
    ...places.flatMap((place, i) => {
      const isLast = i === places.length - 1
      const when = isLast ? seen : `${seen}; and __xpv_place ${i + 1}`
      const told = argumentsOf(place)
      const behind = wordsAfter(place).map(([word, words]) => {
        const at = `${when}; and __xpv_before ${word}`
        return `complete -c xpv -n ${quoted(at)} -a "${words.join(' ')}"`
      })
      return [...behind, ...(told === '' ? [] : [`complete -c xpv -n ${quoted(when)} ${told}`])]
    }),
  ]
}

function optionLine(
  { flags, value, summary }: OptionRow,
  when: string | undefined,
  rows: readonly Subcommand[],
): string {
  const names = flags.map((flag) => {
    if (flag.startsWith('--')) return `-l ${flag.slice(2)}`
    return flag.length === 2 ? `-s ${flag.slice(1)}` : `-o ${flag.slice(1)}`
  })
  const taken =
    value === undefined ? '' : ` -x ${argumentsOf(candidatesOf(value.of, rows))}`.trimEnd()
  const condition = when === undefined ? '' : ` -n ${quoted(when)}`
  return `complete -c xpv${condition} ${names.join(' ')}${taken} -d ${quoted(summary)}`
}

function argumentsOf({ files, words }: Candidates): string {
  const found = {
    ...{ all: ['(__fish_complete_path)'], folders: ['(__fish_complete_directories)'], none: [] },
    notebooks: ['(__fish_complete_suffix .xpv.md)'],
  }[files]
  const all = [...words, ...found].join(' ')
  return all === '' ? '' : `-a "${all}"`
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
