// Every engine that counts, of every file of rules that comes with xpv: silent at N, fires at N + 1
// when the first and the last are T apart, and not when they are a nanosecond further. N and T are
// those of the files; what makes an engine count is said here, and none may be left out.
import { expect, it } from 'vitest'
import { type NvValue, nv } from '../../../src/fma/event/nvlist.js'
import { type Declared, timeNs } from '../../../src/fma/eversholt/rule-set.js'
import { ownRules } from '../../../src/fma/rules/own-rules.js'
import { CARD, DISK, DOWN, fabric, NIC, RC } from './fabric.js'
import { HostOfRules, partsOf, resourceOf, SECOND, withProperties } from './host-of-rules.js'

type Tell = readonly [leaf: string, place: string, payload?: Record<string, NvValue>]

/** What makes an engine count once, on which host, and which fault it holds back. */
interface Trigger {
  readonly host: () => HostOfRules
  readonly tell: (n: number) => readonly Tell[]
  readonly fault: string
}

const STRAND = 'chip=0/core=0/strand=0'
const CONTROLLER = 'chip=0/memory-controller=0'
const CHANNEL = `${CONTROLLER}/dram-channel=0`
const PAGE = 0x1000n

const computer = (): HostOfRules => {
  const places = [STRAND, `${CHANNEL}/dimm=0/rank=0`, `${CHANNEL}/chip-select=0`]
  return new HostOfRules(withProperties(partsOf(places), () => ({})))
}

const memoryError = (page: number, place: string): Tell => [
  'cpu.generic-x86.mem_ce',
  STRAND,
  { IA32_MCi_ADDR: nv.uint64(BigInt(page) * PAGE), resource: resourceOf(place) },
]

/** A host of whose module 64 pages have failed, as long ago as nothing counts of it any more. */
function wornComputer(place: string): HostOfRules {
  const host = computer()
  for (let page = 0; page < 64; page++)
    for (let n = 0; n < 4; n++) {
      host.tell(...memoryError(page, place))
      host.wait(20n * SECOND)
    }
  host.diagnoses()
  host.wait(30n * 24n * 3600n * SECOND)
  return host
}

const memory = (place: string): Readonly<Record<string, Trigger>> => {
  const path = place.replace(/=\d+/g, '')
  return {
    [`serd.memory.generic-x86.page_ce@${path}`]: {
      host: computer,
      tell: () => [memoryError(7, place)],
      fault: 'fault.memory.generic-x86.page_ce',
    },
    [`serd.memory.generic-x86.dimm_ce@${path}`]: {
      host: () => wornComputer(place),
      tell: (n) => [memoryError(100 + n, place)],
      fault: 'fault.memory.generic-x86.dimm_ce',
    },
  }
}

const RECOVERED: Tell[1][] = [NIC, CARD]
const [recoveredNic, recoveredCard] = RECOVERED.map((at): Tell => ['io.service.unaffected', at])
const io = (fault: string, ...tells: readonly (Tell | undefined)[]): Trigger => ({
  host: fabric,
  tell: () => tells.filter((tell) => tell !== undefined),
  fault: `fault.io.${fault}`,
})
const FN = 'pciexbus/pciexdev/pciexfn'
const LINK = ['io.pciex.dl.btlp', NIC] as const
const LOWER_LINK = ['io.pciex.dl.btlp', DISK] as const

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  ...memory(`${CHANNEL}/dimm=0`),
  ...memory(`${CHANNEL}/dimm=0/rank=0`),
  ...memory(`${CHANNEL}/chip-select=0`),
  ...memory(CONTROLLER),
  [`serd.io.pciex.flt-nf@${FN}`]: io(
    'pciex.device-interr-unaf',
    ['io.pciex.tl.ptlp', RC],
    recoveredNic,
  ),
  'serd.io.pciex.flt-nf@pciexrc': io(
    'pciex.device-interr-unaf',
    ['io.pciex.tl.ptlp', NIC],
    recoveredNic,
  ),
  [`serd.io.device.nonfatal@${FN}`]: io(
    'pciex.device-interr-corr',
    ['io.device.stall', NIC],
    recoveredNic,
  ),
  'serd.io.device.nonfatal@pciexrc': io('pciex.device-interr-corr', LINK),
  [`serd.io.device.nonfatal@pciexrc/${FN}`]: io('pciex.device-interr-corr', LINK),
  [`serd.io.device.nonfatal@${FN}/${FN}`]: io('pciex.device-interr-corr', LOWER_LINK),
  [`serd.io.pciex.corrlink-bus@pciexrc/${FN}`]: io('pciex.bus-linkerr-corr', LINK),
  [`serd.io.pciex.corrlink-bus@${FN}/${FN}`]: io('pciex.bus-linkerr-corr', LOWER_LINK),
  'serd.io.pci.nf-dpe@pcibus/pcidev/pcifn': io(
    'pci.device-interr-unaf',
    ['io.pci.dpe', CARD],
    recoveredCard,
  ),
  'serd.io.pci.nf-dpe-bus@pcibus': io('pci.bus-linkerr-unaf', ['io.pci.dpe', CARD], recoveredCard),
  'serd.io.device.nonfatal@pcibus/pcidev/pcifn': io(
    'pci.device-interr-corr',
    ['io.device.stall', CARD],
    recoveredCard,
  ),
}

