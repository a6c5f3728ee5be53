// The manual's pages on the objects of the prompt: what they are, what each of their properties
// says.
import { DESCRIBE, type Described } from '../base/describe.js'
import { Domain } from '../machine/domain.js'
import { DomainList } from '../machine/domain-list.js'
import type { HostAccess } from '../machine/host-access.js'
import { HostBridge } from '../machine/hostbridge.js'
import { Hypervisor } from '../machine/hypervisor.js'
import type { DomainId } from '../machine/ids.js'
import { PcpuList } from '../machine/pcpu-list.js'
import type { Topic } from '../session/manual.js'
import { FmaGlobal } from './fma-global.js'

/** Pages need no machine. */
const NO_MACHINE = (): HostAccess => {
  throw new Error('a page of the manual asks a machine')
}

const NO_FMA = (): never => NO_MACHINE() as never
const NO_PLACE = { read: NO_FMA, rules: NO_FMA, topology: NO_FMA, whatIf: NO_FMA, coverage: NO_FMA }

const PAGES: readonly Topic[] = [
  topic('xen', new Hypervisor(NO_MACHINE), ['xen', 'xen.freeBytes', 'xen.console']),
  topic('domains', new DomainList(NO_MACHINE), [
    'domains',
    'domains[0].memoryBytes',
    'domains.map((domain) => domain.runtimeNs)',
    'domains[0]?',
  ]),
  topic('dom0', new Domain(NO_MACHINE, 0 as DomainId), [
    'dom0.vcpus[0].pcpu',
    "dom0.vcpus[0].rdmsr('IA32_MCG_CAP')",
    "dom0.vcpus[0].withPinned(1, (vcpu) => vcpu.rdmsr('IA32_MCG_CAP'))",
    "dom0.load('busy')",
    'dom0.vcpus[0]?',
  ]),
  topic('pcpus', new PcpuList(NO_MACHINE), [
    'pcpus[1]',
    'pcpus[1].banks',
    'pcpus[1].msr.IA32_MCG_CAP',
    'pcpus[1].msr.IA32_MCG_CAP.hardware',
    'pcpus[1]?',
  ]),
  topic('hostbridge', new HostBridge(NO_MACHINE), [
    'hostbridge',
    'hostbridge.rootPorts[0].aer',
    "hostbridge.at('05:00.0').registers.DevSta",
  ]),
  topic('fma', new FmaGlobal(NO_FMA, NO_PLACE), [
    'fma.faulty()',
    'fma.cases.map((each) => each.explain())',
    "fma.log('error')",
    "fma.whatIf({ era: 'metal' })",
    "fma.whatIf({ topology: 'sim:metal' })",
    'fma.acts',
    'fma.gaps',
    'fma.account',
    'fma.coverage()',
  ]),
]

/** What somebody new may type of them. */
const FIRST: Readonly<Record<string, Topic['first']>> = {
  domains: ['domains', 'who lives on the host'],
  pcpus: ['pcpus[1].msr.IA32_MCG_CAP', 'a register, bit by bit'],
  fma: ["machine.run('60s'); fma", 'what is at fault, or unseen'],
}

/** One topic for each object. */
export const OBJECT_TOPICS: readonly Topic[] = PAGES.map((page) => {
  const first = FIRST[page.name]
  return first === undefined ? page : { ...page, first }
})

function topic(name: string, of: Described, examples: readonly string[]): Topic {
  const { summary, members } = of[DESCRIBE]()
  return { name, summary, usage: '', examples, members }
}
