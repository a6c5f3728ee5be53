// A glimpse: an expression evaluated at once and as often as one likes, while something else runs.
//
//   'domains.length'  ->  () => 3          'await sleep(9)', 'let a = 1'  ->  undefined
//
// Holds: it is no cell: nothing is counted, kept or bound to `_`. One that takes too long is ended.
import { Script } from 'node:vm'
import { stripTypes } from '../session/strip.js'

/** Milliseconds that one may take. */
const MOST_MS = 250

/** What yields the value of an expression now; undefined for a source that is none, or awaits. */
export async function glimpseOf(source: string): Promise<(() => unknown) | undefined> {
  const stripped = await stripTypes(`(${source}\n)`)
  if (stripped.kind !== 'stripped') return undefined
  const script = scriptOf(stripped.js)
  return script === undefined ? undefined : () => script.runInThisContext({ timeout: MOST_MS })
}

/** The script, where the text can be one: with an await it cannot. */
function scriptOf(js: string): Script | undefined {
  try {
    return new Script(js, { filename: 'xpv:glimpse' })
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}
