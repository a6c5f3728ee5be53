// One set of rules of the fuzz: compiled; when right, laid over a host and fed with ereports,
// twice: by one engine all along, and by one that is restarted before every input.

import { makeEna } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { type Fmri, fmriToNvlist } from '../../../src/fma/event/fmri.js'
import { type NvValue, nv, nvlist } from '../../../src/fma/event/nvlist.js'
import { type CompiledRules, compileRules } from '../../../src/fma/eversholt/compile.js'
import { instantiate } from '../../../src/fma/eversholt/instantiate.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { eversholtModule } from '../../../src/fma/eversholt/module.js'
import { printRules } from '../../../src/fma/eversholt/print.js'
import { ruleSet } from '../../../src/fma/eversholt/rule-set.js'
import { caseLines } from '../../../src/fma/explain/case-lines.js'
import { reasonLines } from '../../../src/fma/explain/reason-lines.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/fma/fmd/checkpoint.js'
import type { FmdInput } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord } from '../../../src/fma/fmd/log-format.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import type { Topology, TopoNode } from '../../../src/fma/topo/topology.js'
import type { Dice } from '../../d/source-maker.js'
import { randomRules } from './rule-maker.js'
import { randomTopology } from './topology-maker.js'

const SECOND = 1_000_000_000n
const START = 1_767_225_600n * SECOND
/** Less than usual, so that many are tried in a short time: what is bounded is bounded alike. */
const LIMITS = {
  arrows: 20_000,
  arrowsOfStatement: 10_000,
  steps: 400_000,
  stepsOfStatement: 100_000,
}
const MOST_STEPS = 20_000

const compileText = (text: string): CompiledRules =>
  compileRules({ name: 'fuzz.esc', text }, knownHeader)

/** Says what is wrong with how the rules of some dice went; undefined when nothing is. */
export function rulesMistake(dice: Dice): string | undefined {
  const text = randomRules(dice)
  const compiled = compileText(text)
  const wrong = unexplained(compiled)
  if (wrong !== undefined || !compiled.isRight) return wrong && `${wrong}\n${text}`
  const topology = randomTopology(dice)
  const { tooLarge } = instantiate(ruleSet([compiled]), topology, LIMITS)
  const inputs = randomInputs(compiled, topology, dice)
  const [whole, restarted] = [false, true].map((often) => lived(text, topology, inputs, often))
  const broken = whole?.wrong ?? restarted?.wrong
  if (broken !== undefined) return `${broken}\n${text}`
  // Which of several rules that make too much are left out depends on which was asked for first.
  if (whole?.told === restarted?.told || tooLarge.length > 0) return undefined
  const [here, there] = [whole?.told.split('\n') ?? [], restarted?.told.split('\n') ?? []]
  const at = here.findIndex((line, i) => line !== there[i])
  return `restarted, it says\n${there[at]}\ninstead of\n${here[at]}\n${text}`
}

/** What is missing in how mistakes are told: each has a code, words and a place. */
function unexplained({ diagnostics, rules, pragmas, isRight }: CompiledRules): string | undefined {
  printRules(rules, pragmas)
  for (const { code, message, span, source, line } of diagnostics) {
    if (!/^esc\.[a-z-]+$/.test(code)) return `no code: ${code}`
    if (message.trim() === '') return `no message: ${code}`
    if (!(line >= 0)) return `no line: ${message}`
    const { start = -1, end = -1 } = span ?? {}
    if (!(0 <= start && start <= end && end <= source.text.length)) return `no place: ${message}`
  }
  return !isRight && diagnostics.length === 0 ? 'refused without a mistake' : undefined
}

