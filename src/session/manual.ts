// The manual: what `help`, `help NAME` and `help(value)` print.
//
//   commands, and names that cells are given  ->  one line each
//   one of them                               ->  how it is used
//   a value that describes itself             ->  what it is, and what each of its members says
import { DESCRIBE, type Description, isDescribed } from '../base/describe.js'
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
  /** Of a command: what the words of its synopsis stand for. */
  readonly where?: Readonly<Record<string, string>>
  /** What each property of an object says. */
  readonly members?: Readonly<Record<string, string>>
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
    'help NAME tells how one is used; a value with ? behind it tells what it is: pcpus[0]?',
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
  const shown = examples.length > 0 ? ['examples:', ...examples] : []
  const meanings = [
    ...lines('where:', topic.where ?? {}),
    ...lines('members:', topic.members ?? {}),
  ]
  return `${[...head, ...meanings, ...shown].join('\n')}\n`
}

/** The page on a value that describes itself. */
function description({ name, summary, members }: Description): string {
  return [`${name} - ${summary}`, ...lines('members:', members)].join('\n')
}

function lines(title: string, meanings: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(meanings)
  const width = Math.max(0, ...names.map((name) => name.length))
  const rows = names.map((name) => `  ${name.padEnd(width)}  ${meanings[name]}`)
  return rows.length === 0 ? [] : [title, ...rows]
}

/** The manual as a function for cells: `help()`, `help('dtrace')`, `help(on)`. `pageOf` throws
 *  `XpvError` for a name it does not know. */
export function helpFunction(
  pageOf: (name: string | undefined) => string,
  nameOf: (value: unknown) => string | undefined,
): (what?: unknown) => Displayable {
  return (what) => {
    const name = typeof what === 'string' || what === undefined ? what : nameOf(what)
    if (name === undefined && isDescribed(what)) return page(description(what[DESCRIBE]()))
    if (name === undefined && what !== undefined)
      throw new XpvError('session.no-help', 'the manual has nothing on this value', 'help()')
    return page(pageOf(name).trimEnd())
  }
}

function page(text: string): Displayable {
  return { [DISPLAY]: () => ({ 'text/plain': text }) }
}
