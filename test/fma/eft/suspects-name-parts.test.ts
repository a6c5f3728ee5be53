// What a suspect says of the part at fault, who an ereport can be from, and what an operator may set.
import { expect, it } from 'vitest'
import { NO_ENA } from '../../../src/fma/event/ena.js'
import type { Fault } from '../../../src/fma/event/fault.js'
import { type Fmri, parseFmri } from '../../../src/fma/event/fmri.js'
import { nv, nvlist } from '../../../src/fma/event/nvlist.js'
import type { EftOptions } from '../../../src/fma/eversholt/module.js'
import { privateGroup } from '../../../src/fma/topo/topology.js'
import { board, part, rulesOf, Scenario } from './scenario.js'

const DRIVER = parseFmri('mod:///mod-name=mpt/mod-id=7')
const DEVICE = 'dev:////pci@0,0/pci1000,30@5'
const HOST = board(
  {
    ...part('chip0'),
    asru: parseFmri('cpu:///cpuid=3'),
    fru: parseFmri('hc:///motherboard=0/chip=0'),
    label: 'CPU 0',
  },
  {
    ...part('dimm1', { ...part('rank0'), asru: parseFmri('mem:///unum=DIMM1') }),
    fru: parseFmri('hc:///motherboard=0/dimm=1'),
    label: 'B1',
  },
  {
    ...part('pcifn0'),
    asru: parseFmri(DEVICE),
    groups: [
      privateGroup('io', [
        { name: 'dev', type: 'string', value: '/pci@0,0/pci1000,30@5' },
        { name: 'module', type: 'fmri', value: DRIVER },
      ]),
    ],
  },
)

const RULES = rulesOf(`
  fru dimm; asru dimm/rank;
  event ereport.x.chip@chip;
  event ereport.x.dimm@dimm/rank;
  event ereport.x.device@pcifn;
  engine serd.x.device@pcifn, N=3, T=1h;
  event fault.x.chip@chip, retire=0, response=0;
  event fault.x.page@dimm/rank, FRU=dimm, ASRU=dimm/rank, message=1;
  event fault.x.device@pcifn, engine=serd.x.device@pcifn;
  event defect.x.driver@pcifn;
  prop fault.x.chip@chip (0)-> ereport.x.chip@chip;
  prop fault.x.page@dimm/rank (0)-> ereport.x.dimm@dimm/rank
    { setpayloadprop("asru-physaddr", payloadprop("at")) && setpayloadprop("who", "it") };
  prop fault.x.device@pcifn, defect.x.driver@pcifn (0)-> ereport.x.device@pcifn;`)

function faultsOf(scenario: Scenario): readonly Fault[] {
  return scenario
    .solved()
    .flatMap((one) => (one.state === 'unsolved' ? [] : one.suspects.map(({ fault }) => fault)))
}

/** An ereport from whoever. */
function from(scenario: Scenario, name: string, detector: Fmri): void {
  const ereport = { class: name, ena: NO_ENA, detector, timeNs: undefined, payload: nvlist({}) }
  scenario.manager.take({ kind: 'ereport', timeNs: 2n ** 62n, ereport })
}

const scenarioOf = (options: EftOptions = {}): Scenario => new Scenario(RULES, HOST, options)

it('ASRU, FRU and label are those of the part; flags those of the rules', () => {
  const scenario = scenarioOf()
  scenario.send('ereport.x.chip', 'chip0')
  expect(faultsOf(scenario)).toMatchObject([
    {
      asru: { scheme: 'cpu', cpuid: 3 },
      fru: { scheme: 'hc', path: [{ name: 'motherboard' }, { name: 'chip', id: '0' }] },
      location: 'CPU 0',
      retire: false,
      response: false,
      message: undefined,
    },
  ])
})

it('an address that a constraint sets narrows the ASRU; FRU and label are of the DIMM', () => {
  const scenario = scenarioOf()
  scenario.send('ereport.x.dimm', 'dimm1/rank0', { at: nv.uint64(0x7000n) })
  const [fault] = faultsOf(scenario)
  expect(fault).toMatchObject({
    asru: { scheme: 'mem', unum: 'DIMM1', physaddr: 0x7000n },
    fru: { path: [{ name: 'motherboard' }, { name: 'dimm', id: '1' }] },
    resource: { asruPhysaddr: 0x7000n },
    location: 'B1',
    message: true,
  })
  expect(fault?.payload).toEqual(nvlist({ who: nv.string('it') }))
})

it('the ASRU of a defect is the driver', () => {
  const scenario = scenarioOf()
  scenario.send('ereport.x.device', 'pcifn0')
  expect(faultsOf(scenario)).toMatchObject([{ class: 'defect.x.driver', asru: DRIVER }])
})

