// A fault manager with rules of this folder over a small host, fed with ereports.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeEna } from '../../../src/fma/event/ena.js'
import type { Ereport } from '../../../src/fma/event/ereport.js'
import type { HcPair } from '../../../src/fma/event/fmri-hc.js'
import { type NvValue, nvlist, stringMember } from '../../../src/fma/event/nvlist.js'
import { compileRules } from '../../../src/fma/eversholt/compile.js'
import { knownHeader } from '../../../src/fma/eversholt/known-headers.js'
import { type EftOptions, eversholtModule } from '../../../src/fma/eversholt/module.js'
import { type RuleSet, ruleSet } from '../../../src/fma/eversholt/rule-set.js'
import type { Case } from '../../../src/fma/fmd/case.js'
import { parseData, printData } from '../../../src/fma/fmd/data-text.js'
import type { RepairTarget } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import type { FmdState } from '../../../src/fma/fmd/state.js'
import {
  privateGroup,
  Topology,
  type TopoPart,
  type TopoProperty,
} from '../../../src/fma/topo/topology.js'

/** Rules of some texts. */
export function rulesOf(...texts: readonly string[]): RuleSet {
  return ruleSet(texts.map((text, i) => compileRules({ name: `rules${i}.esc`, text }, knownHeader)))
}

/** Rules of one file of this folder. */
export function rulesIn(file: string): RuleSet {
  return rulesOf(readFileSync(join(import.meta.dirname, file), 'utf8'))
}

/** A part, from its name with number: `core1`. */
export function part(name: string, ...children: readonly TopoPart[]): TopoPart {
  const [, word = '', id = '0'] = /^(.*?)(\d+)$/.exec(name) ?? []
  return { name: word, id: Number(id), children }
}

/** A function of PCI Express of a type: `pciexdev` is a leaf. */
export function function_(type: string, ...children: readonly TopoPart[]): TopoPart {
  const capabilities: TopoProperty = { name: 'extended-capabilities', type: 'string', value: type }
  return { ...part('pciexfn0', ...children), groups: [privateGroup('pci', [capabilities])] }
}

/** A host of one board. */
export function board(...parts: readonly TopoPart[]): Topology {
  return new Topology([part('motherboard0', ...parts)])
}

/** Two chips of two cores with two strands each. */
export const SMALL = board(
  ...[0, 1].map((chip) =>
    part(
      `chip${chip}`,
      ...[0, 1].map((core) => part(`core${core}`, part('strand0'), part('strand1'))),
    ),
  ),
)

const SECOND = 1_000_000_000n
/** 2026-01-01, when nothing had happened yet. */
const START = 1_767_225_600n * SECOND

/** Feeds a fault manager, and tells what became of its cases. */
export class Scenario {
  manager: FaultManager
  readonly #topology: Topology
  readonly #options: EftOptions
  readonly #told = new Set<string>()
  #nowNs = START

  constructor(rules: RuleSet, topology: Topology = SMALL, options: EftOptions = {}) {
    this.#topology = topology
    this.#options = options
    this.manager = this.#made(rules)
  }

  #made(rules: RuleSet): FaultManager {
    const modules = [eversholtModule(rules, this.#options)]
    return new FaultManager({ topology: this.#topology, modules, seed: 1 })
  }

  /** Goes on in another fault manager that knows what this one saved. */
  restart(rules: RuleSet, saved: unknown = parseData(printData(this.manager.save()))): void {
    this.manager = this.#made(rules)
    this.manager.restore(saved as FmdState)
  }

  /** One ereport at a path such as `chip0/core1/strand0` below motherboard0. */
  send(name: string, path: string, payload: Readonly<Record<string, NvValue>> = {}): void {
    const timeNs = this.#nowNs
    this.manager.take({ kind: 'ereport', timeNs, ereport: ereport(name, path, payload, timeNs) })
  }

  /** Lets time pass, in seconds, with all that was waited for. */
  pass(seconds: number): void {
    this.#nowNs += BigInt(Math.round(seconds * 1e9))
    this.manager.take({ kind: 'time', timeNs: this.#nowNs })
  }

  /** People say that something is repaired. */
  repair(what: RepairTarget): void {
    this.manager.take({ kind: 'repaired', timeNs: this.#nowNs, what })
  }

  /** Cases that were solved since it was last asked. */
  solved(): readonly Case[] {
    const fresh = this.manager
      .cases()
      .filter(({ state, uuid }) => state !== 'unsolved' && !this.#told.has(uuid))
    for (const { uuid } of fresh) this.#told.add(uuid)
    return fresh
  }

  /** Their suspects: `100 % fault.x@motherboard0/chip0`. */
  suspects(): readonly (readonly string[])[] {
    return this.solved().map((one) => suspectsOf(one))
  }
}

/** `100 % fault.x@motherboard0/chip0`, for each suspect. */
export function suspectsOf(one: Case): readonly string[] {
  if (one.state === 'unsolved') return []
  return one.suspects.map(({ fault }) => {
    const { resource } = fault
    const at =
      resource?.scheme === 'hc' ? resource.path.map(({ name, id }) => name + id).join('/') : '?'
    const why = fault.payload && stringMember(fault.payload, 'reason')
    return `${fault.certainty} % ${fault.class}@${at}${why === undefined ? '' : `: ${why}`}`
  })
}

/** The pairs of a path below motherboard0. */
export function pairsOf(path: string): readonly HcPair[] {
  return ['motherboard0', ...path.split('/')].map((step) => {
    const [, name = '', id = ''] = /^(.*?)(\d+)$/.exec(step) ?? []
    return { name, id }
  })
}

function ereport(
  name: string,
  path: string,
  payload: Readonly<Record<string, NvValue>>,
  timeNs: bigint,
): Ereport {
  const detector = { scheme: 'hc', path: pairsOf(path) } as const
  return {
    class: name,
    ena: makeEna({ format: 1, generation: 0, id: 0, timeNs }),
    detector,
    timeNs,
    payload: nvlist(payload),
  }
}
