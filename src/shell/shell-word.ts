// Words to the shell: lines that start with a dot steer the shell and are no part of the session.
//
//   .help   .who   .history 20   .open create.xt   .save found.xpv.md   .exit
import { XpvError } from '../base/error.js'
import { fitted } from '../session/manual.js'
import type { Session } from '../session/session.js'
import type { Traces } from '../session/traces.js'
import type { ValueForm } from '../session/value-forms.js'
import { docWord, explainWord, typeWord } from './looking-words.js'
import {
  type DeskAnswer,
  type DeskPlace,
  deskWord,
  NOTEBOOK_WORDS,
  type NotebookDesk,
} from './notebook-words.js'
import { valueWord } from './value-words.js'

/** What the words act upon. */
export interface ShellWordContext {
  readonly session: Session
  readonly history: readonly string[]
  /** Columns of what is printed; 80 when not known. */
  readonly columns: number | undefined
  /** The notebook at the prompt. Absent: none is kept. */
  readonly desk: (() => Promise<NotebookDesk>) | undefined
  readonly deskPlace: DeskPlace
  /** Opens another machine; yields the line that says which. Absent: this shell has but one. */
  readonly open: ((spec: string) => Promise<string>) | undefined
  /** What watches from now on. Absent: there is no screen to redraw. */
  readonly watchIn: Traces | undefined
  /** Takes what is told besides the answer. */
  readonly remark: (text: string) => void
}

interface ShellWord {
  readonly name: string
  readonly argument: string
  readonly summary: string
  /** Yields what to print, or what else shall be. */
  readonly run: (context: ShellWordContext, argument: string) => Promise<string | Leave | Edit>
}

/** The answer that ends the shell. */
export interface Leave {
  readonly kind: 'leave'
}

/** The answer that puts a text into the editor. */
type Edit = Extract<DeskAnswer, { kind: 'edit' }>

const FORMS: readonly (readonly [form: ValueForm, summary: string])[] = [
  ['json', 'the last value as JSON; into a file when one is named'],
  ['csv', 'its table as CSV'],
  ['md', 'it as Markdown'],
  ['svg', 'its chart as SVG'],
]
const VALUE_FORM_WORDS = FORMS.map(([form, summary]) =>
  word(`.${form}`, '[-f] [FILE]', summary, (_, words) => valueWord(form, words)),
)

const WORDS: readonly ShellWord[] = [
  word('.help', '', 'this list', async ({ columns }) => fitted(helpText(), columns ?? 80)),
  word('.keys', '', 'what the keys do', async ({ columns }) => fitted(keysText(), columns ?? 80)),
  word('.time', 'CELL', 'runs a cell and tells how long it took', timed),
  word('.watch', 'CELL | stop', 'its value above the prompt, as it changes', watched),
  word('.who', '', 'names that cells have declared', async ({ session }) => {
    const names = session.names()
    return names.length === 0 ? 'nothing is declared yet\n' : `${names.join('  ')}\n`
  }),
  word('.explain', 'WHAT [AS]', 'a number, class, code, FMRI, D program', ({ session }, what) =>
    explainWord(session, what),
  ),
  word('.doc', 'NAME', 'what a name or value is; so does NAME?', ({ session }, name) =>
    docWord(session, name),
  ),
  word('.type', 'EXPR', 'its type', ({ session }, expression) => typeWord(session, expression)),
  word('.history', '[N]', 'the last N cells, 20 when not said', async ({ history }, argument) => {
    const count = /^\d+$/.test(argument) ? Number(argument) : 20
    return history
      .slice(Math.max(0, history.length - count))
      .map((cell) => `${cell}\n`)
      .join('')
  }),
  word(
    '.open',
    'MACHINE',
    'another machine; --hz 2.6G for a trace without a clock rate',
    openMachine,
  ),
  word('.jobs', '', 'the D programs and views that watch in the background', (context) =>
    asCell('jobs', context),
  ),
  word('.stop', '[N]', 'end one of them, or all; so does Ctrl-C at an empty prompt', (context, n) =>
    asCell(`stop ${n}`, context),
  ),
  ...VALUE_FORM_WORDS,
  word('.clear', '', 'an empty screen; so does Ctrl-L', async ({ watchIn }) =>
    watchIn === undefined ? '' : '\x1b[H\x1b[2J',
  ),
  ...NOTEBOOK_WORDS.map(([name, argument, summary]) =>
    word(`.${name}`, argument, summary, async ({ desk, deskPlace }, text) => {
      const answer = await deskWord(desk, name, text, deskPlace)
      return answer.kind === 'text' ? answer.text : answer
    }),
  ),
  word('.exit', '', 'leave; so do Ctrl-D and twice Ctrl-C', async () => ({ kind: 'leave' })),
]

function word(name: string, argument: string, summary: string, run: ShellWord['run']): ShellWord {
  return { name, argument, summary, run }
}

/** Names of all words. */
export const SHELL_WORDS: readonly string[] = WORDS.map(({ name }) => name)

