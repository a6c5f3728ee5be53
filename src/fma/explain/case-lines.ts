// CaseLines: a case in short: a line of its own, two for each suspect.
//
//   GMCA-8000-LF  Major  closed, solved 2007-12-10 08:00:31
//     fault.cpu.generic-x86.l1dcache 100%: faulty, unusable
//       cpu:///cpuid=1
import type { Fault } from '../event/fault.js'
import type { Case } from '../fmd/case.js'
import { secondText } from './moment-text.js'
import { suspectPlace, suspectWords } from './suspect-fate.js'

/** The lines, without an end; `more` is told of each suspect too. */
export function caseLines(of: Case, more: (of: Fault) => readonly string[] = () => []): string {
  if (of.state === 'unsolved') return `not solved yet (case ${of.uuid})`
  const { code, severity, state, solvedNs, suspects } = of
  const became = state === 'solved' ? '' : `${state}, `
  const head = `${code}  ${severity}  ${became}solved ${secondText(solvedNs)}`
  const lines = suspects.flatMap((suspect) => [
    `  ${suspect.fault.class} ${suspect.fault.certainty}%: ${suspectWords(suspect).join(', ')}`,
    `    ${suspectPlace(suspect)}`,
    ...more(suspect.fault).map((line) => `    ${line}`),
  ])
  return [head, ...lines].join('\n')
}
