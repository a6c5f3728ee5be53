// What a cell says of names: those it defines, reads and changes, as far as its source alone tells.
//
//   ts    every name of the session it uses           const n = list.length   defines n, reads list
//   d     asks what has happened; a program knows no names of the session
//   esc   defines its id: the rules
//   sh    acts on the machine or looks, but for commands that need none
//
// Holds: pure. A source that cannot be read uses no names; running it tells why.
import type { Cell } from '../document.js'
import { codeSteps } from './code-steps.js'
import { commandLines } from './command-lines.js'
import { changesMachine, MACHINE_NAMES, mayReadFiles, PAST } from './machine-names.js'
import type { NamePlace } from './name-use.js'
import { plainStep, type Step } from './step.js'

/** The names of one cell. */
export interface CellNames {
  readonly defines: ReadonlySet<string>
  /** Names whose value may come from before the cell. */
  readonly reads: ReadonlySet<string>
  /** Names of others that it assigns, or whose value it changes. */
  readonly changes: ReadonlySet<string>
  /** Parameters it reads; `*` stands for all. */
  readonly params: ReadonlySet<string>
  /** Texts that stand in it: what may be paths. */
  readonly literals: readonly string[]
  readonly touchesMachine: boolean
  readonly readsFiles: boolean
  /** Whether it may read files whose names it puts together by itself. */
  readonly readsAnyFile: boolean
  /** Whether it leaves what asks the machine after it other answers, even on a recording. */
  readonly changesMachine: boolean
  /** Whether it runs text as code: it may touch everything. */
  readonly isOpaque: boolean
  /** What it does, step by step. */
  readonly steps: readonly Step[]
  /** Where it asks for values of names of the session. */
  readonly places: readonly NamePlace[]
}

type CellText = Pick<Cell, 'id' | 'language' | 'source'>

/** The names of a cell; found once for each. */
export function namesOf(cell: CellText): CellNames {
  const names = found.get(cell) ?? namesIn(cell)
  found.set(cell, names)
  return names
}

const found = new WeakMap<CellText, CellNames>()

function namesIn(cell: CellText): CellNames {
  switch (cell.language) {
    case 'ts':
      return codeNames(cell.source)
    case 'd':
      return { ...NOTHING, ...asked(PAST), literals: quotedIn(cell.source) }
    case 'esc':
      return { ...NOTHING, ...ruleNames(cell) }
    case 'sh': {
      const { reach, changes, readsFiles, words } = commandLines(cell.source)
      return { ...NOTHING, ...asked(reach), changesMachine: changes, readsFiles, literals: words }
    }
  }
}

const NOTHING: CellNames = {
  defines: new Set(),
  reads: new Set(),
  changes: new Set(),
  params: new Set(),
  literals: [],
  touchesMachine: false,
  readsFiles: false,
  readsAnyFile: false,
  changesMachine: false,
  isOpaque: false,
  steps: [],
  places: [],
}

/** Rules include files; they are their cell's value. */
function ruleNames({ id, source }: CellText): Partial<CellNames> {
  const literals = quotedIn(source)
  const step = { ...plainStep([], [id]), isShown: true }
  return {
    defines: new Set([id]),
    literals,
    readsFiles: /^\s*#\s*include/m.test(source),
    steps: [step],
  }
}

function asked(reach: string | undefined): Pick<CellNames, 'touchesMachine' | 'steps'> {
  return { touchesMachine: reach !== undefined, steps: reach ? [plainStep([reach])] : [] }
}

function codeNames(source: string): CellNames {
  const code = codeSteps(source)
  const { steps, places, literals, params, isOpaque } = code
  const defines = new Set(steps.flatMap(({ defines }) => defines))
  return {
    ...{ steps, places, literals, params, isOpaque, defines },
    reads: readFirst(steps, defines),
    changes: new Set(
      steps
        .flatMap(({ now, later }) => [now, later])
        .flatMap(({ assigns, mutates }) => [...assigns, ...mutates])
        .filter((name) => !defines.has(name)),
    ),
    touchesMachine: [...code.asks].some((name) => MACHINE_NAMES.has(name) && !defines.has(name)),
    readsFiles: code.imports || isOpaque || mayReadFiles(code.names),
    readsAnyFile: code.imports || isOpaque,
    changesMachine: changesMachine(code.asks, code.members),
  }
}

/** Names that are read where the cell has not defined them yet. */
function readFirst(steps: readonly Step[], all: ReadonlySet<string>): ReadonlySet<string> {
  const defined = new Set<string>()
  const found = new Set<string>()
  for (const { now, later, defines } of steps) {
    for (const name of now.reads) if (!defined.has(name)) found.add(name)
    for (const name of later.reads) if (!all.has(name)) found.add(name)
    for (const name of defines) defined.add(name)
  }
  return found
}

/** Texts in double quotes. */
function quotedIn(source: string): readonly string[] {
  return [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text = '']) => text)
}
