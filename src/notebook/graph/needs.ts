// Needs: which cells each cell needs, found by walking them in order as they would run.
//
//   c1  let n = 1; const inc = () => n++      c3 needs c2 and c1: c2 calls what changes n
//   c2  inc()
//   c3  n
//
// The machine is a name like others: who looks at it needs all who acted on it before; who acts on
// it changes it, but for a recording, which stays as it is.
import type { CellNames } from './cell-names.js'
import { isResource, KnownNames, type Origin } from './known-names.js'
import {
  ACTS,
  CHANCE,
  KIND,
  MACHINE,
  MACHINE_NAMES,
  OBJECTS,
  PAST,
  reachOf,
} from './machine-names.js'
import { allTouched, type Step, UNTOUCHED } from './step.js'

/** What one cell needs. */
export interface CellNeeds {
  /** Indexes of cells before it, in order: those that it needs directly. */
  readonly cells: readonly number[]
  /** Whether it asks the machine, by itself or by what it uses. */
  readonly asksMachine: boolean
  /** Whether it asks more than which machine it is. */
  readonly asksState: boolean
  /** Whether it draws on chance. */
  readonly drawsChance: boolean
  /** Whether it leaves it other than it was. */
  readonly movesMachine: boolean
}

/** What is known besides the sources. */
export interface WalkOptions {
  /** Whether the machine is a recording. */
  readonly isRecording: boolean
  /** Whether `open()` with these texts in its cell leads to a recording. */
  readonly opensRecording: (literals: readonly string[]) => boolean
  /** Whether the value of a cell is not undefined, where that is known. */
  readonly yields?: ((cell: number) => boolean | undefined) | undefined
}

/** The name of the last value that was shown. */
const LAST = '_'

/** What each of the cells needs. */
export function needsOf(cells: readonly CellNames[], options: WalkOptions): readonly CellNeeds[] {
  const walk = new Walk(options)
  return cells.map((cell, index) => walk.cell(cell, index))
}

class Walk {
  readonly #options: WalkOptions
  readonly #known = new KnownNames()
  #isRecording: boolean
  /** Cells whose value may be the last that was shown. */
  #shown: readonly number[] = []
  /** Cells that ran text as code. */
  readonly #opaque: number[] = []

  constructor(options: WalkOptions) {
    this.#options = options
    this.#isRecording = options.isRecording
    for (const name of MACHINE_NAMES) {
      const later = { ...UNTOUCHED, reads: new Set([reachOf(name)]) }
      this.#known.extend(name, { later, shares: [], isCallable: true })
    }
  }

  cell(cell: CellNames, index: number): CellNeeds {
    const needed = new Set<number>(this.#opaque)
    const need = (name: string): void => {
      const maker = this.#known.makerOf(name)
      if (maker !== undefined && maker !== index) needed.add(maker)
      if (name === LAST) for (const shown of this.#shown) if (shown !== index) needed.add(shown)
    }
    let asksState = false
    let asksKind = false
    let drawsChance = false
    let acts = false
    for (const step of cell.steps) {
      const { reached, changed } = this.#effectOf(step)
      acts ||= reached.has(MACHINE) || (reached.has(OBJECTS) && reached.has(ACTS))
      if (acts || reached.has(OBJECTS) || reached.has(PAST)) {
        asksState = true
        need(MACHINE)
      }
      if (reached.has(KIND)) asksKind = true
      if (reached.has(CHANCE)) drawsChance = true
      for (const name of reached) need(name)
      for (const name of changed) need(name)
      if (step.isWeak) step.defines.forEach(need)
      this.#known.change(changed, index)
      this.#settle(step, index)
    }
    if (cell.isOpaque) this.#doAnything(index, need)
    const movesMachine = acts && this.#moveMachine(cell, index)
    const asks = { asksMachine: asksState || asksKind, asksState, drawsChance, movesMachine }
    return { cells: [...needed].sort((a, b) => a - b), ...asks }
  }

  /** What a step reads and changes, with what it calls. */
  #effectOf({ now, isMention }: Step): {
    readonly reached: ReadonlySet<string>
    readonly changed: ReadonlySet<string>
  } {
    const known = this.#known
    if (isMention) {
      const changed = new Set([...now.assigns, ...known.sharedWith(now.mutates)])
      return { reached: now.reads, changed }
    }
    const reached = known.reachedFrom(now.reads)
    const touched = allTouched([now, known.laterOf(reached)])
    const handed = touched.changesHanded
      ? [...now.reads].filter((name) => known.has(name) && !known.isCallable(name))
      : []
    const mutated = known.sharedWith([...touched.mutates, ...handed, ...known.keepingIn(reached)])
    return { reached, changed: new Set([...touched.assigns, ...mutated]) }
  }

  /** Where the value of a step goes. */
  #settle(step: Step, index: number): void {
    const origin = this.#originOf(step)
    const { defines, isWeak, now } = step
    for (const name of defines) {
      if (isWeak && this.#known.has(name)) this.#known.change([name], index)
      else this.#known.define(name, index, origin)
      if (isWeak) this.#known.extend(name, origin)
    }
    for (const name of [...now.assigns, ...now.mutates])
      if (!isResource(name)) this.#known.extend(name, origin)
    if (step.isShown) this.#show(step, index, origin)
  }

  #show({ isPlain }: Step, index: number, origin: Origin): void {
    const yields = this.#options.yields?.(index) ?? (isPlain ? true : undefined)
    if (yields === false) return
    this.#shown = yields === true ? [index] : [...this.#shown, index]
    this.#known.extend(LAST, origin)
  }

  /** What the value of a step takes along. */
  #originOf({ now, later, isPlain, isCallable }: Step): Origin {
    if (isPlain) return { later: UNTOUCHED, shares: [], isCallable: false }
    const lively = this.#known.livelyIn(now.reads)
    const reads = new Set([...later.reads, ...lively])
    const shares = isCallable ? [] : this.#known.heldBy([...now.reads, ...later.reads])
    return { later: { ...later, reads }, shares, isCallable }
  }

  #doAnything(index: number, need: (name: string) => void): void {
    for (const name of this.#known.all()) need(name)
    this.#known.change(this.#known.all(), index)
    this.#opaque.push(index)
  }

  /** Acts on the machine; yields whether it is another one for who comes after. */
  #moveMachine(cell: CellNames, index: number): boolean {
    const opens = cell.changesMachine && cell.steps.some(({ now }) => now.reads.has('open'))
    if (opens) this.#isRecording = this.#options.opensRecording(cell.literals)
    const moves = !this.#isRecording || cell.changesMachine
    if (moves) this.#known.change(opens ? [MACHINE, KIND] : [MACHINE], index)
    return moves
  }
}