/** Engines of processors are named as the class they count. */
function ofProcessor({ name, key }: Declared): Trigger | undefined {
  const leaf = name.startsWith('serd.cpu.') ? name.split('.').at(-1) : undefined
  if (leaf === undefined || key !== `${name}@chip/core/strand`) return undefined
  const of = (told: string, fault: string): Trigger => ({
    host: computer,
    tell: () => [[`cpu.generic-x86.${told}`, STRAND]],
    fault: `fault.cpu.generic-x86.${fault}`,
  })
  return leaf === 'simple' ? of('frc', 'internal') : of(leaf, leaf)
}

const triggerOf = (engine: Declared): Trigger | undefined =>
  TRIGGERS[engine.key] ?? ofProcessor(engine)

/** N and T as a file says them. */
function limitsOf({ properties }: Declared): { n: number; tNs: bigint } {
  const [n, t] = [properties.get('N'), properties.get('T')]
  if (n?.kind !== 'number' || t?.kind !== 'time') throw new Error('no N or no T')
  return { n: Number(n.value), tNs: timeNs(t) }
}

const ENGINES = [...ownRules().declarations.values()].filter(({ type }) => type === 'serd')

/** Tells of n + 1 errors, the first and the last so far apart; when the fault was diagnosed. */
function firedAt(trigger: Trigger, n: number, spanNs: bigint): readonly number[] {
  const on = trigger.host()
  const step = spanNs / BigInt(n)
  const fired: number[] = []
  for (let i = 0; i <= n; i++) {
    for (const tell of trigger.tell(i)) on.tell(...tell)

    const found = on.diagnoses().flatMap(({ suspects }) => suspects)
    if (found.some((suspect) => suspect.includes(` ${trigger.fault}@`))) fired.push(i + 1)
    const left = i === n - 1 ? spanNs - step * BigInt(n - 1) : step
    on.wait(left - 60n * SECOND)
  }
  return fired
}

it('each engine has something that makes it count', () => {
  expect(ENGINES.length).toBeGreaterThan(40)
  expect(ENGINES.filter((one) => triggerOf(one) === undefined).map(({ key }) => key)).toEqual([])
  const unused = Object.keys(TRIGGERS).filter((key) => !ENGINES.some((one) => one.key === key))
  // A rank counts for its module.
  expect(unused).toEqual([
    `serd.memory.generic-x86.dimm_ce@${CHANNEL}/dimm/rank`.replace(/=0/g, ''),
  ])
})

it.each(ENGINES.map((engine) => ({ key: engine.key, engine })))('$key', ({ engine }) => {
  const { n, tNs } = limitsOf(engine)
  const trigger = triggerOf(engine) as Trigger
  expect(firedAt(trigger, n, tNs)).toEqual([n + 1])
  expect(firedAt(trigger, n, tNs + 1n)).toEqual([])
})

it('kinds of corrected errors of a link do not add up', () => {
  const on = fabric()
  for (let n = 0; n < 3; n++)
    for (const leaf of ['pl.re', 'dl.btlp', 'dl.bdllp', 'dl.rto', 'dl.rnr']) {
      on.tell(`io.pciex.${leaf}`, DOWN)
      expect(on.codes()).toEqual([])
    }
})
