// Help pages: rows of the table as text for a terminal of 80 columns.
//
//   xpv --help        one screen: what there is
//   xpv check --help  name - summary, usage, options, notes, examples, exit statuses
import { ERAS } from '../backend/sim/era.js'
import { SIM_OPTIONS } from '../backend/sim/sim-spec.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import { wrapped } from '../chart/table.js'
import { SETTING_NAMES, settingNamed, valuesText } from '../config/setting.js'
import { DOM0_COMMANDS } from './dom0-names.js'
import { type OptionRow, STATUSES, type Subcommand } from './subcommand.js'
import { GLOBAL_OPTIONS, SUBCOMMANDS } from './subcommands.js'

const COLUMNS = 80

/** The page of `xpv --help`: at most a screen. */
export function topPage(): string {
  const rows = SUBCOMMANDS.filter(({ name }) => name !== 'help')
  const width = Math.max(...rows.map(({ name }) => name.length))
  return lines([
    'xpv: explore a Xen hypervisor and its fault management, simulated or recorded',
    'usage: xpv [NOTEBOOK | FILE.ts | - | -e CODE | --resume [ID] | COMMAND ...]',
    ...hanging(''.padEnd(width), 'without a command: the prompt; a NOTEBOOK names its machine'),
    ...rows.flatMap(({ name, summary }) => hanging(name.padEnd(width), summary)),
    ...hanging('of dom0'.padEnd(width), DOM0_COMMANDS.join(' ')),
    'options, anywhere:',
    ...optionRows(GLOBAL_OPTIONS.filter(({ flags }) => !isMinor(flags))),
    "first: xpv doctor, then xpv dtrace -c 'xm create web1' -n 'xpv:::dom-*'",
    'more:  xpv COMMAND --help, xpv help machines|settings|statuses, man xpv',
  ])
}

/** Settings that may be said as options too, and seldom are: their page has them. */
function isMinor(flags: readonly string[]): boolean {
  return flags.some((flag) => ['--width', '--no-types', '--hz', '--color'].includes(flag))
}

/** The page of one subcommand. */
export function commandPage(row: Subcommand): string {
  const { name, summary, usage, options, notes, examples } = row
  const synopses = usage.map((words, i) => {
    const head = i === 0 ? 'usage: ' : '       '
    return hanging(`${head}xpv ${name}`, words, 1, 0)
  })
  return lines([
    ...hanging(`xpv ${name} -`, summary, 1, 0),
    ...synopses.flat(),
    ...section('options:', optionRows(options.filter((option) => option.summary !== ''))),
    ...notes.flatMap((note) => wrapped(note, COLUMNS - 1)),
    ...section('examples:', exampleRows(row)),
    ...section('exit status:', statusRows({ ...shortStatuses(row), ...row.statuses })),
    ...(examples.length === 0 && options.length === 0 ? [] : ['options of all: xpv --help']),
  ])
}

/** The page of `xpv help WORD`. Throws `XpvError` `cli.usage` for a word there is no page on. */
export function namedPage(word: string, rows: readonly Subcommand[]): string {
  const page = PAGES[word]
  if (page !== undefined) return page()
  const row = rows.find(({ name }) => name === word)
  if (row !== undefined) return commandPage(row)
  const near = nearest(word, [...Object.keys(PAGES), ...rows.map(({ name }) => name)])
  const hint = near === undefined ? 'xpv --help' : `xpv help ${near}`
  throw new XpvError('cli.usage', `there is no command ${word}`, hint)
}

/** Pages that are about no subcommand, by name. */
export const PAGES: Readonly<Record<string, () => string>> = {
  machines: machinePage,
  settings: settingPage,
  statuses: () => lines(['exit status of every subcommand:', ...statusRows(STATUSES)]),
}

function machinePage(): string {
  return lines([
    '--machine takes a simulated host, or a recording: its folder or its file',
    ...ERAS.flatMap(({ name, title }) => hanging(`sim:${name}`.padEnd(20), title)),
    'options of a simulated host, such as sim:xen-4.17,memory=16G,seed=7:',
    ...SIM_OPTIONS.flatMap(({ name, example, summary }) =>
      hanging(`,${name}=${example}`.padEnd(20), summary),
    ),
  ])
}

function settingPage(): string {
  const rows = SETTING_NAMES.map((name) => settingNamed(name))
  const width = Math.max(...rows.map(({ variable }) => variable.length))
  return lines([
    'Settings, by their variables; in files and for xpv config: machine, seed ...',
    ...rows.flatMap((setting) => {
      const { variable, summary, values } = setting
      const more = typeof values === 'string' ? '' : `: ${valuesText(setting)}`
      return hanging(variable.padEnd(width), `${summary}${more}`)
    }),
    ...wrapped(
      'The strongest word holds: an option, the environment, .env in the working folder,' +
        ' xpv.config.json there or above, the file of xpv config set. Options: --machine,' +
        ' --seed, --hz, --color, --width, --no-types.',
      COLUMNS - 1,
    ),
  ])
}

/** Rows of options, what they do beside them. */
function optionRows(options: readonly OptionRow[]): readonly string[] {
  const shown = options.map(({ flags, value }) => {
    const name = value === undefined ? '' : ` ${value.name}`
    return `${flags.join(', ')}${name}`
  })
  const width = Math.min(22, Math.max(0, ...shown.map((text) => text.length)))
  return options.flatMap(({ summary }, i) => hanging((shown[i] ?? '').padEnd(width), summary))
}

function exampleRows({ examples }: Subcommand): readonly string[] {
  const width = Math.max(0, ...examples.map(({ line }) => line.length))
  const fits = examples.every(({ says }) => width + says.length + 6 < COLUMNS)
  if (!fits) return examples.map(({ line }) => `  ${line}`)
  return examples.map(({ line, says }) => `  ${line.padEnd(width)}  ${says}`.trimEnd())
}

/** Statuses that a command of dom0 makes its own are not told again. */
function shortStatuses({ isOfDom0 }: Subcommand): Readonly<Record<string, string>> {
  return isOfDom0 === true ? {} : { 0: 'done', 2: 'wrong usage', 5: 'a file that makes no sense' }
}

function statusRows(statuses: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(statuses).map(([status, text]) => `  ${status.padEnd(3)}  ${text}`)
}

function section(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [title, ...rows]
}

/** A head, and a text beside it that goes on below itself. */
function hanging(head: string, text: string, gap = 2, indent = 2): readonly string[] {
  const left = `${' '.repeat(indent)}${head}${' '.repeat(gap)}`
  const [first = '', ...more] = wrapped(text, COLUMNS - 1 - left.length)
  return [`${left}${first}`.trimEnd(), ...more.map((line) => `${''.padEnd(left.length)}${line}`)]
}

function lines(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`
}
