// The manual: what `help`, `help NAME` and `help(value)` print.
//
//   commands, and names that cells are given  ->  one line each
//   one of them                               ->  how it is used
//   a value that describes itself             ->  what it is, and what each of its members says
import { DESCRIBE, type Description, isDescribed } from '../base/describe.js'
import { DISPLAY, type Displayable } from '../base/display.js'
import { XpvError } from '../base/error.js'
import { wrapped } from '../chart/table.js'

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
  /** What its first line to type is good for, when a beginner should meet it: [line, says]. */
  readonly first?: readonly [line: string, says: string]
  /** What each property of an object says. */
  readonly members?: Readonly<Record<string, string>>
}

/** The first page, a screen at most: what to begin with, and which commands and names there are. */
export function firstPage(commands: readonly Topic[], names: readonly Topic[]): string {
  const first = [...commands, ...names].flatMap((topic) => topic.first ?? [])
  const lines = first.filter((_, i) => i % 2 === 0)
  const width = Math.max(0, ...lines.map((line) => line.length))
  const rows = lines.map((line, i) => `  ${line.padEnd(width)}  ${first[2 * i + 1] ?? ''}`)
  return [
    'A line is TypeScript, or a command (a leading # or $ is dropped).',
    ...(rows.length === 0 ? [] : ['To begin with:', ...rows]),
    ...named('commands', commands),
    ...named('names', names),
    'help NAME  how one of them is used; help all: each in a line',
    'VALUE?     what a value is, and what its members say: xen?  pcpus[0]?',
    '.help      words that steer the shell: open a machine, save a notebook, leave',
    'Tab completes, Up and Ctrl-R look back, Ctrl-C stops what runs.',
    '',
  ].join('\n')
}

/** A page in a window narrower than it: what stands beside a line goes below it, long lines go
 *  on. */
export function fitted(text: string, columns: number): string {
  const fit = (line: string): readonly string[] => {
    if (line.length <= columns) return [line]
    const [, indent = '', left = '', right = ''] = /^( *)(\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? []
    const further = ' '.repeat(indent.length > 6 ? 4 : indent.length + 4)
    const [first = '', ...more] = wrapped(left, columns - further.length)
    const below = right === '' ? [] : wrapped(right, columns - further.length)
    return [indent.slice(0, further.length) + first, ...[...more, ...below].map((l) => further + l)]
  }
  return text.split('\n').flatMap(fit).join('\n')
}

/** Names in rows that fit a terminal. */
function named(title: string, topics: readonly Topic[]): readonly string[] {
  const rows: string[] = []
  for (const { name } of topics) {
    const row = rows.at(-1)
    if (row === undefined || row.length + name.length > PAGE_COLUMNS) {
      rows.push(`${(rows.length === 0 ? `${title}:` : '').padEnd(10)} ${name}`)
    } else rows.push(`${rows.pop()} ${name}`)
  }
  return rows
}

/** Columns that a page may fill. */
const PAGE_COLUMNS = 77

/** All topics, a line each. */
export function listing(commands: readonly Topic[], names: readonly Topic[]): string {
  const width = Math.max(...[...commands, ...names].map((topic) => topic.name.length))
  const rows = (topics: readonly Topic[]): string[] =>
    topics.flatMap(({ name, summary }) => {
      const [first = '', ...more] = wrapped(summary, PAGE_COLUMNS - width - 2)
      const below = more.map((line) => `    ${''.padEnd(width)}${line}`)
      return [`  ${name.padEnd(width)}  ${first}`, ...below]
    })
  return [
    'A line is TypeScript, or one of these commands:',
    ...rows(commands),
    ...(names.length === 0 ? [] : ['In TypeScript there are:', ...rows(names)]),
    'help NAME tells how one is used; VALUE? what a value is: pcpus[0]?',
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
