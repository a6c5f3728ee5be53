// The man page of xpv, made of the table: man/xpv.1 is this text.
//
//   rows  ->  troff as man(7) has it
//
// Holds: a line of text that starts with a dot or a quote is kept from being a request.
import { SETTING_NAMES, settingNamed, valuesText } from '../config/setting.js'
import { type OptionRow, STATUSES, type Subcommand } from './subcommand.js'
import { FIRST_EXAMPLES, GLOBAL_OPTIONS, OWN_OPTIONS } from './subcommands.js'

/** The page. `version` is in its foot. */
export function manPage(rows: readonly Subcommand[], version: string): string {
  const ours = rows.filter(({ isOfDom0 }) => isOfDom0 !== true)
  const others = rows.filter(({ isOfDom0 }) => isOfDom0 === true)
  return `${[
    '.\\" Made of the table of subcommands: npm run test:update writes it anew.',
    `.TH XPV 1 "" "xpv ${version}" "User Commands"`,
    '.SH NAME',
    text('xpv - explore a Xen hypervisor and its fault management, simulated or recorded'),
    '.SH SYNOPSIS',
    ...synopsis(['[OPTION]... [NOTEBOOK]', '-e CODE', 'FILE.ts', '-', '--resume [ID]']),
    ...synopsis(['[OPTION]... COMMAND [WORD]...']),
    '.SH DESCRIPTION',
    text('Without a command xpv is a prompt on a machine: a simulated host, unless --machine'),
    text('names a recording. A line is TypeScript, or a command; help lists what there is.'),
    text('A NOTEBOOK (*.xpv.md) names its machine; none of its cells runs by itself.'),
    text('FILE.ts, - (standard input) and -e CODE are evaluated, and what they yield is printed.'),
    '.SH OPTIONS',
    ...[...OWN_OPTIONS, ...GLOBAL_OPTIONS].flatMap(optionEntry),
    '.SH COMMANDS',
    ...ours.flatMap(commandEntry),
    '.SH COMMANDS OF DOM0',
    text('Each runs on a machine of its own, which is gone when it has ended.'),
    ...others.flatMap(commandEntry),
    '.SH SETTINGS',
    text('The strongest word holds: an option, the environment, .env in the working folder,'),
    text('xpv.config.json there or above, the file that xpv config set writes.'),
    ...SETTING_NAMES.flatMap((name) => {
      const setting = settingNamed(name)
      return entry(bold(setting.variable), `${setting.summary} (${valuesText(setting)})`)
    }),
    '.SH EXIT STATUS',
    ...Object.entries(STATUSES).flatMap(([status, says]) => entry(bold(status), says)),
    '.SH FILES',
    ...entry('~/.config/xpv/config.json', 'settings of its user'),
    ...entry('xpv.config.json', 'settings of a project'),
    ...entry(
      '~/.local/state/xpv/',
      'what was typed at the prompt, and sessions that may come back',
    ),
    '.SH EXAMPLES',
    ...FIRST_EXAMPLES.flatMap(({ line, says }) => entry(bold(line), says)),
    '.SH SEE ALSO',
    text('dtrace(1), xentrace(8), xenalyze(1), xl(1), mcelog(8), rasdaemon(8)'),
  ].join('\n')}\n`
}

function commandEntry(row: Subcommand): readonly string[] {
  const { name, summary, usage, options, notes, examples, statuses = {} } = row
  return [
    `.SS "${escaped(name)}"`,
    text(`${summary}.`),
    ...usage.flatMap((words) => ['.PP', bold(`xpv ${name} ${words}`.trim())]),
    ...options.filter((option) => option.summary !== '').flatMap(optionEntry),
    ...notes.flatMap((note) => ['.PP', text(note)]),
    ...Object.entries(statuses).flatMap(([status, says]) => [
      '.PP',
      text(`Exit ${status}: ${says}.`),
    ]),
    ...(examples.length === 0
      ? []
      : ['.PP', '.nf', ...examples.map(({ line }) => text(line)), '.fi']),
  ]
}

function synopsis(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => [bold('xpv'), text(line), '.br'])
}

function optionEntry({ flags, value, summary }: OptionRow): readonly string[] {
  const name = value === undefined ? '' : ` \\fI${escaped(value.name)}\\fR`
  return entry(`\\fB${flags.map(escaped).join('\\fR, \\fB')}\\fR${name}`, summary)
}

function entry(head: string, says: string): readonly string[] {
  return ['.TP', head, text(says)]
}

const bold = (line: string): string => `\\fB${escaped(line)}\\fR`

/** A line of text: no request, and its hyphens, quotes and backslashes as they are. */
function text(line: string): string {
  const safe = escaped(line)
  return /^[.']/.test(safe) ? `\\&${safe}` : safe
}

function escaped(line: string): string {
  const marks: Readonly<Record<string, string>> = {
    ...{ '\\': '\\e', '-': '\\-', "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' },
    '"': '\\(dq',
  }
  return line.replace(/[\\'`^~"-]/g, (mark) => marks[mark] ?? mark)
}
