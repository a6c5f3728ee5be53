// Setting: one thing that can be chosen, whoever chooses it. All settings are in this table: what
// they are called on the command line, in the environment and in files, and what they may be.
//
//   { name: 'color', variable: 'XPV_COLOR', values: ['auto', ...], initially: 'auto' }
//
// Holds: a value is a text until `read` has made something of it; `read` yields undefined for a
// text that makes no sense.
import { clockRateOf } from './clock-rate.js'

/** What is known of one setting. */
export interface Setting<T = unknown> {
  readonly name: string
  /** Its variable in the environment and in .env. */
  readonly variable: string
  readonly summary: string
  /** The values there are, or a word for them: `SPEC`. */
  readonly values: readonly string[] | string
  /** One value that is right. */
  readonly example: string
  /** What holds when nobody says: as a text, for people. */
  readonly initially: string
  readonly read: (text: string) => T | undefined
  /** Only who uses xpv may choose it, not a file that lies in some folder: it names a program. */
  readonly isOwn?: boolean
}

/** How wide output is at least and at most. */
const [NARROWEST, WIDEST] = [20, 1000]
/** As many cells as anybody can look through. */
const MOST_CELLS = 1_000_000

/** All settings, by the name they have in `Config`. */
export const SETTINGS = {
  machine: {
    name: 'machine',
    variable: 'XPV_MACHINE',
    summary: 'which machine, as --machine takes it',
    values: 'SPEC',
    example: 'sim:xen-4.17',
    initially: 'sim:xvm-3.1',
    read: (text: string): string | undefined => text,
  },
  seed: {
    name: 'seed',
    variable: 'XPV_SEED',
    summary: 'what decides everything that is chance on a simulated host',
    values: 'N',
    example: '7',
    initially: 'as the machine says',
    read: (text: string) => whole(text, 0, 2 ** 32 - 1),
  },
  hz: {
    name: 'hz',
    variable: 'XPV_HZ',
    summary: 'cycles a second of a trace that does not say it',
    values: 'RATE',
    example: '2.6G',
    initially: 'as the trace says',
    read: clockRateOf,
  },
  color: {
    name: 'color',
    variable: 'XPV_COLOR',
    summary: "the shell's colours",
    ...choice('auto', 'always', 'never'),
  },
  types: {
    name: 'types',
    variable: 'XPV_TYPES',
    summary: 'whether the types of a cell are checked before it runs',
    ...toggle('on'),
  },
  evaluator: {
    name: 'evaluator',
    variable: 'XPV_EVALUATOR',
    summary: "what runs cells: V8's prompt mode, or plain scripts where that fails",
    ...choice('prompt', 'vm'),
  },
  editor: {
    name: 'editor',
    variable: 'XPV_EDITOR',
    summary: 'whose keys the line editor has',
    ...choice('emacs', 'vi'),
  },
  brackets: {
    name: 'brackets',
    variable: 'XPV_BRACKETS',
    summary: 'whether a bracket or quote brings its other half while a cell is written',
    ...toggle('on'),
  },
  history: {
    name: 'history',
    variable: 'XPV_HISTORY',
    summary: 'how many cells are remembered between sessions; 0 keeps none',
    values: 'N',
    example: '10000',
    initially: '10000',
    read: (text: string) => whole(text, 0, MOST_CELLS),
  },
  pager: {
    name: 'pager',
    variable: 'XPV_PAGER',
    summary: 'what shows output longer than the window: auto is $PAGER, or our own',
    values: 'auto|off|COMMAND',
    example: 'less -R',
    initially: 'auto',
    read: (text: string): string | undefined => (/[\n\0]/.test(text) ? undefined : text.trim()),
    isOwn: true,
  },
  width: {
    name: 'width',
    variable: 'XPV_WIDTH',
    summary: `columns of output: auto, or ${NARROWEST} to ${WIDEST}`,
    values: 'auto|N',
    example: '120',
    initially: 'auto',
    read: (text: string) => (text === 'auto' ? 'auto' : whole(text, NARROWEST, WIDEST)),
  },
  unicode: {
    name: 'unicode',
    variable: 'XPV_UNICODE',
    summary: 'whether values are shown with more than ASCII; auto: as the locale says',
    ...choice('auto', 'on', 'off'),
  },
} as const satisfies Readonly<Record<string, Setting>>

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS

/** All names, in the order in which they are listed. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]

/** Whether a text names a setting. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

/** One setting of the table, with no more said of its type than all have. */
export function settingNamed(name: SettingName): Setting {
  return SETTINGS[name]
}

/** What a setting may be, in words: `auto, always or never`, or an example. */
export function valuesText({ values, example }: Setting): string {
  if (typeof values === 'string') return `${values}, such as ${example}`
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function choice<const T extends string>(initially: T, ...others: readonly T[]) {
  const values = [initially, ...others]
  const read = (text: string): T | undefined => values.find((value) => value === text)
  return { values, example: others[0] ?? initially, initially, read }
}

/** On or off; what a file in JSON says by true and false, and the environment by 1 and 0. */
function toggle(initially: 'on' | 'off') {
  const words: Readonly<Record<string, boolean>> = {
    ...{ on: true, true: true, yes: true, '1': true },
    ...{ off: false, false: false, no: false, '0': false },
  }
  const read = (text: string): boolean | undefined =>
    Object.hasOwn(words, text) ? words[text] : undefined
  return { values: ['on', 'off'], example: 'off', initially, read }
}

function whole(text: string, least: number, most: number): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return number >= least && number <= most ? number : undefined
}
