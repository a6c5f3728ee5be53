// What may follow the words of an fmadm command line: subcommands, options, and what fmd knows:
// uuids of diagnoses, FMRIs and labels of what they name, modules, SERD engines.
import { printFmri } from '../../fma/event/fmri.js'
import type { FaultManagement } from '../../fma/host/fault-management.js'

const NAMES = [
  'faulty',
  'config',
  'acquit',
  'repaired',
  'replaced',
  'repair',
  'reset',
  'flush',
  'load',
  'unload',
  'rotate',
]
const FAULTY = ['-a', '-f', '-i', '-n', '-p', '-r', '-s', '-u', '-v']

/** The words, with those that are names of something last. */
export function fmadmWords(
  words: readonly string[],
  fma: () => FaultManagement,
): readonly string[] {
  const [name = '', ...rest] = words.filter((word) => word !== '-q')
  if (name === '') return NAMES
  switch (name) {
    case 'faulty':
      return rest.at(-1) === '-u' ? uuidsOf(fma()) : FAULTY
    case 'acquit':
    case 'repair':
      return [...uuidsOf(fma()), ...namesOf(fma())]
    case 'repaired':
    case 'replaced':
    case 'flush':
      return namesOf(fma())
    case 'reset':
    case 'gc':
    case 'unload':
      return rest.at(-1) === '-s' ? enginesOf(fma()) : modulesOf(fma())
    case 'rotate':
      return ['errlog', 'fltlog', 'rsrclog', 'infolog']
    default:
      return []
  }
}

/** The uuids of diagnoses. */
export function uuidsOf(management: FaultManagement): readonly string[] {
  return management.manager.cases().flatMap(({ state, uuid }) => (state === 'unsolved' ? [] : uuid))
}

/** The modules of fmd. */
export function modulesOf(management: FaultManagement): readonly string[] {
  return management.manager.moduleFacts().map(({ name }) => name)
}

function namesOf(management: FaultManagement): readonly string[] {
  const suspects = management.manager.resources().flatMap((one) => one.suspects)
  const names = suspects.flatMap(({ fault: { asru, fru, resource, location } }) => {
    const fmris = [asru, fru, resource].flatMap((fmri) => (fmri === undefined ? [] : fmri))
    const label = location === undefined || location.includes(' ') ? [] : [location]
    return [...label, ...fmris.map(printFmri)]
  })
  return [...new Set(names)]
}

function enginesOf(management: FaultManagement): readonly string[] {
  const { manager } = management
  return modulesOf(management).flatMap((module) =>
    manager.serdEngines(module).map(({ name }) => name),
  )
}
