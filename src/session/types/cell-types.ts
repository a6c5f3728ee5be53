// CellTypes: what types say of the cells of one session: mistakes before they run, and what the
// assist asks.
//
//   mistakes('domains[0].nam')  ->  ts.2551 with its place        a cell that ran  ->  ran(source)
//
// Holds: nothing is said that is not certain, and nobody waits longer than they have patience.
import type { Diagnostic } from '../../base/diagnostic.js'
import { dropPromptSign } from '../words.js'
import { shapeOf } from './declared.js'
import { isCertain, unknownName } from './tolerated.js'
import type { CheckedSource, TypeMistake, TypeService } from './type-service.js'

/** How long anybody waits, in milliseconds. */
export interface Patience {
  /** For an answer while somebody types. */
  readonly typingMs: number
  /** Whether somebody who types waits for a server that is not warm yet. */
  readonly waitsForWarm?: boolean
  /** For the check of a cell that is to run. */
  readonly checkMs: number
}

/** At a prompt nobody waits; a script is checked whole. */
export const PROMPT_PATIENCE: Patience = { typingMs: 120, checkMs: 250 }
export const SCRIPT_PATIENCE: Patience = { typingMs: 120, checkMs: 15_000 }

/** The types of a session's cells. */
export class CellTypes {
  readonly service: TypeService
  readonly patience: Patience

  constructor(service: TypeService, patience: Patience) {
    this.service = service
    this.patience = patience
  }

  /** Whether somebody who types is answered with types by now. */
  get answersNow(): boolean {
    return this.service.isWarm || this.patience.waitsForWarm === true
  }

  /** What is certain to be wrong in a cell of TypeScript; nothing where that is not known in time.
   *  `meant` is the next thing to type for a name that nobody knows. */
  async mistakes(
    source: string,
    meant: (unknown: string) => string | undefined = () => undefined,
  ): Promise<readonly Diagnostic[]> {
    if (source.length > MOST_CHECKED) return []
    const { checkMs } = this.patience
    const cell = inPlace(source)
    const found = (await this.service.check(cell, checkMs)) ?? []
    const typeAt = (offset: number) => this.service.hover(cell, offset, checkMs)
    const own = (await shapeOf(cell)).names
    const mistakes = await certainOf({ mistakes: found, typeAt }, { meant })
    const command = commandMistake(cell, mistakes)
    if (command !== undefined) return [command]
    const { embeddedMistakes } = await import('./embedded.js') // compilers: no type needs them
    return [
      ...embeddedMistakes(cell, (name) => own.has(name) || this.service.declares(name)),
      ...mistakes,
    ]
  }

  /** What is certain to be wrong in cells of TypeScript that follow each other, in a session of
   *  their own; undefined where that is not known in time. What is embedded is left to the run.
   *  `isThere` says of a name that it is one of the realm. */
  async mistakesInAll(
    sources: readonly string[],
    isThere: (name: string) => boolean,
  ): Promise<readonly (readonly Diagnostic[])[] | undefined> {
    const checked = await this.service.checkAll(sources.map(inPlace), this.patience.checkMs)
    if (checked === undefined) return undefined
    return Promise.all(checked.map((each) => certainOf(each, { isThere })))
  }

  /** Takes a cell that ran; of one that is not checked the names alone. */
  async ran(source: string): Promise<void> {
    await this.service.add(source.length > MOST_CHECKED ? await untyped(source) : inPlace(source))
  }

  close(): void {
    this.service.close()
  }
}

/** Characters of a cell that is still checked: data that somebody pasted is not. */
const MOST_CHECKED = 1 << 18

/** Declares what a cell declares, of the type that fits all: that of what is parsed. */
async function untyped(source: string): Promise<string> {
  const names = [...(await shapeOf(source)).names.keys()]
  return names.map((name) => `let ${name} = JSON.parse('')\n`).join('')
}

/** What is certain of what the compiler found. */
async function certainOf(
  { mistakes, typeAt }: CheckedSource,
  how: {
    readonly meant?: (unknown: string) => string | undefined
    readonly isThere?: (name: string) => boolean
  },
): Promise<readonly Diagnostic[]> {
  const { meant = () => undefined, isThere } = how
  const certain = await Promise.all(mistakes.map((each) => isCertain(each, typeAt, isThere)))
  return mistakes.filter((_, i) => certain[i]).map((mistake) => diagnosticOf(mistake, meant))
}

/** A cell without the sign of a prompt, everything at its place. */
export function inPlace(source: string): string {
  const text = dropPromptSign(source)
  return ' '.repeat(source.length - text.length) + text
}

/** What is wrong with `dtrce -l`, which is a subtraction only to TypeScript: its first word alone,
 *  when it is known what was meant. */
function commandMistake(cell: string, mistakes: readonly Diagnostic[]): Diagnostic | undefined {
  const [first] = mistakes
  const isMeant = first?.hint !== undefined && cell.slice(0, first.span?.start).trim() === ''
  return isMeant && /^\s*[a-z]+\s+-\S/.test(cell) ? first : undefined
}

/** A message that does not guess at another name than the one to type next. */
function withoutGuess(message: string, next: string | undefined): string {
  const guess = /\. Did you mean '([^']+)'\?$/.exec(message)
  const isOther = next !== undefined && guess !== null && !next.includes(guess[1] ?? '')
  return isOther ? message.slice(0, guess.index) : message
}

/** Lines of a message that are shown: what follows explains the explanation. */
const SHOWN_LINES = 3

function diagnosticOf(
  mistake: TypeMistake,
  meant: (unknown: string) => string | undefined,
): Diagnostic {
  const { code, message, start, end } = mistake
  const lines = message.split('\n').slice(0, SHOWN_LINES)
  const unknown = unknownName(mistake)
  const next = unknown === undefined ? undefined : meant(unknown)
  return {
    code: `ts.${code}`,
    severity: 'error',
    message: withoutGuess(lines.join('\n  ').replace(/\.$/, ''), next),
    span: { start, end },
    ...(next === undefined ? {} : { hint: `try: ${next}` }),
  }
}
