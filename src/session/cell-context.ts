// What belongs to a cell while it runs and after: the awaits it hangs on, the timers it set. A cell
// that is cut off loses them, so that none of its code goes on behind its user's back.
//
//   await p      ->  back(await gate(p, cell))   goes on as with p; throws once the cell is cut off
//   for await    ->  over each(p, cell)          the same for every turn
//   p.then(f)    ->  p.then(...turns(cell, f))   f is not called once the cell is cut off
//   setTimeout   ->  a timer of the cell         cleared when the cell is cut off
//
// Which cell code belongs to follows from who called it: a function of cell 1 that cell 2 waits for
// ends with cell 2. `back` brings that knowledge over an await; where it was lost (a callback), it
// is the running cell, or else the cell in which the code is written.
//
// Holds: code of a cut-off cell gets GRACE_MS to tidy up (`finally`), then none of its awaits
// settles any more. An await leaves the same asynchronous stack as without us. No async hooks: a
// stop that comes in the middle of one would leave Node's record of contexts unbalanced.
import { performance } from 'node:perf_hooks'
import { XpvError } from '../base/error.js'
import { AWAIT_FUNCTION, BACK_FUNCTION, EACH_FUNCTION, TURNS_FUNCTION } from './gates.js'

/** Milliseconds in which a cut-off cell may still close what it has opened. */
const GRACE_MS = 100

const CUT_OFF = 'session.interrupted'

/** The realm's own: while a session is open, cells have another. */
const soon = globalThis.queueMicrotask

/** Whether this is what an interrupted cell died of. */
export function isCutOff(thrown: unknown): boolean {
  return thrown instanceof XpvError && thrown.code === CUT_OFF
}

/** The outcome of an await: yields the value, or throws. */
type Outcome = () => unknown

/** One cell's awaits and timers. */
class CellContext {
  readonly cell: number
  readonly #waiting = new Set<(outcome: Outcome) => void>()
  #timers: WeakRef<NodeJS.Timeout>[] = []
  #mostTimers = 64
  #cutOffMs = Number.POSITIVE_INFINITY

  constructor(cell: number) {
    this.cell = cell
  }

  get isCutOff(): boolean {
    return this.#cutOffMs !== Number.POSITIVE_INFINITY
  }

  /** Whether nothing of the cell may go on. */
  get isOver(): boolean {
    return performance.now() > this.#cutOffMs + GRACE_MS
  }

  /** Waits for `value`, at most until the cell is cut off; when it is already, until it is over. */
  wait(value: unknown): Promise<Outcome> {
    const wasCutOff = this.isCutOff
    return new Promise((resolve) => {
      if (!wasCutOff) this.#waiting.add(resolve)
      const settled = (outcome: Outcome): Outcome => {
        this.#waiting.delete(resolve)
        return outcome
      }
      const passed = Promise.resolve(value).then(
        (result) => settled(() => result),
        (reason) => settled(() => raise(reason)),
      )
      // V8 follows the stack through such a chain to whoever awaits.
      if (wasCutOff) void passed.then((outcome) => this.isOver || resolve(outcome))
      else void passed.then(resolve)
    })
  }

  /** Waits for nothing but the end: so does a cell that is asked to end and has not heard it. */
  pend(): Promise<Outcome> {
    return new Promise((resolve) => this.#waiting.add(resolve))
  }

  add(timer: NodeJS.Timeout): void {
    if (this.#timers.length >= this.#mostTimers) {
      this.#timers = this.#timers.filter((each) => each.deref() !== undefined)
      this.#mostTimers = Math.max(64, this.#timers.length * 2)
    }
    this.#timers.push(new WeakRef(timer))
  }

  cutOff(): void {
    if (this.isCutOff) return
    this.#cutOffMs = performance.now()
    this.clearTimers()
    const reason = new XpvError(CUT_OFF, `cell ${this.cell} was interrupted`)
    for (const resolve of this.#waiting) resolve(() => raise(reason))
    this.#waiting.clear()
  }

  clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer.deref())
    this.#timers = []
  }
}

