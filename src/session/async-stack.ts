// Node's record of asynchronous contexts, made to bear that JavaScript is stopped from outside.
//
// A termination skips the `after` of a timer or promise; Node then finds its stack of contexts
// unbalanced and aborts the process ("async hook stack has become corrupted").
// `--no-force-async-hooks-checks` turns that check off from the command line; this does the same
// for a process that is already running.
// Source: node lib/internal/async_hooks.js, src/env.cc (AsyncHooks::pop_async_context), Node 20 to
// 24.

/** The binding's part that is used here. */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array
  readonly constants: { readonly kCheck: number }
  clearAsyncIdStack(): void
}

/** Turns Node's check off. Yields what is to be called after a termination: it empties the
 *  stack. */
export function bearTermination(): () => void {
  const binding = asyncWrap()
  if (binding === undefined) return () => {}
  binding.async_hook_fields[binding.constants.kCheck] = 0
  return () => binding.clearAsyncIdStack()
}

/** Undefined on a Node that keeps it to itself: then a stopped timer may end the process. */
function asyncWrap(): AsyncWrap | undefined {
  const silent = Reflect.get(process, 'noDeprecation') as unknown
  Reflect.set(process, 'noDeprecation', true)
  try {
    const binding: unknown = Reflect.get(process, 'binding')
    const found: unknown = typeof binding === 'function' ? binding('async_wrap') : undefined
    return isAsyncWrap(found) ? found : undefined
  } catch {
    return undefined
  } finally {
    Reflect.set(process, 'noDeprecation', silent)
  }
}

function isAsyncWrap(value: unknown): value is AsyncWrap {
  if (typeof value !== 'object' || value === null) return false
  const { async_hook_fields, constants, clearAsyncIdStack } = value as Partial<AsyncWrap>
  return (
    async_hook_fields instanceof Uint32Array &&
    typeof constants?.kCheck === 'number' &&
    typeof clearAsyncIdStack === 'function'
  )
}
