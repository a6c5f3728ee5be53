// What `#pragma` lines of a file of rules ask for.
//
//   #pragma dictionary "PCIEX"     messages of its faults have codes of this dictionary
//   #pragma allow_cycles 1         what causes may cause itself: 0 warns of it, 1 is silent
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/esclex.c.
import { nearest } from '../../base/nearest.js'
import type { Diagnostics } from './diagnostics.js'
import type { PragmaLine } from './preprocess.js'

/** What a file asks for. */
export interface Pragmas {
  readonly dictionaries: readonly string[]
  readonly cycles: 'refused' | 'warned' | 'allowed'
  readonly trustEreports: boolean
  readonly newErrorsOnly: boolean
}

const KNOWN = ['dictionary', 'allow_cycles', 'trust_ereports', 'new_errors_only', 'ident']

/** Reads the pragmas of a file; warns of those that esc passes over. */
export function applyPragmas(lines: readonly PragmaLine[], diagnostics: Diagnostics): Pragmas {
  for (const { name, place } of lines) {
    if (KNOWN.includes(name)) continue
    const near = nearest(name, KNOWN)
    const hint = near === undefined ? undefined : `did you mean ${near}?`
    const message = `there is no pragma ${name}: it is passed over`
    diagnostics.warn(place, 'esc.unknown-pragma', message, hint)
  }
  const dictionaries = lines.filter(({ name }) => name === 'dictionary')
  for (const { argument, place } of dictionaries)
    if (argument === '')
      diagnostics.error(place, 'esc.bad-directive', 'which dictionary?', '#pragma dictionary "X86"')
  const cycles = lines.findLast(({ name }) => name === 'allow_cycles')
  return {
    dictionaries: [...new Set(dictionaries.map(({ argument }) => argument))].filter(Boolean),
    cycles: cycles === undefined ? 'refused' : Number(cycles.argument) > 0 ? 'allowed' : 'warned',
    trustEreports: lines.some(({ name }) => name === 'trust_ereports'),
    newErrorsOnly: lines.some(({ name }) => name === 'new_errors_only'),
  }
}
