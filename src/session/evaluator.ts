// The evaluator: runs code at the top level of this realm through V8's own REPL mode.
//
//   code  ->  Runtime.evaluate (replMode: await anywhere)  ->  the live value, or what was thrown
//
// Holds: the value is handed over by reference, never copied and never by writing into the source.
// Source: Chrome DevTools Protocol, domain Runtime; node:inspector.
import { Session as InspectorSession, type Runtime } from 'node:inspector'

/** Milliseconds until an expression that is only looked at is given up. */
const PEEK_MS = 250

/** How an evaluation ended. `stopped` is what a termination leaves behind. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly thrown: unknown }
  | { readonly kind: 'stopped' }

/** A parameter that @types/node does not know yet. */
interface ReplParameters extends Runtime.EvaluateParameterType {
  readonly replMode: true
}

const GROUP = 'xpv-cell'
const SLOT = Symbol.for('xpv.evaluated-value')
const FETCH = `function () { 'use strict'; globalThis[Symbol.for('xpv.evaluated-value')] = [this] }`

/** What runs code. */
export interface Engine {
  /** Whether it has no await at the top. */
  readonly isPlain: boolean
  /** Runs `code` under the name `url`. Never settles when it is stopped after its first await. */
  run(code: string, url: string): Promise<Outcome>
  /** The value of an expression that has no side effect, now; undefined when it would have one, or
   *  when that cannot be told. */
  peek(expression: string): unknown
  close(): void
}

/** One connection to V8. It is given up when the process exits, or Node would wait for a
 *  debugger. */
export class Evaluator implements Engine {
  readonly isPlain = false
  readonly #session = new InspectorSession()
  readonly #onExit = () => this.#session.disconnect()

  constructor() {
    this.#session.connect()
    process.once('exit', this.#onExit)
  }

  /** Runs `code` under the name `url`. Never settles when it is stopped after its first await. */
  run(code: string, url: string): Promise<Outcome> {
    const expression = `${code}\n//# sourceURL=${url}`
    const params: ReplParameters = { expression, replMode: true, awaitPromise: true }
    return this.#evaluate(params)
  }

  /** The value of an expression that has no side effect, now; undefined when it would have one. */
  peek(expression: string): unknown {
    let outcome: Outcome | undefined
    const params = { expression, throwOnSideEffect: true, timeout: PEEK_MS, silent: true }
    this.#session.post('Runtime.evaluate', { ...params, objectGroup: GROUP }, (error, answer) => {
      outcome = error === null ? this.#outcome(answer) : undefined
    })
    return outcome?.kind === 'value' ? outcome.value : undefined
  }

  close(): void {
    process.off('exit', this.#onExit)
    this.#session.disconnect()
  }

  #evaluate(params: Runtime.EvaluateParameterType): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#session.post('Runtime.evaluate', { ...params, objectGroup: GROUP }, (error, answer) => {
        resolve(error === null ? this.#outcome(answer) : { kind: 'stopped' })
      })
    })
  }

  #outcome(answer: Runtime.EvaluateReturnType): Outcome {
    const { exceptionDetails } = answer
    const outcome: Outcome =
      exceptionDetails === undefined
        ? { kind: 'value', value: this.#live(answer.result) }
        : { kind: 'threw', thrown: this.#live(exceptionDetails.exception ?? answer.result) }
    this.#session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP })
    return outcome
  }

  /** The value itself behind V8's description of it. */
  #live(remote: Runtime.RemoteObject): unknown {
    const { objectId, unserializableValue } = remote
    if (unserializableValue !== undefined) return parseUnserializable(unserializableValue)
    if (objectId === undefined) return remote.subtype === 'null' ? null : remote.value
    this.#session.post('Runtime.callFunctionOn', { objectId, functionDeclaration: FETCH })
    const fetched: unknown = Reflect.get(globalThis, SLOT)
    Reflect.deleteProperty(globalThis, SLOT)
    return Array.isArray(fetched) ? fetched[0] : undefined
  }
}

/** The numbers that JSON cannot carry. */
function parseUnserializable(text: string): number | bigint {
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : text === '-0' ? -0 : Number(text)
}
