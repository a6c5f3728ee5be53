// `dtrace -l`: all probes, or those that the given descriptions and scripts match.
//
//   sources -> compile, as if to enable -> a line for each probe of each clause
//
// Holds: a description that matches nothing is said on standard error, and is no failure. Source:
// illumos cmd/dtrace/dtrace.c (list_prog, list_stmt).
import type { Compilation } from '../../dtrace/d/compile.js'
import { printProbeList } from '../../dtrace/print/list.js'
import type { ProbeCatalog } from '../../dtrace/probe/catalog.js'
import { suggestProbe } from '../../dtrace/probe/suggest.js'

/** What is listed: text for standard output, and for standard error. */
export interface Listing {
  readonly text: string
  readonly warnings: string
}

/** How to list. `explain` adds what may have been meant. */
export interface ListingStyle {
  readonly verbose: boolean
  readonly explain: boolean
}

/** Lists every probe there is. */
export function listAll(catalog: ProbeCatalog, { verbose }: ListingStyle): Listing {
  return { text: printProbeList(catalog.probes, verbose), warnings: '' }
}

/** Lists what a program compiled with -Z would enable, clause by clause. */
export function listMatches(
  compiled: Extract<Compilation, { kind: 'ok' }>,
  catalog: ProbeCatalog,
  style: ListingStyle,
): Listing {
  const missed = compiled.enablings.flatMap((enabling) => enabling.missed)
  return {
    text: printProbeList(
      compiled.program.clauses.flatMap((clause) => clause.probes),
      style.verbose,
    ),
    warnings: missed.map((spec) => unmatched(spec, catalog, style)).join(''),
  }
}

function unmatched(spec: string, catalog: ProbeCatalog, { explain }: ListingStyle): string {
  const line = `dtrace: failed to match ${spec}: No probe matches description\n`
  const near = explain ? suggestProbe(catalog, spec) : undefined
  return near === undefined ? line : `${line}  did you mean ${near}?\n`
}
