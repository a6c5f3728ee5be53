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
}

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
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const [, name = '', glued] = /^--([a-z]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (word === '--') {
      rest.push(...argv.slice(i))
      break
    }
    if (word === '--json') json = true
    else if (!WITH_VALUE.includes(name)) rest.push(word)
    else values.set(name, glued ?? valueAfter(argv, i++, name))
  }
  const options = {
    machine: nonEmpty('machine', values.get('machine')),
    hz: nonEmpty('hz', values.get('hz')),
    seed: nonEmpty('seed', values.get('seed')),
    color: colorOf(values.get('color')),
    json,
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
