// Judged by what one like it came to, an exercise comes to what thinking it through says, and is
// left as that leaves it: random rules, random ereports, a world that changes between them.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeEna } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import { fmriToNvlist } from '../../../src/fma/event/fmri.js'
import { nv } from '../../../src/fma/event/nvlist.js'
import type { World } from '../../../src/fma/eversholt/code.js'
import { type Exercise, newExercise, observed } from '../../../src/fma/eversholt/exercise.js'
import {
  hypothesise,
  type Judgement,
  TooManySteps,
} from '../../../src/fma/eversholt/hypothesise.js'
import { InstanceGraph } from '../../../src/fma/eversholt/instance-graph.js'
import { type InstanceTree, instanceTree } from '../../../src/fma/eversholt/instance-tree.js'
import { judge, observe } from '../../../src/fma/eversholt/judge.js'
import { Room } from '../../../src/fma/eversholt/recollection.js'
import { board, pairsOf, part, rulesOf } from './scenario.js'

const HOST = board(part('chip0', part('core0'), part('core1')), part('chip1', part('core0')))
const SETTINGS = { hesitateNs: 10e9, mostSteps: 2000, deepest: 1000 }

const LEAVES = [
  'payloadprop("bank") == 1',
  'payloadprop("bank") > 1',
  '(payloadprop("bank") & 2) != payloadprop("more")',
  'payloadprop_defined("more")',
  'payloadprop_contains("resource", asru(chip/core))',
  'payloadprop_contains("name", "a")',
  'payloadprop("name") == "a"',
  'payloadprop("more")',
  'cat("a", payloadprop("name")) == "aa"',
  'count(stat.x.s@chip/core) > 0',
  'count(stat.x.s@chip/core) == payloadprop("bank")',
  '(payloadprop_defined("more") ? count(stat.x.s@chip/core) : 1) == 1',
  'has_fault(chip/core, "fault.x.a")',
  'setserdn(payloadprop("bank"))',
  'setserdsuffix(payloadprop("name"))',
  'setpayloadprop("told", payloadprop("more"))',
  'setserdincrement(count(stat.x.s@chip/core))',
  'confprop(chip/core, "a") == ""',
]
/** Rarely: rules with globals are thought through each time. */
const GLOBALS = ['$g == payloadprop("bank")', 'defined($g)']

const leaf = fc.oneof(
  { arbitrary: fc.constantFrom(...LEAVES), weight: 40 },
  { arbitrary: fc.constantFrom(...GLOBALS), weight: 1 },
)
const condition = fc.letrec<{ of: string }>((tie) => ({
  of: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc
      .tuple(tie('of'), fc.constantFrom('&&', '||'), tie('of'))
      .map(([a, o, b]) => `(${a} ${o} ${b})`),
    tie('of').map((a) => `!(${a})`),
    fc.tuple(tie('of'), tie('of'), tie('of')).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
  ),
})).of

const COUNTS = ['', '(0)', '(1)', '(2)', '(A)']
const CAUSES = ['fault.x.a', 'fault.x.b', 'upset.x.u', 'error.x.e', 'error.x.f']
const EFFECTS = ['error.x.e', 'error.x.f', 'ereport.x.p', 'ereport.x.q', 'ereport.x.r']

const statement = fc
  .record({
    cause: fc.constantFrom(...CAUSES),
    effect: fc.constantFrom(...EFFECTS),
    n: fc.constantFrom(...COUNTS),
    k: fc.constantFrom('', '', ...COUNTS),
    isWide: fc.boolean(),
    at: fc.option(condition, { nil: undefined }),
  })
  .map(({ cause, effect, n, k, isWide, at }) => {
    const holds = at === undefined ? '' : ` { ${at} }`
    const to = isWide ? 'chip<>/core<>' : 'chip/core'
    return `prop ${cause}@chip/core${holds} ${n}->${k} ${effect}@${to};`
  })

const DECLARED = `#pragma allow_cycles 1
${['p', 'q', 'r'].map((name) => `event ereport.x.${name}@chip/core { within(3s) };`).join('\n')}
engine stat.x.s@chip/core;
${[...CAUSES].map((name) => `event ${name}@chip/core;`).join('\n')}`

const CORES = ['chip0/core0', 'chip0/core1', 'chip1/core0']

