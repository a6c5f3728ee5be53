// A context for an agent alone, which notes what it asks for and lets a test answer.

import { createSimulator } from '../../src/backend/sim/sim-machine.js'
import type { Fault } from '../../src/fma/event/fault.js'
import { faultStatus } from '../../src/fma/event/fault-status.js'
import { parseFmri, printFmri } from '../../src/fma/event/fmri.js'
import type { SuspectList } from '../../src/fma/event/suspect-list.js'
import type { FmdContext, FmdModule, MachineOutcome } from '../../src/fma/fmd/module.js'
import { hostTopology } from '../../src/fma/topo/host-topology.js'

const METAL = hostTopology(createSimulator({ era: 'metal' }).access)
export const UUID = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

/** One agent with somebody who answers it. */
export class Alone {
  /** What it did, a line each. */
  readonly did: string[] = []
  readonly #agent: FmdModule
  #next: number
  #lastTimer = 0

  /** `next` is the number of its next request. */
  constructor(agent: FmdModule, next = 1) {
    this.#agent = agent
    this.#next = next
  }

  diagnosed(...faults: readonly Omit<Fault, 'certainty'>[]): void {
    this.#list('suspect', faults, faultStatus('faulty'))
  }

  repaired(...faults: readonly Omit<Fault, 'certainty'>[]): void {
    this.#list('repaired', faults, faultStatus('repaired'))
  }

  /** Tells it what became of the last thing that it asked for. */
  answer(outcome: MachineOutcome): void {
    this.#agent.acted?.(this.#context, this.#next - 1, outcome)
  }

  /** Its last timer comes. */
  wake(): void {
    this.#agent.timeout?.(this.#context, this.#lastTimer, '')
  }

  #list(
    change: SuspectList['change'],
    faults: readonly Omit<Fault, 'certainty'>[],
    status: number,
  ) {
    const suspects = faults.map((fault) => ({
      fault: { ...fault, certainty: 100 },
      status: status as SuspectList['suspects'][number]['status'],
    }))
    const engine = parseFmri('fmd:///module/eft')
    const facts = { uuid: UUID, code: 'GMCA-8000-LF', diagTimeNs: 0n, engine, suspects }
    const list: SuspectList = { change, ...facts, message: true, injected: false }
    this.#agent.receive(this.#context, { kind: 'list', list })
  }

  get #context(): FmdContext {
    const note = (text: string): void => void this.did.push(text)
    const none = (): never => {
      throw new Error('an agent diagnoses nothing')
    }
    return {
      nowNs: 0n,
      topology: METAL,
      openCase: none,
      addEreport: none,
      addFired: none,
      solveCase: none,
      closeCase: none,
      openCases: none,
      recordSerd: none,
      serd: none,
      serdNames: none,
      resetSerd: none,
      hasFault: none,
      setTimer: (ns) => {
        note(`wait ${ns / 1_000_000_000n} s`)
        this.#lastTimer += 1
        return this.#lastTimer
      },
      cancelTimer: () => note('wait no more'),
      count: (statistic) => note(`count ${statistic}`),
      request: (what) => {
        const { kind, ...of } = what
        note(
          `${kind} ${Object.values(of)
            .map((value) => value.toString(16))
            .join()}`,
        )
        return this.#next++
      },
      setUnusable: (asru, unusable) =>
        note(`${printFmri(asru)} ${unusable ? 'unusable' : 'usable'}`),
      isolateCase: () => note('isolate'),
      resolveCase: () => note('resolve'),
    }
  }
}