it.each([
  { detector: 'cpu:///cpuid=3', name: 'ereport.x.chip' },
  { detector: 'hc:///motherboard=0/chip=0', name: 'ereport.x.chip' },
])('$detector is a part of the host', ({ detector, name }) => {
  const scenario = scenarioOf()
  from(scenario, name, parseFmri(detector))
  expect(faultsOf(scenario)[0]?.class).toBe('fault.x.chip')
})

it('a device is the part that has its path', () => {
  const scenario = scenarioOf()
  from(scenario, 'ereport.x.device', parseFmri(DEVICE))
  expect(faultsOf(scenario)[0]?.class).toBe('defect.x.driver')
})

it.each(['cpu:///cpuid=99', 'mem:///unum=DIMM1', 'dev:////pci@9,9'])(
  '%s is nothing that has a place: telemetry that nobody can explain',
  (detector) => {
    const scenario = scenarioOf()
    from(scenario, 'ereport.x.chip', parseFmri(detector))
    expect(faultsOf(scenario)).toMatchObject([
      {
        class: 'defect.sunos.eft.unexpected_telemetry',
        certainty: 50,
        resource: parseFmri(detector),
        retire: false,
        response: false,
      },
      { class: 'fault.sunos.eft.unexpected_telemetry', certainty: 50 },
    ])
  },
)

it('N and T of an engine are what the operator says', () => {
  const serdOverrides = new Map([['serd.x.device', { n: 0, tNs: 1n }]])
  const scenario = scenarioOf({ serdOverrides })
  scenario.send('ereport.x.device', 'pcifn0')
  expect(faultsOf(scenario).map(({ class: name, certainty }) => [name, certainty])).toEqual([
    ['defect.x.driver', 50],
    ['fault.x.device', 50],
  ])
})

it('more problems at once than are allowed are one case that says so', () => {
  const rules = rulesOf(`
    event fault.x.a@chip; event ereport.x.a@chip { within(5s) }; event ereport.x.b@chip { within(5s) };
    prop fault.x.a@chip (0)-> ereport.x.a@chip, ereport.x.b@chip;`)
  const chips = board(...[0, 1, 2, 3].map((i) => part(`chip${i}`)))
  const scenario = new Scenario(rules, chips, { mostExercises: 2 })
  for (const i of [0, 1, 2, 3]) scenario.send('ereport.x.a', `chip${i}`)
  expect(faultsOf(scenario)).toMatchObject([
    { class: 'defect.sunos.eft.undiag.limit', certainty: 100 },
  ])
  scenario.pass(5)
  expect(faultsOf(scenario).map(({ class: name }) => name)).toEqual(['fault.x.a', 'fault.x.a'])
})

it('how long an ereport may take that no rule says the time of can be set', () => {
  const rules = rulesOf(`
    event fault.x.a@chip; event ereport.x.a@chip; event ereport.x.b@chip;
    prop fault.x.a@chip (0)-> ereport.x.a@chip, ereport.x.b@chip;`)
  const scenario = new Scenario(rules, HOST, { hesitateNs: 3_000_000_000n })
  scenario.send('ereport.x.a', 'chip0')
  scenario.pass(2.9)
  expect(faultsOf(scenario)).toEqual([])
  scenario.pass(0.1)
  expect(faultsOf(scenario).map(({ class: name }) => name)).toEqual(['fault.x.a'])
})

it('what was repaired is counted from nothing', () => {
  const rules = rulesOf(`
    event ereport.x.a@chip; event ereport.x.b@chip;
    engine serd.x.a@chip, N=1, T=1h;
    engine stat.x.b@chip;
    event fault.x.a@chip, engine=serd.x.a@chip;
    event fault.x.b@chip, count=stat.x.b@chip;
    event fault.x.c@chip;
    prop fault.x.a@chip (0)-> ereport.x.a@chip;
    prop fault.x.b@chip { count(stat.x.b@chip) == 0 } (0)-> ereport.x.b@chip;
    prop fault.x.c@chip { count(stat.x.b@chip) == 1 } (0)-> ereport.x.b@chip;`)
  const scenario = new Scenario(rules, HOST)
  const classes = (): readonly string[] => faultsOf(scenario).map(({ class: name }) => name)
  scenario.send('ereport.x.a', 'chip0')
  scenario.send('ereport.x.b', 'chip0')
  expect(classes()).toEqual(['fault.x.b'])
  const fmri = parseFmri('hc:///motherboard=0/chip=0')
  scenario.repair({ kind: 'resource', fmri })
  // The one that was counted before the repair is none.
  scenario.send('ereport.x.a', 'chip0')
  expect(classes()).toEqual([])
  scenario.send('ereport.x.b', 'chip0')
  scenario.send('ereport.x.b', 'chip0')
  expect(classes()).toEqual(['fault.x.b', 'fault.x.c'])
})
