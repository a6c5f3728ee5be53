// Options every subcommand has, taken out of the words before the subcommand reads its own.
//
//   dtrace --machine idle.xt -qn '...' --json  ->  { machine: 'idle.xt', json } and ['dtrace',
//   '-qn', '...']
import { XpvError } from '../base/error.js'

/** When text is coloured. */
export type Color = 'auto' | 'always' | 'never'

/** What may stand anywhere on the command line. */
export interface GlobalOptions {
  readonly machine: string | undefined
  readonly hz: string | undefined
  readonly seed: string | undefined
  readonly color: Color | undefined
  readonly json: boolean
  /** Whether cells are checked before they run: not with `--no-types`. */
  readonly types: boolean
}

/** The machine when nobody says which. */
export const DEFAULT_MACHINE = 'sim:xvm-3.1'

const WITH_VALUE: readonly string[] = ['machine', 'hz', 'seed', 'color']

/** Splits the words. Throws `XpvError` `cli.usage` when a value is missing or makes no sense.
 *  Words after `--` stay. */
export function takeGlobalOptions(argv: readonly string[]): {
  readonly options: GlobalOptions
  readonly rest: readonly string[]
} {
  const values = new Map<string, string>()
  const rest: string[] = []
  let json = false
  let types = true
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const [, name = '', glued] = /^--([a-z]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (word === '--') {
      rest.push(...argv.slice(i))
      break
    }
    if (word === '--json') json = true
    else if (word === '--no-types') types = false
    else if (!WITH_VALUE.includes(name)) rest.push(word)
    else values.set(name, glued ?? valueAfter(argv, i++, name))
  }
  const options = {
    machine: nonEmpty('machine', values.get('machine')),
    hz: nonEmpty('hz', values.get('hz')),
    seed: nonEmpty('seed', values.get('seed')),
    color: colorOf(values.get('color')),
    json,
    types,
  }
  return { options, rest }
}

function valueAfter(argv: readonly string[], i: number, name: string): string {
  const value = argv[i + 1]
  if (value === undefined) throw new XpvError('cli.usage', `--${name} wants a value`, 'xpv --help')
  return value
}

function nonEmpty(name: string, value: string | undefined): string | undefined {
  if (value === '') throw new XpvError('cli.usage', `--${name} is empty`, 'xpv --help')
  return value
}

function colorOf(text: string | undefined): Color | undefined {
  if (text === undefined || text === 'auto' || text === 'always' || text === 'never') return text
  throw new XpvError('cli.usage', `--color ${text} is not known`, '--color auto, always or never')
}

/** Reads a clock rate such as 2.6G, 2600M, 2599997000, 2.6e9. Throws `XpvError` `cli.usage`. */
export function parseHz(text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([kmg]?)(?:hz)?$/i.exec(text.trim())
  const scale = { k: 1e3, m: 1e6, g: 1e9 }[(match?.[2] ?? '').toLowerCase()] ?? 1
  const hz = match === null ? 0 : Math.round(Number(match[1]) * scale)
  if (hz < 1 || !Number.isSafeInteger(hz)) {
    throw new XpvError('cli.usage', `${text} is not a clock rate`, '--hz 2.6G')
  }
  return hz
}

/** Reads a seed: a whole number below 2^32. Throws `XpvError` `cli.usage`. */
export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (seed < 2 ** 32) return seed
  throw new XpvError('cli.usage', `${text} is not a seed`, '--seed 7')
}
