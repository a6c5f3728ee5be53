// CheckTypes: the types of a notebook's cells, checked beside their run.
//
//   const types = checkTypes(cells, place)      the server begins
//   ... the cells run ...
//   await types                                 ->  what is wrong with each, in their order
//
// Holds: the answer hangs on the cells alone, not on what has run. Cells of other languages, those
// marked to run all the same (`!`) and questions (`x?`) have no mistakes; what cannot be read, or
// is wrong in D inside TypeScript, the run tells. Where there is no server, that is said once, and
// nothing is wrong.
import { type Diagnostic, printDiagnostic } from '../base/diagnostic.js'
import { rulesAsCode } from '../session/esc/cell-rules.js'
import { type CellTypes, SCRIPT_PATIENCE } from '../session/types/cell-types.js'
import { cellTypes } from './cell-types.js'

/** A cell as far as its types go. */
export interface CellToCheck {
  readonly language: 'ts' | 'd' | 'esc' | 'sh' | 'command'
  readonly source: string
  /** What rules are bound to. */
  readonly name?: string
}

/** Where the cells stand. */
export interface CheckPlace {
  /** Where their imports start. */
  readonly directory: string
  /** Where it is said that there are no types. */
  readonly warn: (text: string) => void
  /** Names that cells have besides those of every session. */
  readonly names?: readonly string[]
}

/** What is wrong with the types of a cell. */
export type TypeMistakes = readonly Diagnostic[]

/** The servers of one run of the program, one for each folder. Close them. */
export class TypeChecks {
  readonly #byFolder = new Map<string, CellTypes>()
  readonly #warn: (text: string) => void
  #queue: Promise<unknown> = Promise.resolve()
  #isLost = false

  constructor(warn: (text: string) => void) {
    this.#warn = warn
  }

  /** Begins a server, so that it reads while others load. */
  begin(directory: string): void {
    this.#in(directory)
  }

  /** The mistakes of cells that follow each other, each in its place; undefined where nobody knows
   *  them. */
  async check(
    cells: readonly CellToCheck[],
    directory: string,
    names: readonly string[] = [],
  ): Promise<readonly TypeMistakes[] | undefined> {
    const realm = new Set([...Object.getOwnPropertyNames(globalThis), ...names])
    const types = this.#in(directory)
    const sources = cells.map(sourceOf)
    const ask = () => types?.mistakesInAll(sources, (name) => realm.has(name))
    const asked = this.#queue.then(ask)
    this.#queue = asked.catch(() => undefined)
    const found = await asked
    if (found === undefined) return undefined
    return cells.map(({ source }, i) => {
      const mistakes = FORCED.test(source) ? [] : (found[i] ?? [])
      return mistakes.every(isOfTypes) ? mistakes : []
    })
  }

  close(): void {
    for (const types of this.#byFolder.values()) types.close()
    this.#byFolder.clear()
  }

  #in(directory: string): CellTypes | undefined {
    const known = this.#byFolder.get(directory)
    if (known !== undefined || this.#isLost) return known
    const types = cellTypes({
      directory,
      patience: SCRIPT_PATIENCE,
      machine: () => undefined,
      warn: (text) => this.#lost(text),
    })
    if (types !== undefined) this.#byFolder.set(directory, types)
    return types
  }

  #lost(text: string): void {
    if (!this.#isLost) this.#warn(text)
    this.#isLost = true
  }
}

/** The mistakes in the types of cells that follow each other, cell by cell; none where nobody knows
 *  them. */
export async function checkTypes(
  cells: readonly CellToCheck[],
  { directory, warn, names }: CheckPlace,
): Promise<readonly TypeMistakes[]> {
  const checks = new TypeChecks(warn)
  try {
    return (await checks.check(cells, directory, names)) ?? cells.map(() => [])
  } finally {
    checks.close()
  }
}

/** The code that `expect-error` names: TS2345; undefined for any other. */
export function expectedTypeError(expected: string | undefined): string | undefined {
  return expected !== undefined && /^TS\d+$/.test(expected) ? expected : undefined
}

/** The code of a mistake as compilers say it: TS2345. */
export function typeErrorCode({ code }: Diagnostic): string {
  return code.replace(/^ts\./, 'TS')
}

/** Mistakes as they are shown for a cell that did not run. */
export function mistakesText(source: string, mistakes: TypeMistakes): string {
  return mistakes.map((each) => `${printDiagnostic(source, each)}\n`).join('')
}

/** Whether it is a mistake of types: what cannot be read at all is told by the run. */
function isOfTypes({ code }: Diagnostic): boolean {
  return Number(code.replace('ts.', '')) >= 2000
}

/** The mark in front of a cell that runs all the same. */
const FORCED = /^\s*!/

/** What TypeScript is asked about a cell; nothing for what is none of its business. */
function sourceOf({ language, source, name }: CellToCheck): string {
  if (language === 'esc') return rulesAsCode(name) ?? ''
  if (language !== 'ts' || /\?\s*$/.test(source)) return ''
  return source.replace(FORCED, (mark) => ' '.repeat(mark.length))
}
