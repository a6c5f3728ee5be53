// CaseLines: a case in short: a line of its own, two for each suspect.
//
//   GMCA-8000-LF  Major  closed  solved 2007-12-10 08:00:31
//     fault.cpu.generic-x86.l1dcache 100%: faulty, unusable
//       cpu:///cpuid=1

import type { Fault } from '../event/fault.js'
import { faultStatusWords } from '../event/fault-status.js'
import type { Case } from '../fmd/case.js'
import { momentText } from './moment-text.js'
import { placeText } from './place-text.js'

/** The lines, without an end; `more` is told of each suspect too. */
export function caseLines(of: Case, more: (of: Fault) => readonly string[] = () => []): string {
  if (of.state === 'unsolved') return `not solved yet (case ${of.uuid})`
  const { code, severity, state, solvedNs, suspects } = of
  const head = `${code}  ${severity}  ${state}  solved ${momentText(solvedNs).slice(0, 19)}`
  const lines = suspects.flatMap(({ fault, status }) => [
    `  ${fault.class} ${fault.certainty}%: ${faultStatusWords(status).join(', ')}`,
    `    ${placeText(fault.asru ?? fault.resource)}`,
    ...more(fault).map((line) => `    ${line}`),
  ])
  return [head, ...lines].join('\n')
}
