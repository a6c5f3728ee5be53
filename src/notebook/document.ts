// A notebook as data: front matter, prose, cells and their outputs, in the order of the file.
//
// Holds: every part keeps the text it was parsed from, so that printing an untouched document gives
// the same bytes. A cell's output, when stored, is the part right after it.

/** What a cell is written in: TypeScript, a D program, Eversholt rules, or command lines. */
export type CellLanguage = 'ts' | 'd' | 'esc' | 'sh'

/** Prose, and everything else that is not ours: kept as it is. */
export interface Prose {
  readonly kind: 'prose'
  readonly text: string
}

/** An executable fence. `text` is the whole fence with its newline; `source` what is inside. */
export interface Cell {
  readonly kind: 'cell'
  readonly id: string
  readonly language: CellLanguage
  readonly options: ReadonlyMap<string, string>
  readonly source: string
  readonly text: string
  /** 1-based line of the opening fence. */
  readonly line: number
}

/** A file beside the notebook that belongs to an output: its picture, or the whole of a text that
 *  is cut in the notebook. */
export interface OutputFile {
  readonly form: 'svg' | 'text'
  /** The first 16 hex digits of the sha256 of its bytes, then `.svg` or `.txt`. */
  readonly name: string
}

/** A stored output: what cell `id` printed when all it was made from hashed to `sha`. `text` is its
 *  fence and, where it has a picture, the line that shows it. */
export interface Output {
  readonly kind: 'output'
  readonly id: string
  readonly sha: string
  readonly body: string
  readonly files: readonly OutputFile[]
  readonly text: string
}

export type Part = Prose | Cell | Output

/** One input file of an investigation, pinned by its hash. `path` is relative to the notebook. */
export interface NotebookInput {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/** What a parameter's value can be. */
export type ParamValue = string | number | boolean | bigint

/** A parameter: cells know its value as `params.NAME`, a run may give another one. */
export interface NotebookParam {
  readonly name: string
  readonly type: 'string' | 'number' | 'boolean' | 'bigint'
  readonly default: ParamValue
  readonly doc: string | undefined
}

/** What the front matter says. */
export interface FrontMatter {
  readonly title: string
  /** Which xpv stored its outputs. */
  readonly version: string | undefined
  /** What `--machine` would take, relative to the notebook's folder; undefined: the default
   *  machine. */
  readonly machine: string | undefined
  /** Cycles a second of a trace that does not say it. */
  readonly hz: number | undefined
  /** Where the chance of a simulated machine starts; undefined: as the machine does by itself. */
  readonly seed: number | undefined
  /** Where relative paths of cells start, relative to the notebook's folder; undefined: there. */
  readonly folder: string | undefined
  readonly inputs: readonly NotebookInput[]
  readonly params: readonly NotebookParam[]
  /** What its cells need beyond the machine: `live`, `net`, `run`, `read:PATH`, `write:PATH`. */
  readonly allow: readonly string[]
}

/** A whole notebook. `head` is the front matter's text, fences included; "" when there is none. */
export interface NotebookDocument {
  readonly head: string
  readonly front: FrontMatter
  readonly parts: readonly Part[]
}

/** The cells of a document in order. */
export function cellsOf(document: NotebookDocument): readonly Cell[] {
  return document.parts.filter((part) => part.kind === 'cell')
}

/** The stored output of a cell, if there is one. */
export function outputOf(document: NotebookDocument, id: string): Output | undefined {
  return document.parts.find((part): part is Output => part.kind === 'output' && part.id === id)
}
