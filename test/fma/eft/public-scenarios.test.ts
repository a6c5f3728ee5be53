// The 29 current .esc files of illumos, where XPV_ESC names a folder that holds them: all of them
// find parts, and what is written against them is diagnosed as their comments say. They are not
// ours to keep here.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fmriToNvlist } from '../../../src/fma/event/fmri.js'
import { nv } from '../../../src/fma/event/nvlist.js'
import { compileRules } from '../../../src/fma/eversholt/compile.js'
import { instantiate } from '../../../src/fma/eversholt/instantiate.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { type RuleSet, ruleSet } from '../../../src/fma/eversholt/rule-set.js'
import { Topology, type TopoPart } from '../../../src/fma/topo/topology.js'
import { board, function_, pairsOf, part, Scenario, suspectsOf } from './scenario.js'

const FOLDER = process.env['XPV_ESC']

/** A host that has every path that some rules name: number 0 of each part, or the one they say. */
function everyPath(rules: RuleSet): Topology {
  interface Node {
    readonly below: Map<string, Node>
  }
  const root: Node = { below: new Map() }
  for (const { steps } of rules.statements.flatMap(({ classes }) => classes)) {
    let here = root
    for (const { name, instance } of steps) {
      const step = `${name}${instance?.kind === 'number' ? instance.value : 0}`
      const next = here.below.get(step) ?? { below: new Map() }
      here.below.set(step, next)
      here = next
    }
  }
  const partsOf = ({ below }: Node): TopoPart[] =>
    [...below].map(([name, node]) => part(name, ...partsOf(node)))
  return new Topology(partsOf(root))
}

const STRAND = 'chip0/core1/strand0'
const CHIP_SELECT = 'chip0/memory-controller0/dram-channel0/chip-select2'
const ON = `@motherboard0/${CHIP_SELECT}`

/** A processor with memory, and a root complex with one function below it. */
const HOST = board(
  part(
    'chip0',
    ...[0, 1].map((core) => part(`core${core}`, part('strand0'))),
    part(
      'memory-controller0',
      part('dram-channel0', ...[0, 1, 2].map((cs) => part(`chip-select${cs}`))),
    ),
  ),
  part(
    'hostbridge0',
    part('pciexrc0', part('pciexbus3', part('pciexdev0', function_('pciexdev')))),
  ),
)
const ROOT = 'hostbridge0/pciexrc0'
const LEAF = `${ROOT}/pciexbus3/pciexdev0/pciexfn0`

/** What the memory controller says of a corrected error. */
const memory = (physaddr: bigint) => {
  const resource = { scheme: 'hc', path: pairsOf(CHIP_SELECT) } as const
  return { resource: nv.lists([fmriToNvlist(resource)]), IA32_MCi_ADDR: nv.uint64(physaddr) }
}

