// The preview of a value: one line of it, for whoever is still writing what yields it.
//
//   [1, 'a']  ->  [ 1, 'a' ]         a class of ours, a function  ->  nothing
//
// Holds: nothing is called for it: no getter, no inspection of its own. What only its own code
// could show is not shown.
import { inspect } from 'node:util'

const MOST = 200

/** An expression worth looking at: one line that is no statement and waits for nothing. */
export function isPreviewable(text: string): boolean {
  const source = text.trim()
  if (source === '' || source.length > MOST || source.includes('\n')) return false
  return !/^[.#$!]|[;?]$|\b(?:await|import|function|class|while|for|new)\b/.test(source)
}

/** The value in one line; undefined for what shows itself better once it is asked for, and for what
 *  says no more than the text it comes from. */
export function previewOf(value: unknown, text: string): string | undefined {
  if (value === undefined || !isBuiltIn(value)) return undefined
  const shown = inspect(value, {
    ...{ depth: 1, breakLength: Number.POSITIVE_INFINITY, compact: true },
    ...{ customInspect: false, maxArrayLength: 8, maxStringLength: MOST },
  }).replace(/\n\s*/g, ' ')
  return shown === text.trim() || shown === text.trim().replaceAll('"', "'") ? undefined : shown
}

/** Values of the language itself. */
function isBuiltIn(value: unknown): boolean {
  if (typeof value === 'function') return false
  if (typeof value !== 'object' || value === null) return true
  const prototype: unknown = Reflect.getPrototypeOf(value)
  return prototype === null || BUILT_IN.some((each) => each.prototype === prototype)
}

const BUILT_IN: readonly { readonly prototype: unknown }[] = [
  ...[Object, Array, Map, Set, Date, RegExp],
  ...[Uint8Array, Uint16Array, Uint32Array, Int32Array, Float64Array, BigInt64Array],
]
