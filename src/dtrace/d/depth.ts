// How deep a syntax tree is. Everything after the parser walks trees by recursion: what is too deep
// for that is a mistake of the source, found here, without recursion.
import type { Span } from '../../base/span.js'
import type { Diagnostics } from './diagnostics.js'

/** Levels of nodes within nodes: more than any program that was written by hand has. */
const MOST_LEVELS = 1000

/** Whether an item may be walked; reports the first place at which it may not. */
export function refuseDeep(diagnostics: Diagnostics, item: object): boolean {
  const found = deepest(item)
  if (found === undefined) return true
  const message = 'memory exhausted: nested too deeply'
  diagnostics.report(found, 'D_SYNTAX', message, 'name a part of it: this->x = ...')
  return false
}

/** The place of a node that lies deeper than the limit. */
function deepest(item: object): Span | undefined {
  const pending: { readonly node: object; readonly level: number; readonly span: Span }[] = [
    { node: item, level: 0, span: { start: 0, end: 0 } },
  ]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, level } = next
    const span = spanOf(node) ?? next.span
    if (level > MOST_LEVELS) return span
    const inner = level + (Array.isArray(node) ? 0 : 1)
    for (const child of Object.values(node) as unknown[]) {
      if (typeof child === 'object' && child !== null)
        pending.push({ node: child, level: inner, span })
    }
  }
  return undefined
}

function spanOf(node: object): Span | undefined {
  const span = 'span' in node ? node.span : undefined
  return typeof span === 'object' && span !== null ? (span as Span) : undefined
}
