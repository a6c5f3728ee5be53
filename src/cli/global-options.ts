// Options every subcommand has, taken out of the words before the subcommand reads its own.
//
//   dtrace --machine idle.xt -qn '...' --json  ->  { flags: { machine: 'idle.xt' }, json } and
//   ['dtrace', '-qn', '...']
import { XpvError } from '../base/error.js'
import { clockRateOf } from '../config/clock-rate.js'
import { type SettingName, settingNamed } from '../config/setting.js'

/** What may stand anywhere on the command line. */
export interface GlobalOptions {
  /** Settings, as texts that make sense. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>
  readonly json: boolean
}

/** The machine when nobody says which. */
export const DEFAULT_MACHINE = 'sim:xvm-3.1'

const WITH_VALUE = ['machine', 'seed', 'hz', 'color', 'width'] as const

/** What a wrong value is called, and what would be right. */
const WRONG: Readonly<Record<(typeof WITH_VALUE)[number], readonly [what: string, hint: string]>> =
  {
    machine: ['is no machine', '--machine sim'],
    seed: ['is not a seed', '--seed 7'],
    hz: ['is not a clock rate', '--hz 2.6G'],
    color: ['is not known', '--color auto, always or never'],
    width: ['is no width', '--width 120'],
  }

/** Splits the words. Throws `XpvError` `cli.usage` when a value is missing or makes no sense.
 *  Words after `--` stay. */
export function takeGlobalOptions(argv: readonly string[]): {
  readonly options: GlobalOptions
  readonly rest: readonly string[]
} {
  const flags: Partial<Record<SettingName, string>> = {}
  const rest: string[] = []
  let json = false
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const [, name = '', glued] = /^--([a-z]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    const setting = WITH_VALUE.find((each) => each === name)
    if (word === '--') {
      rest.push(...argv.slice(i))
      break
    }
    if (word === '--json') json = true
    else if (word === '--no-types') flags.types = 'off'
    else if (setting === undefined) rest.push(word)
    else flags[setting] = right(setting, glued ?? valueAfter(argv, i++, name))
  }
  return { options: { flags, json }, rest }
}

function valueAfter(argv: readonly string[], i: number, name: string): string {
  const value = argv[i + 1]
  if (value === undefined) throw new XpvError('cli.usage', `--${name} wants a value`, 'xpv --help')
  return value
}

/** A value that makes sense. */
function right(name: (typeof WITH_VALUE)[number], text: string): string {
  if (text === '') throw new XpvError('cli.usage', `--${name} is empty`, 'xpv --help')
  if (settingNamed(name).read(text) !== undefined) return text
  const [what, hint] = WRONG[name]
  const shown = name === 'color' ? `--color ${text}` : text
  throw new XpvError('cli.usage', `${shown} ${what}`, hint)
}

/** Reads a clock rate such as 2.6G, 2600M, 2599997000, 2.6e9. Throws `XpvError` `cli.usage`. */
export function parseHz(text: string): number {
  const hz = clockRateOf(text)
  if (hz !== undefined) return hz
  throw new XpvError('cli.usage', `${text} is not a clock rate`, '--hz 2.6G')
}
