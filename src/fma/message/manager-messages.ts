// Manager messages: what the fault manager says of itself and of its diagnoses: dictionaries FMD
// and SUNOS, the parts of them that are about diagnosis.
//
// Holds: the numbers are the public ones.
import type { MessageAdvice, MessageType, NumberedMessage } from './message.js'

const BLIND: MessageAdvice = {
  response: 'The ereports are in the error log, to be looked at by somebody.',
  impact: 'What they are about is neither diagnosed nor mended automatically.',
  action: '`fmdump -eV` shows the ereports; a newer set of rules may understand them.',
}

const minor = (
  value: number,
  classes: readonly string[],
  [type, description]: readonly [MessageType, string],
  advice: MessageAdvice,
): NumberedMessage => ({ value, classes, type, severity: 'Minor', description, ...advice })

/** Dictionary FMD. */
export const FMD: readonly NumberedMessage[] = [
  minor(0, ['defect.sunos.fmd.nosub'], ['Defect', 'Nobody diagnoses the ereports of a part.'], {
    ...BLIND,
    action: '`fmadm config` shows who diagnoses; a module may be missing.',
  }),
  minor(1, ['defect.sunos.fmd.nodiagcode'], ['Defect', 'A diagnosis has no message of its own.'], {
    response: 'The diagnosis is in the fault log.',
    impact: 'Somebody has to look at it to know what it means.',
    action: '`fmdump -v -u EVENT-ID` shows the diagnosis.',
  }),
  minor(2, ['defect.sunos.fmd.module'], ['Defect', 'A module of the fault manager failed.'], {
    response: 'The module is switched off; what it would get waits in the log.',
    impact: 'What it diagnoses or mends is not done.',
    action: '`fmdump -v -u EVENT-ID` names the module, `fmadm reset` starts it anew.',
  }),
  minor(3, ['defect.sunos.fmd.config'], ['Defect', 'A configuration file has a mistake.'], {
    response: 'What is wrong in it is left at its default.',
    impact: 'The fault manager may not do what was meant.',
    action: '`fmdump -v -u EVENT-ID` names the file; mend it and start again.',
  }),
  minor(4, ['list.repaired'], ['Repair', 'All suspects of a case are dealt with.'], {
    response: 'What had been taken out of service may be back.',
    impact: 'What the fault had cost may be regained.',
    action: '`fmdump -v -u EVENT-ID` shows what was repaired.',
  }),
  minor(5, ['list.updated'], ['Update', 'Some suspects of a case are dealt with.'], {
    response: 'Some of what had been taken out of service may be back.',
    impact: 'Part of what the fault had cost may be regained.',
    action: '`fmadm faulty` shows what was repaired and what is still to be.',
  }),
  minor(6, ['list.resolved'], ['Resolved', 'A case is over: its suspects are dealt with.'], {
    response: 'What had been taken out of service is back.',
    impact: 'What the fault had cost is regained.',
    action: '`fmdump -v -u EVENT-ID` shows what was repaired.',
  }),
]

const undiagnosed = (
  value: number,
  leaf: string,
  description: string,
  severity: 'Major' | 'Minor' = 'Minor',
): NumberedMessage => {
  const classes = [`defect.sunos.eft.${leaf}`]
  return { value, classes, type: 'Defect', severity, description, ...BLIND }
}

const STRAY = 'sunos.eft.unexpected_telemetry'

/** Dictionary SUNOS, as far as diagnosis is concerned. */
export const SUNOS: readonly NumberedMessage[] = [
  undiagnosed(1, 'undiagnosable_problem', 'Ereports came that could not be diagnosed.'),
  undiagnosed(13, 'undiag.checkpoint', 'A diagnosis that was under way could not be resumed.'),
  undiagnosed(14, 'undiag.fme', 'No fault that the rules know explains the ereports.', 'Major'),
  undiagnosed(15, 'undiag.limit', 'More was to be diagnosed at once than is allowed.'),
  undiagnosed(16, 'undiag.unknown', 'Ereports could not be diagnosed, for a reason not known.'),
  {
    value: 17,
    classes: [`defect.${STRAY}`, `fault.${STRAY}`],
    type: 'Fault',
    severity: 'Major',
    description: 'Ereports came that fit no rule: a device that errs, or rules that do.',
    ...BLIND,
  },
]