function randomInputs(compiled: CompiledRules, topology: Topology, dice: Dice): FmdInput[] {
  const nodes = [...topology.nodes()]
  const classes = ruleSet([compiled]).ereports
  const ends = new Map(classes.map((name) => [name, endOf(compiled, name)]))
  let timeNs = START
  return Array.from({ length: 3 + dice.below(20) }, (): FmdInput => {
    timeNs += dice.of([0n, 0n, 1n, SECOND, 6n * SECOND, 11n * SECOND, 80n * 3600n * SECOND])
    if (classes.length === 0 || dice.below(8) === 0) return { kind: 'time', timeNs }
    if (dice.below(12) === 0) return { kind: 'reset', timeNs, module: 'eft' }
    const name = dice.of(classes)
    const fit = nodes.filter((node) => node.name === ends.get(name))
    const node = dice.below(6) === 0 ? undefined : fit[dice.below(Math.min(fit.length, 3) + 1)]
    return { kind: 'ereport', timeNs, ereport: randomEreport({ name, node, nodes, dice, timeNs }) }
  })
}

/** The name of the part at which a class is declared. */
function endOf(compiled: CompiledRules, name: string): string | undefined {
  const key = [...ruleSet([compiled]).declarations.keys()].find((one) => one.startsWith(`${name}@`))
  return key?.split('/').at(-1)?.split('@').at(-1)
}

function randomEreport(of: {
  readonly name: string
  readonly node: TopoNode | undefined
  readonly nodes: readonly TopoNode[]
  readonly dice: Dice
  readonly timeNs: bigint
}): Ereport {
  const { name, node, nodes, dice, timeNs } = of
  const any = nodes[dice.below(nodes.length + 1)]
  const nowhere: readonly Fmri[] = [
    { scheme: 'hc', path: [{ name: 'nowhere', id: '7' }] },
    { scheme: 'cpu', cpuid: 1 },
    { scheme: 'fmd', name: 'eft' },
  ]
  const members: Readonly<Record<string, NvValue>> = {
    n: nv.uint64(dice.of([0n, 1n, 2n, 0xffff_ffff_ffff_ffffn])),
    text: nv.string(dice.of(['text', '', '0x10'])),
    ...(any === undefined ? {} : { resource: nv.lists([fmriToNvlist(any.resource)]) }),
  }
  const payload = dice.below(4) === 0 ? nvlist({}) : nvlist(members)
  return {
    class: name,
    ena: makeEna({ format: 1, generation: 0, id: 0, timeNs }),
    detector: node?.resource ?? any?.resource ?? dice.of(nowhere),
    timeNs: dice.below(10) === 0 ? undefined : timeNs,
    payload,
  }
}

/** A life of a host; what it logged and knows in the end, or what is wrong. */
function lived(
  text: string,
  topology: Topology,
  inputs: readonly FmdInput[],
  isRestarted: boolean,
): { readonly told: string; readonly wrong: string | undefined } {
  const options = { limits: LIMITS, mostSteps: MOST_STEPS, mostExercises: 30 }
  const fresh = (): FaultManager => {
    const modules = [eversholtModule(ruleSet([compileText(text)]), options)]
    return new FaultManager({ topology, modules, seed: 1 })
  }
  let manager = fresh()
  const lines: string[] = []
  for (const input of [...inputs, ends(inputs)]) {
    if (isRestarted) {
      const state = decodeCheckpoint(encodeCheckpoint(manager.save()))
      if (state === undefined) return { told: '', wrong: 'a checkpoint that is not whole' }
      manager = fresh()
      manager.restore(state)
    }
    for (const action of manager.take(input)) {
      if (action.kind !== 'log') continue
      encodeLogRecord(action.record)
      const { log, number, timeNs, event } = action.record
      lines.push(`${log} ${number} ${timeNs} ${JSON.stringify([...event], plain)}`)
    }
  }
  const failed = lines.find((line) => line.includes('"ereport.fm.fmd.module"'))
  lines.push(...manager.cases().map(shown))
  return { told: lines.join('\n'), wrong: failed && `a module failed: ${failed}` }
}

/** Long after the last input. */
const ends = (inputs: readonly FmdInput[]): FmdInput => {
  return { kind: 'time', timeNs: (inputs.at(-1)?.timeNs ?? START) + 100n * 3600n * SECOND }
}

function shown(one: ReturnType<FaultManager['cases']>[number]): string {
  const reason = one.state === 'unsolved' ? undefined : one.reason
  return `${caseLines(one)}\n${reason === undefined ? '' : reasonLines(reason).join('\n')}`
}

const plain = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value instanceof Map ? [...value] : value