/** What somebody hands over to be called later. */
type Callback = (...args: unknown[]) => unknown

/** The running cell, as contexts need to know it. */
export interface RunningNow {
  readonly cell: number | undefined
  /** Whether it is asked to end, though no message of that may have come through yet. */
  isAsked(): boolean
}

/** setTimeout and its like. */
type SetsTimer = (callback: (...args: unknown[]) => unknown, ...rest: never[]) => unknown

/** The contexts of a session's cells. */
export class CellContexts {
  readonly #contexts = new Map<number, CellContext>()
  readonly #now: () => RunningNow
  /** Whose code is running at this very moment. */
  #current: CellContext | undefined
  /** The timer whose turn it is. */
  #turning: NodeJS.Timeout | undefined

  constructor(now: () => RunningNow) {
    this.#now = now
  }

  /** Runs `work`, up to its first await, as part of a cell. */
  run<T>(cell: number, work: () => T): T {
    this.#current = this.#of(cell)
    try {
      return work()
    } finally {
      this.#leave()
    }
  }

  /** Ends what a cell has left running; of all cells without a number. */
  cutOff(cell?: number): void {
    this.#leave()
    for (const context of this.#contexts.values())
      if (cell === undefined || cell === context.cell) context.cutOff()
  }

  /** JavaScript was stopped from outside. A timer in whose turn that was is ended: else Node would
   *  count it for ever, and no timer set later would keep the process alive. */
  stopped(): void {
    this.#leave()
    clearTimeout(this.#turning)
    this.#turning = undefined
  }

  /** Ends all timers of all cells. */
  close(): void {
    for (const context of this.#contexts.values()) context.clearTimers()
  }

  /** What code written in `cell` awaits instead of `value`; `back` makes the value of it. */
  readonly gate = (value: unknown, cell: number): unknown => {
    const context = this.#owner(cell)
    const isAsked = this.#isAsked(context)
    if (!isAsked && !context.isCutOff && !isThenable(value)) return this.#goOn(context, () => value)
    const waited = isAsked ? context.pend() : context.wait(value)
    return waited.then((outcome) => this.#goOn(context, outcome))
  }

  /** The value of an await, or throws as it does. */
  readonly back = (outcome: Outcome): unknown => outcome()

  /** What `for await` in `cell` goes over instead of `iterable`. */
  readonly each = (iterable: unknown, cell: number): unknown => {
    const iterator = asyncIteratorOf(iterable)
    if (iterator === undefined) return iterable
    const context = this.#owner(cell)
    const leave = iterator.return?.bind(iterator)
    const next = (): unknown => {
      const waited = this.#isAsked(context) ? context.pend() : context.wait(iterator.next())
      return waited.then(this.back)
    }
    const gated = leave === undefined ? { next } : { next, return: leave }
    return { [Symbol.asyncIterator]: () => gated }
  }

  /** What code in `cell` hands to `then`, `catch` or `finally`: of a cell that is cut off, only
   *  what tidies up is still called, and a chain ends where the next is not. */
  readonly turns = (cell: number, method: string, ...given: unknown[]): unknown[] => {
    const context = this.#owner(cell)
    return given.map((each, i) => {
      const tidies = method !== 'then' || i > 0
      return isCallback(each) ? this.#turn(context, each, tidies) : each
    })
  }

  /** The functions that the code of cells is rewritten to call. */
  gates(): Readonly<Record<string, unknown>> {
    return {
      [AWAIT_FUNCTION]: this.gate,
      [BACK_FUNCTION]: this.back,
      [EACH_FUNCTION]: this.each,
      [TURNS_FUNCTION]: this.turns,
    }
  }

  /** The functions of the realm that call back later, for cells. */
  timers(): Readonly<
    Record<'setTimeout' | 'setInterval' | 'setImmediate' | 'queueMicrotask', unknown>
  > {
    const { setTimeout, setInterval, setImmediate } = globalThis
    const queue = (callback: unknown): void => {
      const context = this.#current
      const isOurs = context !== undefined && isCallback(callback)
      soon(isOurs ? this.#turn(context, callback, false) : (callback as Callback))
    }
    return {
      queueMicrotask: Object.defineProperties(queue, ownProperties(soon)),
      setTimeout: this.#setter(setTimeout, true),
      setInterval: this.#setter(setInterval, true),
      setImmediate: this.#setter(setImmediate, false),
    }
  }

  #of(cell: number): CellContext {
    const context = this.#contexts.get(cell) ?? new CellContext(cell)
    this.#contexts.set(cell, context)
    return context
  }

  #owner(cell: number): CellContext {
    return this.#current ?? this.#of(this.#now().cell ?? cell)
  }

  #isAsked(context: CellContext): boolean {
    const now = this.#now()
    return context.cell === now.cell && !context.isCutOff && now.isAsked()
  }

  /** The outcome, in the hands of code that then belongs to `context`, up to its next await. */
  #goOn(context: CellContext, outcome: Outcome): Outcome {
    return () => {
      this.#current = context
      soon(this.#leave)
      return outcome()
    }
  }

  /** The same function, not called once `context` is cut off: who waits for it waits for ever. */
  #turn(context: CellContext, call: Callback, tidies: boolean): Callback {
    const contexts = this
    return function (this: unknown, ...args) {
      const mayGoOn = !context.isCutOff || (tidies && !context.isOver)
      if (!mayGoOn || contexts.#isAsked(context)) return new Promise(() => {})
      const before = contexts.#current
      contexts.#current = context
      try {
        return Reflect.apply(call, this, args)
      } finally {
        contexts.#current = before
      }
    }
  }

  readonly #leave = (): void => {
    this.#current = undefined
  }

  /** `set`, as cells have it: one that is over sets nothing, what one sets is kept for its end. */
  #setter(set: SetsTimer, isKept: boolean): SetsTimer {
    const setter: SetsTimer = (callback, ...rest) => {
      const context = this.#current
      if (context === undefined || typeof callback !== 'function') return set(callback, ...rest)
      const turn = (...args: unknown[]): unknown => this.run(context.cell, () => callback(...args))
      const timed = (...args: unknown[]): void => {
        this.#turning = timer as NodeJS.Timeout
        turn(...args)
        this.#turning = undefined
      }
      const timer = set(isKept ? timed : asMicrotask(turn), ...rest)
      if (context.isOver) clearAny(timer)
      else if (isKept) context.add(timer as NodeJS.Timeout)
      return timer
    }
    return Object.defineProperties(setter, ownProperties(set))
  }
}

/** A stop in the middle of an immediate would make Node lose its place among immediates. */
function asMicrotask(turn: (...args: unknown[]) => unknown): (...args: unknown[]) => void {
  return (...args) => soon(() => turn(...args))
}

function raise(reason: unknown): never {
  throw reason
}

function clearAny(timer: unknown): void {
  clearTimeout(timer as NodeJS.Timeout)
  clearImmediate(timer as NodeJS.Immediate)
}

/** What hangs on a function, such as its form that yields a promise. */
function ownProperties(of: object): PropertyDescriptorMap {
  const { prototype: _, ...others } = Object.getOwnPropertyDescriptors(of) as PropertyDescriptorMap
  return others
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function'
}

function isThenable(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
  return value instanceof Promise || typeof Reflect.get(value, 'then') === 'function'
}

/** Undefined for what cannot be gone over: then the language says so in its own words. */
function asyncIteratorOf(iterable: unknown): AsyncIterator<unknown> | undefined {
  if (iterable === null || iterable === undefined) return undefined
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: plain } = iterable as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (typeof asynchronous === 'function') return asynchronous.call(iterable)
  return typeof plain === 'function' ? inTurn(iterable as Iterable<unknown>) : undefined
}

async function* inTurn(iterable: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* iterable
}
