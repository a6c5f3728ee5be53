// The names that every session has, before any cell has run.
import type { PromptGlobals } from './prompt-globals.js'

/** Every name of PromptGlobals, so that none is forgotten. */
const PROMPT_NAMES: Readonly<Record<keyof PromptGlobals, true>> = {
  on: true,
  d: true,
  esc: true,
  arg: true,
  builtin: true,
  whyUnknown: true,
  probes: true,
  open: true,
  xen: true,
  domains: true,
  dom0: true,
  pcpus: true,
  hostbridge: true,
  fma: true,
  xpv: true,
  xm: true,
  xl: true,
  machine: true,
  chart: true,
  explain: true,
  hex: true,
}

/** The prompt's names. */
export const promptNames: readonly string[] = Object.keys(PROMPT_NAMES)

/** What cells know besides: the session's functions, its last value, a notebook's parameters, and
 *  what any function has. */
const OTHERS: readonly string[] = ['help', 'show', 'sh', '_', 'params', 'arguments']

/** All names that a cell knows that none has defined: nearest first for whoever misspells one.
 *  `declared` are names that cells have put on the global object. */
export function sessionNames(declared: Iterable<string> = []): ReadonlySet<string> {
  const own = new Set(declared)
  const realm = Object.getOwnPropertyNames(globalThis).filter((name) => !own.has(name))
  return new Set([...promptNames, ...OTHERS, ...realm])
}
