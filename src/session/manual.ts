// The manual: what `help`, `help NAME` and `help(value)` print.
//
//   commands, and names that cells are given  ->  one line each
//   one of them                               ->  how it is used
import { DISPLAY, type Displayable } from '../base/display.js'
import { XpvError } from '../base/error.js'

/** What the manual knows of a command or a name. */
export interface Topic {
  readonly name: string
  /** One line, for `help`. */
  readonly summary: string
  /** The synopsis, without the name: `-n PROGRAM | -s FILE`, `(SPEC).by(NAME, ...).count()`. */
  readonly usage: string
  /** Whole lines that can be typed as they stand. */
  readonly examples: readonly string[]
}

/** All topics, a line each. */
export function listing(commands: readonly Topic[], names: readonly Topic[]): string {
  const width = Math.max(...[...commands, ...names].map((topic) => topic.name.length))
  const rows = (topics: readonly Topic[]): string[] =>
    topics.map((topic) => `  ${topic.name.padEnd(width)}  ${topic.summary}`)
  return [
    'A line is TypeScript, or one of these commands (a leading # or $ is dropped):',
    ...rows(commands),
    ...(names.length === 0 ? [] : ['In TypeScript there are:', ...rows(names)]),
    'help NAME tells how one is used.',
    '',
  ].join('\n')
}

/** How one topic is used. `joint` stands between its name and its synopsis. */
export function manual(topic: Topic, joint: string): string {
  const examples = topic.examples.map((example) => `  ${example}`)
  const head = [
    `${topic.name} - ${topic.summary}`,
    `usage: ${topic.name}${joint}${topic.usage}`.trimEnd(),
  ]
  return `${[...head, ...(examples.length > 0 ? ['examples:', ...examples] : [])].join('\n')}\n`
}

/** The manual as a function for cells: `help()`, `help('dtrace')`, `help(on)`. `pageOf` throws
 *  `XpvError` for a name it does not know. */
export function helpFunction(
  pageOf: (name: string | undefined) => string,
  nameOf: (value: unknown) => string | undefined,
): (what?: unknown) => Displayable {
  return (what) => {
    const name = typeof what === 'string' || what === undefined ? what : nameOf(what)
    if (name === undefined && what !== undefined)
      throw new XpvError('session.no-help', 'the manual has nothing on this value', 'help()')
    const text = pageOf(name).trimEnd()
    return { [DISPLAY]: () => ({ 'text/plain': text }) }
  }
}
