// Retire: what the system in which fault management lives does when something is to go out of
// service, each kind as that system does it.
//
//   pcpu    metal: marked faulted    Xen: sysctl cpu_hotplug by the daemon fmd
//   page    metal: retired           Xen: sysctl page_offline_op; a Solaris dom0 refuses by itself
//   device  its driver lets it go: it may no more write to memory or interrupt
//
// Holds: `ended` is told once; where a hypercall is made, only after time has passed.
// On metal the kernel lets go of one page in a thousand and no more; Xen has no such limit. illumos
// answers 0 for a page that it keeps for that reason; here whoever asked is told.
// Source: illumos usr/src/uts/common/io/fm.c (page retire is ENOTSUP on i86xpv),
// usr/src/uts/common/vm/page_retire.c (max_pages_retired_bps), the topo method retire of a strand
// (P_FAULTED, or xpv_online); xen-hptool.

import { errnoName } from '../../../machine/errno.js'
import type { RetireOutcome, RetireWhat } from '../../../machine/host-access.js'
import { mostPagesRetired } from '../../../machine/page-limit.js'
import { COMMAND } from '../../../machine/pci/header-registers.js'
import { isBridge } from '../../../machine/pci/register-map.js'
import { isMetal } from '../era.js'
import { FRAME_BYTES } from '../frames.js'
import { PAGE_COMMAND, PAGE_STATUS, pageOwner } from '../hypercalls/page-offline.js'
import type { Hypervisor } from '../hypervisor.js'
import type { PciExpress } from '../pci.js'
import type { Processes } from '../processes.js'
import { call, type Reply, type Script, type Step } from '../step.js'
import { halves } from '../toolstack/xl/libxc.js'
import { metalOnline, pageOutcome } from './actions.js'

const OFFLINE = 1
const ONLINE = 0
/** I/O, memory and bus master of the command register. */
const WORKING = 7

/** What a host takes things out of service with. */
export interface RetireParts {
  readonly hypervisor: Hypervisor
  readonly processes: Processes
  readonly pci: PciExpress
}

type Retired<K extends RetireWhat['kind']> = Extract<RetireWhat, { kind: K }>
/** A hypercall that the daemon makes, and what its reply means. */
type Asking = Generator<Step, RetireOutcome, Reply>

/** Does it; whoever attends the host is woken once it has ended. */
export function retireOn(
  parts: RetireParts,
  what: RetireWhat,
  ended: (outcome: RetireOutcome) => void,
): void {
  const { hypervisor, processes } = parts
  const tell = (outcome: RetireOutcome): void => {
    ended(outcome)
    hypervisor.kernel.alert()
  }
  const answer = answerTo(parts, what)
  if ('kind' in answer) tell(answer)
  else processes.spawnIn({ execname: 'fmd', script: telling(answer, tell) })
}

function* telling(asking: Asking, tell: (outcome: RetireOutcome) => void): Script {
  tell(yield* asking)
  return 0
}

function answerTo(parts: RetireParts, what: RetireWhat): RetireOutcome | Asking {
  switch (what.kind) {
    case 'pcpu':
      return pcpuAnswer(parts.hypervisor, what)
    case 'page':
      return pageAnswer(parts.hypervisor, what)
    case 'device':
      return deviceAnswer(parts.pci, what)
  }
}

function pcpuAnswer(hypervisor: Hypervisor, what: Retired<'pcpu'>): RetireOutcome | Asking {
  const { pcpu, retired } = what
  if (!isMetal(hypervisor.era)) return askForPcpu(hypervisor, what)
  if (hypervisor.isOnline(pcpu) === !retired) {
    if (retired) hypervisor.faulted.add(pcpu)
    return DONE
  }
  const outcome = metalOnline(hypervisor, pcpu, !retired)
  if (retired && outcome.kind === 'done') hypervisor.faulted.add(pcpu)
  return outcome
}

function* askForPcpu(hypervisor: Hypervisor, { pcpu, retired }: Retired<'pcpu'>): Asking {
  const args = { u0: halves(pcpu, retired ? OFFLINE : ONLINE) }
  const { result } = yield* call('sysctl', 'cpu_hotplug', args)
  if (result === 0 || hypervisor.isOnline(pcpu) === !retired) return DONE
  const wanted = retired ? `take pcpu ${pcpu} offline` : `bring pcpu ${pcpu} online`
  return refused(errnoName(result), `the hypervisor does not ${wanted}`)
}

function pageAnswer(hypervisor: Hypervisor, what: Retired<'page'>): RetireOutcome | Asking {
  const { era } = hypervisor
  const mfn = Number(what.physaddr / BigInt(FRAME_BYTES))
  if (isMetal(era)) return metalPage(hypervisor, mfn, what.retired)
  if (era.dom0 !== 'solaris') return askForPage(mfn, what.retired)
  return refused('ENOTSUP', 'under a hypervisor dom0 takes no page out of service')
}

function* askForPage(mfn: number, retired: boolean): Asking {
  const command = retired ? PAGE_COMMAND.offline : PAGE_COMMAND.online
  const args = { u0: halves(command, mfn), u1: mfn }
  const more = { command, start: mfn, end: mfn }
  const { result, out } = yield* call('sysctl', 'page_offline_op', args, more)
  const status = Number(out['status0'] ?? 0)
  if (result < 0) {
    const isXens = (status & PAGE_STATUS.xenPage) !== 0
    const why = isXens ? 'the hypervisor itself uses this page' : 'the hypervisor refuses'
    return refused(errnoName(result), why)
  }
  if ((status & PAGE_STATUS.pending) === 0) return DONE
  return { kind: 'pending', note: `it goes once domain ${pageOwner(status)} gives it back` }
}

const DONE: RetireOutcome = { kind: 'done' }
const refused = (error: string, why: string): RetireOutcome => ({ kind: 'refused', error, why })

/** What is in a page of a process goes to another page, and then it is free to go. */
function metalPage({ frames }: Hypervisor, mfn: number, retired: boolean): RetireOutcome {
  if (!retired) {
    frames.reinstate(mfn)
    return DONE
  }
  const most = mostPagesRetired(frames.total * FRAME_BYTES)
  if (frames.retired >= most && frames.ownerOf(mfn).kind !== 'retired') {
    return refused('ENOSPC', `the kernel keeps it: ${most} pages are out, 0.1 % of memory`)
  }
  const { kind } = frames.retire(mfn)
  if (kind !== 'pending') return pageOutcome(kind)
  if (frames.vacate(0, mfn)) return DONE
  return { kind: 'pending', note: 'there is no free page for what is in it' }
}

/** The driver lets go of a device, or takes it up again. */
function deviceAnswer(pci: PciExpress, { id, path, retired }: Retired<'device'>): RetireOutcome {
  const bytes = pci.bytesOf(id)
  if (bytes === undefined) return refused('ENXIO', `there is no device ${path}`)
  if (isBridge(bytes)) return refused('EBUSY', `${path} leads to other devices`)
  const { offset } = COMMAND
  const before = pci.read(id, offset, 2)
  pci.write(id, { offset, size: 2 }, retired ? before & ~WORKING : before | WORKING)
  return DONE
}
