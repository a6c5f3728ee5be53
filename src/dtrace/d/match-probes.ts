// Which probes a clause's specifications select, and what is said when one selects none.
//
//   'xpv:::$1-start'  ->  'xpv:::dom-create-start'  ->  its parts  ->  probes of the catalog
//
// Holds: macros stand for text within one part, so a colon in $1 opens no part of its own, and a
// number in $1 is a name; only literal digits are an id.
// Source: libdtrace dt_parser.c (dt_node_pdesc_by_name, dt_node_pdesc_by_id), dt_subr.c
// (dtrace_xstr2desc), dt_cc.c (dt_setcontext).
import type { Span } from '../../base/span.js'
import type { ProbeCatalog } from '../probe/catalog.js'
import type { ProbeDescription } from '../probe/description.js'
import {
  canonicalSpec,
  type PatternPart,
  type ProbePattern,
  parsePattern,
} from '../probe/pattern.js'
import { suggestProbe } from '../probe/suggest.js'
import type { SpecNode } from './ast.js'
import type { Diagnostics } from './diagnostics.js'
import type { Macros } from './macros.js'

/** What specifications are read with. */
export interface MatchContext {
  readonly diagnostics: Diagnostics
  readonly catalog: ProbeCatalog
  readonly macros: Macros
  /** What the last part of a specification names: 'provider' for -P. */
  readonly last: PatternPart
  /** -Z: a specification that matches nothing is no mistake. */
  readonly allowNone: boolean
}

/** What one specification selects, and how programs keep it. */
export interface Match {
  readonly spec: string
  readonly probes: readonly ProbeDescription[]
  /** All four parts of a description that matched nothing. */
  readonly missed?: string
}

/** The greatest number a probe can have. */
const GREATEST_ID = 2n ** 32n - 1n

/** The probes a specification selects. None, and a report, when it selects none or is no
 *  specification. */
export function matchSpec(cx: MatchContext, spec: SpecNode): Match {
  const isId = /^[0-9]+$/.test(spec.text)
  const wrongId = idMistake(spec.text, cx.catalog, cx.last)
  if (wrongId !== undefined) invalid(cx, spec.span, wrongId, 'dtrace -l lists the probes')
  const pattern = isId ? idPattern(spec.text) : namePattern(cx, spec)
  if (pattern === undefined || wrongId !== undefined) return { spec: spec.text, probes: [] }
  const probes = cx.catalog.match(pattern)
  if (probes.length > 0) return { spec: canonicalSpec(pattern), probes }
  reportNone(cx, spec, pattern)
  return { spec: canonicalSpec(pattern), probes, missed: fullSpec(pattern) }
}

/** What is wrong with a specification that is a number; undefined for a probe's, and for one that
 *  is no number. */
export function idMistake(
  text: string,
  catalog: ProbeCatalog,
  last: PatternPart,
): string | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined
  const id = BigInt(text)
  if (id > GREATEST_ID) return `identifier ${id} exceeds maximum probe id`
  if (last !== 'name') return `probe identifier ${id} not permitted when specifying ${last}s`
  if (catalog.byId(Number(id)) !== undefined) return undefined
  return `invalid probe identifier ${id}: Unknown probe identifier`
}

function idPattern(text: string): ProbePattern | undefined {
  const pattern = parsePattern(text)
  return pattern === 'overspecified' ? undefined : pattern
}

function namePattern(cx: MatchContext, { text, span }: SpecNode): ProbePattern | undefined {
  const written = parsePattern(text, cx.last)
  const wrong = (why: string, hint?: string): undefined =>
    invalid(cx, span, `invalid probe description "${text}": ${why}`, hint)
  if (written === 'overspecified')
    return wrong('Overspecified probe description', 'provider:module:function:name')
  const parts = [written.provider, written.module, written.function, written.name]
  const [provider, module, func, name] = parts.map((part) => expanded(cx.macros, part))
  if (provider === undefined || module === undefined || func === undefined || name === undefined)
    return wrong('Undefined macro variable in probe description', 'a word after the program is $1')
  return { provider, module, function: func, name }
}

function invalid(cx: MatchContext, span: Span, message: string, hint?: string): undefined {
  cx.diagnostics.report(span, 'D_PDESC_INVAL', message, hint)
  return undefined
}

/** A part with the macro in it replaced: a number takes the digits, a name all that follows.
 *  Undefined when there is no such macro. */
function expanded(macros: Macros, part: string): string | undefined {
  const at = part.indexOf('$')
  if (at < 0) return part
  const [, name = '', rest = ''] = /^\$\$?(?:([0-9]+)(.*)|)/.exec(part.slice(at)) ?? []
  const word = name === '' ? part.slice(at).replace(/^\$\$?/, '') : name
  const macro = macros.value(word)
  if (macro.kind === 'argument') return part.slice(0, at) + macro.text + rest
  return macro.kind === 'id' ? part.slice(0, at) + macro.value : undefined
}

function reportNone(cx: MatchContext, { text, span }: SpecNode, pattern: ProbePattern): void {
  if (cx.allowNone) return
  const near = cx.last === 'name' ? suggestProbe(cx.catalog, text) : undefined
  const hint = near === undefined ? 'dtrace -l lists the probes' : `did you mean ${near}?`
  const message = `probe description ${fullSpec(pattern)} does not match any probes`
  cx.diagnostics.report(span, 'D_PDESC_ZERO', message, hint)
}

function fullSpec({ provider, module, function: func, name }: ProbePattern): string {
  return `${provider}:${module}:${func}:${name}`
}