/** What each of them does. */
export const SHELL_WORD_SUMMARIES: Readonly<Record<string, string>> = Object.fromEntries(
  WORDS.map(({ name, summary }) => [name, summary]),
)

/** Whether a line is a word to the shell: `.help`, and `.hlep` too, unless it stands below a value
 *  whose member it may be. */
export function isShellWord(line: string, afterValue: boolean): boolean {
  const word = /^\s*(\.[a-z]+)(?=\s|$)/.exec(line)?.[1]
  return word !== undefined && (!afterValue || SHELL_WORDS.includes(word))
}

/** Does what a line says. Throws `XpvError` `shell.*` when it cannot. */
export async function obeyShellWord(
  line: string,
  context: ShellWordContext,
): Promise<string | Leave | Edit> {
  const [, name = '', argument = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(line) ?? []
  const found = WORDS.find((each) => each.name === name)
  if (found === undefined) throw new XpvError('shell.unknown-word', `there is no ${name}`, '.help')
  return found.run(context, argument)
}

/** Where nothing can be redrawn, a cell like others. */
async function watched(context: ShellWordContext, source: string): Promise<string> {
  if (source === '') throw new XpvError('shell.usage', 'watch what?', '.watch domains')
  if (/^stop(\s|$)/.test(source)) return asCell(source, context)
  if (context.watchIn !== undefined) {
    const { Watch } = await import('./watch.js')
    const number = context.watchIn.begin(new Watch(source))
    return `[${number}] stays in view; .watch stop, or Ctrl-C at an empty prompt, ends it\n`
  }
  const result = await context.session.evaluate(source, { final: true })
  if (result.kind === 'error') throw result.error.thrown
  context.remark('shown once: this output cannot be redrawn\n')
  const shown = result.kind === 'incomplete' ? undefined : result.shown
  return shown === undefined ? '' : `${shown['text/plain']}\n`
}

/** A cell of the session; its value is shown as ever, the time below it. */
async function timed({ session }: ShellWordContext, source: string): Promise<string> {
  if (source === '') throw new XpvError('shell.usage', 'time what?', '.time domains')
  const result = await session.evaluate(source, { final: true })
  if (result.kind === 'error') throw result.error.thrown
  const { durationMs = 0 } = session.journal.entries.at(-1) ?? {}
  const shown = result.kind === 'incomplete' ? undefined : result.shown
  const text = shown === undefined ? '' : `${shown['text/plain']}\n`
  const how = result.kind === 'interrupted' ? 'interrupted after ' : ''
  return `${text}${how}${inUnits(durationMs)}\n`
}

function inUnits(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** Evaluates a command: it is part of the session, and of a notebook saved from it. */
async function asCell(line: string, { session }: ShellWordContext): Promise<string> {
  const result = await session.evaluate(line.trim(), { language: 'command' })
  if (result.kind === 'error') throw result.error.thrown
  return ''
}

function helpText(): string {
  const rows = WORDS.map(({ name, argument, summary }) => {
    return `  ${`${name} ${argument}`.padEnd(17)} ${summary}\n`
  })
  return `${rows.join('')}  ${'help'.padEnd(17)} the commands and names; all else is TypeScript\n`
}

/** The keys that are worth knowing; those of vi as a setting are vi's own. */
function keysText(): string {
  const rows = [
    ['Tab', 'what may stand here; again, or arrows: choose'],
    ['Right Ctrl-E', 'at the end: take what is grey; Alt-F a word of it'],
    ['Up Down', 'lines, then cells that start like what you wrote'],
    ['Ctrl-R', 'search all cells; again: older; Esc: edit the find'],
    ['( [ { \' " `', 'bring their other half; typing that goes over it'],
    ['Enter', 'run the cell, or go on where it is not whole'],
    ['Alt-Enter', 'go on in any case'],
    ['Ctrl-A Ctrl-E', 'start and end of the line; Alt-B Alt-F: by words'],
    ['Ctrl-W Ctrl-U Ctrl-K', 'cut a word, to the start, to the end'],
    ['Ctrl-Y Alt-Y', 'put back what was cut, and what before it'],
    ['Ctrl-_ Alt-_', 'undo, redo'],
    ['Alt-5 KEY', 'five times; Ctrl-Q KEY: the key as a character'],
    ['Ctrl-X Ctrl-E', 'write the cell in $EDITOR'],
    ['Ctrl-C Ctrl-D', 'drop what is written, or stop what runs; leave'],
    ['config set', "editor vi: vi's keys; brackets off: no other halves"],
  ]
  return rows.map(([keys = '', what = '']) => `  ${keys.padEnd(20)}  ${what}\n`).join('')
}

async function openMachine(context: ShellWordContext, spec: string): Promise<string> {
  if (spec === '') throw new XpvError('shell.usage', 'which machine?', '.open sim:xen-4.17')
  if (context.open === undefined)
    throw new XpvError('shell.one-machine', 'this shell has but one machine')
  return `${await context.open(spec)}\n`
}
