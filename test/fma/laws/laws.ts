// Laws that hold for whatever befell a host: what of a story breaks them.
import { type FaultStatus, faultStatusWords } from '../../../src/fma/event/fault-status.js'
import type { SuspectList } from '../../../src/fma/event/suspect-list.js'
import { suspectKey } from '../../../src/fma/fmd/duplicates.js'
import type { MachineOutcome, MachineRequest } from '../../../src/fma/fmd/module.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { standardModules } from '../../../src/fma/host/standard-modules.js'
import { requesterOf } from '../../../src/fma/topo/resolve.js'
import type { TopoNode } from '../../../src/fma/topo/topology.js'
import { loggedDiagnoses } from '../../../src/fma/view/logged-diagnoses.js'
import { printRequesterId } from '../../../src/machine/pci/requester-id.js'
import { replayErrorLog } from '../fmd/replay.js'
import type { Story } from './era-stories.js'

/** What was diagnosed, and when; not by which uuid. */
export function diagnosesOf(management: FaultManagement): readonly string[] {
  return diagnosesIn(management.log('fault'))
}

/** What the error log gives once more, on a machine that does what it did then. */
export function replayedDiagnoses(management: FaultManagement): readonly string[] {
  const { topology, host, nowNs } = management
  const errors = management.log('error')
  const lastNs = errors.at(-1)?.timeNs ?? nowNs
  const parts = { topology, modules: standardModules(), seed: host.seed }
  const settleNs = nowNs - lastNs
  const { records } = replayErrorLog(errors, parts, { settleNs, act: answersOf(management) })
  return diagnosesIn(records)
}

/** The outcomes of the acts of a story, by what was asked. */
function answersOf({ acts }: FaultManagement): (what: MachineRequest) => MachineOutcome {
  const left = new Map<string, MachineOutcome[]>()
  for (const { what, outcome } of acts) {
    const key = keyOf(what)
    left.set(key, [...(left.get(key) ?? []), outcome ?? { kind: 'pending' }])
  }
  return (what) => left.get(keyOf(what))?.shift() ?? { kind: 'done' }
}

function keyOf(what: MachineRequest): string {
  switch (what.kind) {
    case 'offline-pcpu':
    case 'online-pcpu':
      return `${what.kind} ${what.pcpu}`
    case 'retire-page':
    case 'unretire-page':
      return `${what.kind} ${what.physaddr}`
    case 'retire-device':
    case 'unretire-device':
      return `${what.kind} ${what.path}`
    case 'tell':
      return what.kind
  }
}

function diagnosesIn(records: ReturnType<FaultManagement['log']>): readonly string[] {
  return loggedDiagnoses(records).map(({ code, diagTimeNs, suspects }) =>
    [code, diagTimeNs, ...suspects.map(({ fault }) => sureOf(fault))].join('\n'),
  )
}

const sureOf = (fault: SuspectList['suspects'][number]['fault']): string =>
  `${fault.certainty}% ${suspectKey(fault)}`

/** Acts upon something that nothing was wrong with: what is on the way to a device may be what
 *  keeps its answers, so that counts as the device. */
export function wrongActs({ acts, topology }: FaultManagement, story: Story): readonly string[] {
  const isGuilty = (what: MachineRequest): boolean => {
    switch (what.kind) {
      case 'offline-pcpu':
      case 'online-pcpu':
        return story.pcpus.has(what.pcpu)
      case 'retire-page':
      case 'unretire-page':
        return story.pages.has(what.physaddr >> 12n)
      case 'retire-device':
      case 'unretire-device':
        return isOnTheWay(topology.node({ scheme: 'dev', path: what.path }), story)
      case 'tell':
        return true
    }
  }
  return acts.filter(({ what }) => !isGuilty(what)).map(({ what }) => keyOf(what))
}

/** Whether a function is a device that fails, or on the way from there to the root. */
function isOnTheWay(node: TopoNode | undefined, { devices }: Story): boolean {
  const id = node && requesterOf(node)
  if (node === undefined || id === undefined) return false
  return devices.has(printRequesterId(id)) || node.children.some((child) => leads(child, devices))
}

function leads(node: TopoNode, devices: ReadonlySet<string>): boolean {
  const id = requesterOf(node)
  const isIt = id !== undefined && devices.has(printRequesterId(id))
  return isIt || node.children.some((child) => leads(child, devices))
}

/** Suspects in service that two open cases name, and uuids that come twice. */
export function doubledCases(management: FaultManagement): readonly string[] {
  const open = management.manager.cases().flatMap((one) => {
    if (one.state === 'unsolved' || one.state === 'repaired' || one.state === 'resolved') return []
    const faulty = one.suspects.filter(({ status }) => isFaultyInUse(status))
    return faulty.map(({ fault }) => suspectKey(fault))
  })
  const made = management.log('fault').flatMap(({ event: list }) => {
    const [name, uuid] = [list.get('class'), list.get('uuid')]
    const isNew = name?.kind === 'string' && name.value === 'list.suspect'
    return isNew && uuid?.kind === 'string' ? [uuid.value] : []
  })
  return [...twice(open), ...twice(made)]
}

function isFaultyInUse(status: FaultStatus): boolean {
  const words = faultStatusWords(status)
  return words.includes('faulty') && !words.includes('unusable')
}

const twice = (all: readonly string[]): readonly string[] =>
  all.filter((one, i) => all.indexOf(one) !== i)
