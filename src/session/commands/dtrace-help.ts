// What dtrace's options are, in words: `dtrace --help`, and every -x option with `dtrace -x help`.
import { OPTIONS, type OptionKind, type OptionSpec } from '../../dtrace/program/options.js'
import { USAGE } from './dtrace-options.js'

/** The options of the command line, each with what it does. */
export const DTRACE_FLAGS: readonly (readonly [flag: string, doc: string])[] = [
  ['-n SPEC', 'enable the probes PROVIDER:MODULE:FUNCTION:NAME, with /predicate/ { actions }'],
  ['-P -m -f SPEC', 'the same, the last part being a provider, a module, a function'],
  ['-i ID', 'the same by the number of a probe'],
  ['-s FILE', 'enable what a script says; - is standard input'],
  ['-l', 'list probes instead; -lv with their arguments'],
  ['-e', 'compile, and stop there'],
  ['--explain', 'say in plain words what the programs do, and stop there'],
  ['--past', 'over what has happened so far, where more will: on a simulated machine'],
  ['-q', 'print only what actions print'],
  ['-v', 'report stability and arguments'],
  ['-S', 'print the typed programs'],
  ['-F', 'indent by the flow from entries to returns'],
  ['-o FILE', 'append the output to a file'],
  ['--format F', 'text, json, ndjson, csv or table'],
  ['-w', 'allow actions that change the system, such as system()'],
  ['-Z', 'allow descriptions that match no probe'],
  ['-c COMMAND', 'trace while a command runs: in dom0, or beside a recording; $target is its pid'],
  ['-p PID', '$target is a process of dom0'],
  ['-b SIZE', 'the size of buffers: -x bufsize'],
  ['-C', 'run scripts through cpp, with -D NAME[=TEXT], -U NAME, -I FOLDER, -H, -X a|c|s|t'],
  ['-L FOLDER', 'read the D libraries of a folder first'],
  ['-x NAME[=VALUE]', 'set an option; -x help lists them all'],
  ['-V', "the version of D's interfaces"],
  ['-64', 'programs have 64-bit longs and pointers, as they always do here'],
]

/** The page of `dtrace --help`. */
export function dtraceHelp(): string {
  const rows = DTRACE_FLAGS.map(([flag, doc]) => `  ${flag.padEnd(16)}  ${doc}\n`)
  return `Usage: ${USAGE}\n\n${rows.join('')}`
}

/** All options of -x, `#pragma D option` and setopt(), a line each. */
export function dtraceOptionHelp(): string {
  const options = [...OPTIONS.values()]
  const rows = options.map((option) => [option.name, valueText(option), option.doc] as const)
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const lines = rows.map(([name, value, doc]) => {
    return `  ${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${doc}\n`
  })
  return `dtrace -x NAME[=VALUE], or in a program: #pragma D option NAME[=VALUE]\n${lines.join('')}`
}

function valueText({ value, initially }: OptionSpec): string {
  const text = VALUE_TEXTS[value.kind](value)
  if (initially === undefined) return text
  return text === '' ? `(${initially})` : `${text} (${initially})`
}

const VALUE_TEXTS: Readonly<Record<OptionKind['kind'], (value: OptionKind) => string>> = {
  flag: () => '',
  any: () => '',
  switch: () => '[yes|no|N]',
  size: () => 'SIZE',
  rate: () => 'RATE',
  text: () => 'TEXT',
  version: () => 'VERSION',
  number: () => 'N',
  choice: (value) => (value.kind === 'choice' ? value.values.join('|') : ''),
}
