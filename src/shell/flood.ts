// A flood: more of a trace than anybody reads, and how to see less of it.
import type { Traces } from '../session/traces.js'
import { dropPromptSign, firstWord } from '../session/words.js'

/** Characters of output that nobody reads. */
const MUCH = 20_000

/** Whether a line runs a D program. */
export function isTracing(line: string): boolean {
  return firstWord(dropPromptSign(line)) === 'dtrace'
}

/** How to see less of what a line printed, where D programs printed too much; '' elsewhere. */
export function narrowing(line: string, output: string, traces: Traces | undefined): string {
  const isWatched = (traces?.programs.length ?? 0) > 0
  if (output.length <= MUCH || !(isWatched || isTracing(line))) return ''
  return `less of it: fewer probes, 'xpv:::dom-*'; a predicate, /execname == "xend"/;
  or a count, { @[probename] = count(); }`
}
