// Queries: `on(...)` and d`...` for one machine.
//
//   const { on, d } = createQueries(host)
//   on('xpv:::*-start').by('probename').count()
import { XpvError } from '../../base/error.js'
import { canonicalSpec, type ProbePattern, parsePattern } from '../probe/pattern.js'
import { suggestProbe } from '../probe/suggest.js'
import { type DTag, dTag } from './d-program.js'
import type { AnyShape, MatchOf, ProbeRow, ShapeOf, SpecOf } from './fields.js'
import type { QueryHost } from './host.js'
import type { KnownProbe } from './known-probe.js'
import type { EndsOf } from './pair.js'
import { type ProbeSet, plainSite } from './plan.js'
import { Scope } from './scope.js'
import { Selection } from './selection.js'

/** What `on(spec)` yields, for the probe table `P`. */
export type SelectionOf<P extends ProbeRow, S extends string> = string extends S
  ? Selection<AnyShape, unknown>
  : Selection<ShapeOf<MatchOf<P, S>, EndsOf<P, MatchOf<P, S>>>, unknown>

/** The entry to typed queries, and to D. */
export interface Queries<P extends ProbeRow> {
  /** Selects probes as dtrace -n does: `provider:module:function:name`, right-aligned, with
   *  globs. Known probes complete, and bring their arguments' names. Throws `XpvError`
   *  `query.no-probe`. */
  on<const S extends SpecOf<P> | (string & {})>(spec: S): SelectionOf<P, S>
  /** A D program: d`xpv:::*-start { @[probename] = count(); }`. */
  readonly d: DTag
}

/** Queries on the machine behind `host`; `P` are the probe tables whose names are known as
 *  types. */
export function createQueries<P extends ProbeRow = KnownProbe>(host: QueryHost): Queries<P> {
  const on = (spec: string): unknown => {
    const at = select(host, spec)
    return new Selection(host, new Scope(at.specs.join(', '), at.probes), plainSite(at))
  }
  return { on: on as Queries<P>['on'], d: dTag(host) }
}

function select(host: QueryHost, spec: string): ProbeSet {
  const pattern = parsePattern(spec)
  if (pattern === 'overspecified') {
    const message = `${spec} has more parts than provider:module:function:name`
    throw new XpvError('query.no-probe', message)
  }
  const probes = host.catalog.match(pattern)
  if (probes.length === 0) throw nothingMatches(host, spec, pattern)
  return { specs: [canonicalSpec(pattern)], probes }
}

function nothingMatches(host: QueryHost, spec: string, pattern: ProbePattern): XpvError {
  const near = pattern.id === undefined ? suggestProbe(host.catalog, spec) : undefined
  const hint = near === undefined ? 'dtrace -l lists the probes' : `on('${near}')`
  return new XpvError('query.no-probe', `no probe matches ${spec}`, hint)
}
