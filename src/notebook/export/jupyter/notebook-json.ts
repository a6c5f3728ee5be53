// A Jupyter notebook as data: nbformat 4.0 to 4.5, read from JSON and printed as Jupyter prints it.
//
// Holds: keys that are not known here are kept. Source: nbformat's v4 JSON schemas.
import { XpvError } from '../../../base/error.js'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** One cell; a text may be in lines. */
export interface JupyterCell extends Json {
  readonly cell_type: string
  readonly source: string | readonly string[]
  readonly metadata?: Json
}

/** A whole notebook. */
export interface JupyterNotebook extends Json {
  readonly cells: readonly JupyterCell[]
  readonly metadata: Json
  readonly nbformat: number
  readonly nbformat_minor: number
}

/** Reads a notebook. Throws `XpvError` `nb.ipynb` for what is none, `nb.ipynb-version` for one of
 *  another major version. */
export function readJupyter(text: string, path: string): JupyterNotebook {
  const json = parsed(text, path)
  if (!isJson(json)) throw none(path, 'it is no object')
  const { cells, metadata, nbformat, nbformat_minor } = json
  if (typeof nbformat === 'number' && nbformat !== 4) {
    const message = `${path} is of nbformat ${nbformat}; 4 is understood`
    throw new XpvError('nb.ipynb-version', message, `jupyter nbconvert --to notebook ${path}`)
  }
  if (nbformat !== 4 || !Array.isArray(cells)) throw none(path, 'it has no cells of nbformat 4')
  const wrong = cells.findIndex((cell) => !isCell(cell))
  if (wrong >= 0) throw none(path, `cells[${wrong}] has no cell_type and source`)
  return {
    ...json,
    cells,
    metadata: isJson(metadata) ? metadata : {},
    nbformat,
    nbformat_minor: typeof nbformat_minor === 'number' ? nbformat_minor : 0,
  }
}

/** The notebook's text: keys in order, one blank deep, as Jupyter writes it. */
export function printJupyter(notebook: JupyterNotebook): string {
  return `${JSON.stringify(notebook, undefined, 1)}\n`
}

/** A text in lines, each with its end. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

/** A text that may be in lines. */
export function joined(text: unknown): string {
  if (typeof text === 'string') return text
  return Array.isArray(text) ? text.map(String).join('') : ''
}

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCell(value: unknown): value is JupyterCell {
  if (!isJson(value) || typeof value['cell_type'] !== 'string') return false
  const { source } = value
  return typeof source === 'string' || (Array.isArray(source) && source.every(isText))
}

const isText = (value: unknown): value is string => typeof value === 'string'

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw none(path, error instanceof Error ? error.message : String(error))
  }
}

function none(path: string, why: string): XpvError {
  return new XpvError('nb.ipynb', `${path} is no Jupyter notebook: ${why}`, `head -c 200 ${path}`)
}