const step = fc.record({
  /** Of which exercise; a large number begins another. */
  of: fc.nat(30),
  wait: fc.constantFrom(0, 0, 0, 2e9, 3e9),
  name: fc.constantFrom('p', 'q', 'r'),
  at: fc.constantFrom(...CORES),
  bank: fc.option(fc.nat(2), { nil: undefined }),
  more: fc.option(fc.nat(1), { nil: undefined }),
  text: fc.constantFrom('a', 'b', undefined),
  resource: fc.option(fc.constantFrom(...CORES), { nil: undefined }),
  counted: fc.nat(1),
  isFaulty: fc.boolean(),
  /** Made by an engine: it says nothing. */
  isTrip: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function ereportOf({ name, at, bank, more, text, resource }: Step): Ereport {
  const fmri = (path: string) => ({ scheme: 'hc', path: pairsOf(path) }) as const
  const payload = new Map([
    ...(bank === undefined ? [] : [['bank', nv.uint64(BigInt(bank))] as const]),
    ...(more === undefined ? [] : [['more', nv.uint8(more)] as const]),
    ...(text === undefined ? [] : [['name', nv.string(text)] as const]),
    ...(resource === undefined
      ? []
      : [['resource', nv.lists([fmriToNvlist(fmri(resource))])] as const]),
  ])
  const ena = makeEna({ format: 1, generation: 0, id: 0, timeNs: 0n })
  return { class: `ereport.x.${name}`, ena, detector: fmri(at), timeNs: 0n, payload }
}

/** Undefined where rules have it think without end. */
function given(work: () => Judgement): Judgement | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof TooManySteps) return undefined
    throw error
  }
}

const exerciseOf = (tree: InstanceTree, first: Ereport): Exercise =>
  newExercise({ id: 0, uuid: '', tree, startNs: 0n, first, isOverflow: false })

/** What can be told of an exercise and a judgement. */
const told = (
  { arrows, notes, globals, observations }: Exercise,
  judgement: Judgement | undefined,
) => ({
  judgement,
  arrows: arrows && [...arrows],
  notes: notes && [...notes],
  globals: globals && [...globals],
  seen: observations.map(({ event, count }) => [event, count]),
})

/** One exercise, judged by what others came to, and its twin, thought through. */
class Twins {
  readonly #fast: Exercise
  readonly #plain: Exercise

  constructor(tree: InstanceTree, first: Ereport) {
    this.#fast = exerciseOf(tree, first)
    this.#plain = exerciseOf(tree, first)
  }

  /** Sees one thing more, as an engine does: what it cannot explain is as if it was not seen. */
  see(
    event: number,
    ereport: Ereport | undefined,
    waitNs: number,
    world: World,
  ): Judgement | undefined {
    const { observations, situation, arrows, stand } = this.#fast
    const before = { observations, situation, arrows, stand }
    const { observations: seen, arrows: known } = this.#plain
    const plainBefore = { observations: seen, arrows: known?.slice() }
    this.#fast.waitedNs += waitNs
    this.#plain.waitedNs += waitNs
    observe(this.#fast, event, ereport)
    this.#plain.observations = observed(this.#plain.observations, event, ereport)
    const fast = given(() => judge(this.#fast, world, SETTINGS))
    const plain = given(() => hypothesise(this.#plain, world, SETTINGS))
    expect(told(this.#fast, fast)).toEqual(told(this.#plain, plain))
    if (plain?.outcome === 'disproved' && seen.length > 0) {
      Object.assign(this.#fast, before)
      Object.assign(this.#plain, plainBefore)
    }
    return fast
  }
}

/** How often one was judged by another. */
function compare(texts: readonly string[], steps: readonly Step[], room: Room): number {
  const graph = new InstanceGraph(rulesOf([DECLARED, ...texts].join('\n')), HOST)
  const trees = new Map<string, InstanceTree | undefined>()
  const twins: { readonly tree: InstanceTree; readonly twins: Twins }[] = []
  const before = new Set<Judgement>()
  let again = 0
  for (const one of steps) {
    const key = `ereport.x.${one.name}@motherboard0/${one.at}`
    const root = graph.event(`ereport.x.${one.name}`, `motherboard0/${one.at}`)
    if (!trees.has(key)) trees.set(key, root && instanceTree(root, room))
    const ereport = ereportOf(one)
    const tree = trees.get(key)
    if (twins[one.of] === undefined && tree !== undefined)
      twins.push({ tree, twins: new Twins(tree, ereport) })
    const of = twins[one.of] ?? twins.at(-1)
    const event = of?.tree.indices.get(key)
    if (of === undefined || event === undefined) continue
    const world: World = {
      hasFault: () => one.isFaulty,
      counted: () => one.counted,
      call: () => undefined,
    }
    const judgement = of.twins.see(event, one.isTrip ? undefined : ereport, one.wait, world)
    if (judgement === undefined) continue
    if (before.has(judgement)) again += 1
    before.add(judgement)
  }
  return again
}

it.each([
  { name: 'with room', most: 1_000_000, isRemembered: true },
  { name: 'that forget often', most: 3000, isRemembered: false },
])('random rules and ereports $name', ({ most, isRemembered }) => {
  let again = 0
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 8 }),
      fc.array(step, { minLength: 20, maxLength: 100 }),
      (texts, steps) => {
        again += compare(texts, steps, new Room(most))
      },
    ),
    { numRuns: 150 },
  )
  if (isRemembered) expect(again).toBeGreaterThan(200)
})