describe.skipIf(FOLDER === undefined)('illumos-gate usr/src/cmd/fm/eversholt/files', () => {
  const folder = FOLDER ?? '.'
  const files =
    FOLDER === undefined
      ? []
      : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.esc'))
  const load = (path: string): RuleSet => {
    const text = readFileSync(join(folder, path), 'utf8')
    return ruleSet([compileRules({ name: path, text }, knownHeader)])
  }
  const named = (name: string): RuleSet =>
    load(files.find((file) => file.endsWith(name)) ?? `${name} is not there`)

  it('each statement that asks nothing of the host makes arrows on one that has all parts', () => {
    expect(files.length).toBe(29)
    const without = files.flatMap((file) => {
      const rules = load(file)
      const { statements, tooLarge } = instantiate(rules, everyPath(rules))
      expect(tooLarge).toEqual([])
      return [...statements].flatMap(([statement, arrows]) => {
        const constraints = statement.classes.flatMap((of) => of.constraints)
        const { text } = statement.source.at.source
        const { start, end } = statement.source.at.span
        return arrows > 0 || constraints.length > 0
          ? []
          : [`${basename(file)}: ${text.slice(start, end)}`]
      })
    })
    expect(without).toEqual([])
  })

  it('gcpu: three errors of the L1 data cache are silent, the fourth in 72 h is a fault', () => {
    const scenario = new Scenario(named('i86pc/gcpu.esc'), HOST)
    for (let i = 0; i < 3; i++) {
      scenario.send('ereport.cpu.generic-x86.l1dcache', STRAND)
      scenario.pass(10)
    }
    expect(scenario.manager.cases()).toEqual([])
    scenario.send('ereport.cpu.generic-x86.l1dcache', STRAND)
    scenario.pass(10)
    const fault = `100 % fault.cpu.generic-x86.l1dcache@motherboard0/${STRAND}`
    const [solved] = scenario.solved()
    expect(solved && suspectsOf(solved)).toEqual([fault])
    expect(solved).toMatchObject({ code: 'GMCA-8000-LF', severity: 'Major' })
  })

  it('gcpu: an uncorrected one is a fault at once; what nobody knows is never one', () => {
    const scenario = new Scenario(named('i86pc/gcpu.esc'), HOST)
    scenario.send('ereport.cpu.generic-x86.l1dcache_uc', STRAND)
    scenario.pass(10)
    expect(scenario.suspects()).toEqual([
      [`100 % fault.cpu.generic-x86.l1dcache@motherboard0/${STRAND}`],
    ])
    for (let i = 0; i < 20; i++) scenario.send('ereport.cpu.generic-x86.external', STRAND)
    scenario.pass(100)
    expect(scenario.suspects()).toEqual([])
  })

  it('gcpu_amd: every fourth error is a page, with the 65th page the DIMM', () => {
    const scenario = new Scenario(named('gcpu_amd.esc'), HOST)
    const pages: number[] = []
    const dimms: number[] = []
    for (let i = 1; i <= 264; i++) {
      const physaddr = BigInt(Math.floor((i - 1) / 4)) * 0x1000n
      scenario.send('ereport.cpu.generic-x86.mem_ce', STRAND, memory(physaddr))
      scenario.pass(10)
      for (const solved of scenario.solved()) {
        const [only] = suspectsOf(solved)
        if (only === `100 % fault.memory.generic-x86.page_ce${ON}`) pages.push(i)
        if (only === `100 % fault.memory.generic-x86.dimm_ce${ON}`) dimms.push(i)
      }
    }
    expect(pages).toEqual(Array.from({ length: 66 }, (_, i) => 4 * (i + 1)))
    // It is faulty by then: that it is found so again is no news.
    expect(dimms).toEqual([260])
  })

  it('gcpu_amd: the page of the address that tripped it, quiet; uncorrected: page and DIMM', () => {
    const scenario = new Scenario(named('gcpu_amd.esc'), HOST)
    for (let i = 0; i < 4; i++) {
      scenario.send('ereport.cpu.generic-x86.mem_ce', STRAND, memory(0x12345000n))
      scenario.pass(10)
    }
    const [page] = scenario.solved()
    expect(page).toMatchObject({ message: false, code: 'GMCA-8000-WT' })
    const fault = page?.state === 'solved' ? page.suspects[0]?.fault : undefined
    expect(fault).toMatchObject({
      resource: { asruPhysaddr: 0x12345000n },
      message: false,
      response: false,
    })
    scenario.send('ereport.cpu.generic-x86.mem_ue', STRAND, memory(0x54321000n))
    scenario.pass(10)
    expect(scenario.suspects()).toEqual([
      [`100 % fault.memory.generic-x86.dimm_ue${ON}`],
      [`100 % fault.memory.generic-x86.page_ue${ON}`],
    ])
  })

  it('pciex: the seventh bad TLP in two hours is the link or an end of it', () => {
    const scenario = new Scenario(named('pciex.esc'), HOST)
    for (let i = 1; i <= 7; i++) {
      expect(scenario.suspects()).toEqual([])
      scenario.send('ereport.io.pciex.dl.btlp', LEAF)
      scenario.pass(60)
    }
    expect(scenario.suspects()).toEqual([
      [
        `25 % fault.io.pciex.bus-linkerr-corr@motherboard0/${LEAF}`,
        `25 % fault.io.pciex.device-interr-corr@motherboard0/${ROOT}`,
        `50 % fault.io.pciex.device-interr-corr@motherboard0/${LEAF}`,
      ],
    ])
  })

  it('pciex: firmware that a driver finds broken is a fault, and the device stays', () => {
    const scenario = new Scenario(named('pciex.esc'), HOST)
    scenario.send('ereport.io.device.fw_corrupt', LEAF)
    scenario.pass(60)
    const [solved] = scenario.solved()
    expect(solved && suspectsOf(solved)).toEqual([
      `100 % fault.io.pciex.fw_corrupt@motherboard0/${LEAF}`,
    ])
    const fault = solved?.state === 'solved' ? solved.suspects[0]?.fault : undefined
    expect(fault?.retire).toBe(false)
  })

  it('psycho: four corrected errors of a host bridge in a day trip an ereport of their own', () => {
    const scenario = new Scenario(named('psycho.esc'), HOST)
    for (let i = 0; i < 3; i++) {
      scenario.send('ereport.io.psy.ecc.pce', 'hostbridge0')
      scenario.pass(60)
    }
    expect(scenario.suspects()).toEqual([])
    scenario.send('ereport.io.psy.ecc.pce', 'hostbridge0')
    scenario.pass(60)
    expect(
      scenario.suspects().map((list) => list.map((one) => one.replace(/^\d+ % /, ''))),
    ).toEqual([
      ['fault.io.hbus@motherboard0/hostbridge0', 'fault.io.psycho@motherboard0/hostbridge0'],
    ])
  })
})
