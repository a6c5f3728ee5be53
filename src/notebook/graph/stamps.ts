// Stamps: eight hex digits a cell, over all that its output is made from.
//
//   source, language, what it is run with            its own
//   stamps of the cells it needs                      so a change travels down, and only down
//   values of the parameters it reads
//   sha256 of the inputs its texts name               all inputs where it reads files, names none
//   machine, clock rate, seed, the machine's files    where it asks the machine
//   the seed                                         where it draws on chance
//
// Holds: one character changed in any of these changes exactly the stamps of the cells that depend
// on it. Pure: inputs count as the front matter pins them.
import { createHash } from 'node:crypto'
import { basename, join, normalize } from 'node:path'
import { type Cell, cellsOf, type NotebookDocument, type NotebookInput } from '../document.js'
import { type CellNames, namesOf } from './cell-names.js'
import { type CellGraph, graphOf } from './graph.js'

/** What changes when stamps are made in another way. */
const FORMAT = 'xpv stamp 1'
/** Options that say how a cell runs; the others say how it is shown or compared. */
const RUN_OPTIONS = ['live', 'timeout']

/** The stamp of each cell, run with these values of parameters; those that are not named have their
 *  defaults. */
export function stampsOf(
  document: NotebookDocument,
  params: ReadonlyMap<string, unknown> = USUAL,
): ReadonlyMap<string, string> {
  const known = params === USUAL ? found.get(document) : undefined
  const stamps = known ?? stampsWith(document, params)
  if (params === USUAL) found.set(document, stamps)
  return stamps
}

const USUAL: ReadonlyMap<string, unknown> = new Map()
const found = new WeakMap<NotebookDocument, ReadonlyMap<string, string>>()

function stampsWith(
  document: NotebookDocument,
  params: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, string> {
  const graph = graphOf(document)
  const cells = cellsOf(document).map((cell) => ({ cell, names: namesOf(cell) }))
  const inputs = new NotebookInputs(document, cells)
  const stamps = new Map<string, string>()
  for (const { cell, names } of cells) {
    const parts = [
      ...ownParts(cell),
      ...graph.needs(cell.id).map((id) => `needs ${stamps.get(id)}`),
      ...paramParts(names, document, params),
      ...inputs.of(names).map(({ path, sha256 }) => `input ${path} ${sha256}`),
      ...askedParts(cell.id, graph, document, inputs),
    ]
    stamps.set(cell.id, digest(parts))
  }
  return stamps
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256').update(FORMAT)
  for (const part of parts) hash.update(`\0${part.length}\0${part}`)
  return hash.digest('hex').slice(0, 8)
}

function ownParts({ language, source, options }: Cell): readonly string[] {
  const told = RUN_OPTIONS.filter((name) => options.has(name))
  return [language, source, ...told.map((name) => `${name}=${options.get(name)}`)]
}

function paramParts(
  { params: read }: CellNames,
  { front }: NotebookDocument,
  given: ReadonlyMap<string, unknown>,
): readonly string[] {
  const values = new Map<string, unknown>(front.params.map((each) => [each.name, each.default]))
  for (const [name, value] of given) values.set(name, value)
  const names = read.has('*') ? [...values.keys()].sort() : [...read].sort()
  return names.map((name) => `param ${name} ${typeof values.get(name)} ${String(values.get(name))}`)
}

/** What a cell asks of the machine, and of chance. */
function askedParts(
  id: string,
  graph: CellGraph,
  document: NotebookDocument,
  inputs: NotebookInputs,
): readonly string[] {
  const chance = graph.drawsChance(id) ? [`chance ${seedOf(document)}`] : []
  if (graph.asksState(id)) return [...chance, ...machineParts(document, inputs)]
  return graph.asksMachine(id) ? [...chance, ...kindParts(document)] : chance
}

/** Where chance starts, as the realm has it. */
function seedOf({ front: { seed, machine = '' } }: NotebookDocument): string {
  return String(seed ?? /\bseed=(\d+)/.exec(machine)?.[1] ?? '')
}

function machineParts({ front }: NotebookDocument, inputs: NotebookInputs): readonly string[] {
  const { machine, hz, seed } = front
  const files = inputs.ofMachine.map(({ path, sha256 }) => `file ${path} ${sha256}`)
  return [`machine ${machine ?? ''} ${hz ?? ''} ${seed ?? ''}`, ...files]
}

/** Which machine it is, wherever its chance starts. */
function kindParts({ front }: NotebookDocument): readonly string[] {
  const spec = front.machine?.replace(/\bseed=\d+,?/, '') ?? ''
  return [`kind ${spec} ${front.hz ?? ''}`]
}

/** The inputs of a notebook, by who reads them. */
class NotebookInputs {
  readonly ofMachine: readonly NotebookInput[]
  readonly #others: readonly NotebookInput[]
  readonly #named: ReadonlySet<NotebookInput>
  readonly #somebodyReads: boolean
  readonly #folder: string

  constructor({ front }: NotebookDocument, cells: readonly { readonly names: CellNames }[]) {
    this.#folder = front.folder ?? ''
    const isOfMachine = ({ path }: NotebookInput): boolean => isWithin(path, front.machine)
    this.ofMachine = front.inputs.filter(isOfMachine)
    this.#others = front.inputs.filter((input) => !isOfMachine(input))
    this.#named = new Set(cells.flatMap(({ names }) => this.#namedBy(names)))
    this.#somebodyReads = cells.some(({ names }) => names.readsFiles)
  }

  /** Those that a cell names. Where it names none but reads files, also those that nobody names;
   *  where it may put names together, all. */
  of(names: CellNames): readonly NotebookInput[] {
    const own = this.#namedBy(names)
    const { readsFiles, readsAnyFile } = names
    const readsUnnamed = readsAnyFile || (readsFiles && own.length === 0) || !this.#somebodyReads
    const isRead = (input: NotebookInput): boolean =>
      own.includes(input) ||
      (this.#named.has(input) ? readsAnyFile && own.length === 0 : readsUnnamed)
    return this.#others.filter(isRead)
  }

  /** A text names a file by its path, by a folder around it, or by its last part. */
  #namedBy({ literals }: CellNames): readonly NotebookInput[] {
    const texts = literals.filter((text) => text !== '')
    return this.#others.filter(({ path }) =>
      texts.some(
        (text) => isWithin(path, join(this.#folder, text)) || basename(text) === basename(path),
      ),
    )
  }
}

function isWithin(path: string, place: string | undefined): boolean {
  if (place === undefined || place === '') return false
  const [inner, outer] = [normalize(path), normalize(place).replace(/\/$/, '')]
  return inner === outer || inner.startsWith(`${outer}/`)
}
