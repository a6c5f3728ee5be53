// Notebook words: lines that steer the notebook at the prompt.
//
//   .cells   .show sum   .run ..sum   .edit sum   .note Why it is so   .undo   .save found.xpv.md
//
// Holds: the desk does what they say; nothing of it is loaded before the first of them.
import { XpvError } from '../base/error.js'
import type { CellResult, EvaluateOptions } from '../session/cell.js'
import type { Session } from '../session/session.js'

/** What came of a word: a text to print, a text for the editor. */
export type DeskAnswer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'edit'; readonly text: string; readonly how: EvaluateOptions }

/** What a desk is handed by whoever reads the words. */
export interface DeskPlace {
  /** Prints what is told before the answer. */
  tell(text: string): void
  /** What a cell's result is reported as. */
  report(result: CellResult): string
  /** The session was opened anew: yields it, ready to run cells. */
  reopen(): Promise<Session>
}

/** The words of a desk. */
export type DeskWord =
  | 'cells'
  | 'show'
  | 'run'
  | 'edit'
  | 'note'
  | 'title'
  | 'undo'
  | 'redo'
  | 'load'
  | 'save'
  | 'answer'

/** The notebook at the prompt: its cells, and what of them has run here. */
export interface NotebookDesk {
  /** Does what a word says. Throws `XpvError` `nb.*`, `shell.*`, `file.*`. */
  obey(word: DeskWord, argument: string, place: DeskPlace): Promise<DeskAnswer>
  /** What a cell that has just run made stale or out of order, on one line; '' for nothing new. */
  afterCell(): string
  /** What is lost by leaving now, said once; '' for nothing, or when it has been said. */
  beforeLeaving(): string
  /** Prose at its end, or what it is called, kept in the journal too. Throws `XpvError`
   *  `shell.usage` for none. */
  remark(kind: 'note' | 'title', text: string): string
  /** Ids of the cells that a word may name, in order. */
  idsFor(word: DeskWord): readonly string[]
  /** The cell that was put into the editor was dropped there. */
  dropEdit(): void
}

/** Name, what follows it, what it does. */
export const NOTEBOOK_WORDS: readonly (readonly [DeskWord, string, string])[] = [
  ['cells', '', 'the cells of the notebook, and what became of them'],
  ['show', 'ID', 'a cell, the prose before it, its output'],
  ['run', '[ID]', 'all cells, or one; ..ID: with all it needs; stale: those'],
  ['edit', 'ID', 'a cell into the editor; running it replaces it'],
  ['note', 'TEXT', 'prose for the notebook, after the last cell'],
  ['title', 'TEXT', 'what the notebook is called'],
  ['undo', '', 'takes the last cell back, and what it did'],
  ['redo', '', 'runs again what was taken back'],
  ['load', 'FILE', 'opens a notebook to go on with; runs nothing'],
  ['save', '[-f] FILE', 'the cells that matter as a notebook; IDs: those named'],
  ['answer', '[ID EXPR]', 'the exercises; EXPR compared with the answer of one'],
]

/** Hands a word to the desk. Throws `XpvError` `shell.no-notebook` where there is none. */
export async function deskWord(
  desk: (() => Promise<NotebookDesk>) | undefined,
  word: DeskWord,
  argument: string,
  place: DeskPlace,
): Promise<DeskAnswer> {
  if (desk === undefined) throw new XpvError('shell.no-notebook', 'this shell keeps no notebook')
  return (await desk()).obey(word, argument, place)
}
