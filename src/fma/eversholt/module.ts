// Module eft: the engine as a module of fmd.
//
//   eversholtModule(ruleSet(files))  ->  takes ereports of the rules, and repairs
import type { FmdModule } from '../fmd/module.js'
import { Engine, type EngineSettings } from './engine.js'
import { type GraphLimits, USUAL_LIMITS } from './instance-graph.js'
import type { RuleSet } from './rule-set.js'
import { restoreCounts, restoreExercises, type SavedEngine, saveEngine } from './saved-engine.js'

/** What may be set. */
export interface EftOptions {
  /** How long an ereport may take that no rule says the time of; 10 s when absent. */
  readonly hesitateNs?: bigint
  /** N and T of SERD engines by their class, instead of those of the rules. */
  readonly serdOverrides?: EngineSettings['serdOverrides']
  /** Problems considered at once; any number when absent. */
  readonly mostExercises?: number
  /** Functions that rules may `call`. */
  readonly calls?: EngineSettings['calls']
  /** Steps of thought about one ereport, after which it is given up. */
  readonly mostSteps?: number
  /** How much may be made of rules; `USUAL_LIMITS` when absent. */
  readonly limits?: GraphLimits
}

const STATISTICS = {
  exercises: 'problems that were considered',
  diagnoses: 'suspect lists that were published',
  undiagnosable: 'cases that no rule explains',
}

/** The module. */
export function eversholtModule(rules: RuleSet, options: EftOptions = {}): FmdModule {
  const engine = new Engine(rules, {
    hesitateNs: Number(options.hesitateNs ?? 10_000_000_000n),
    serdOverrides: options.serdOverrides ?? new Map(),
    mostExercises: options.mostExercises ?? 0,
    calls: options.calls ?? new Map(),
    mostSteps: options.mostSteps ?? 1_000_000,
    deepest: 1000,
    limits: options.limits ?? USUAL_LIMITS,
  })
  let waiting: SavedEngine['exercises'] = []
  const ready = (fmd: Parameters<FmdModule['receive']>[0]): void => {
    if (waiting.length === 0) return
    const texts = waiting
    waiting = []
    restoreExercises(engine, fmd, texts)
  }
  return {
    name: 'eft',
    version: '1.16',
    description: 'eft diagnosis engine',
    subscriptions: [...rules.ereports, 'list.repaired'],
    statistics: STATISTICS,
    receive(fmd, event) {
      ready(fmd)
      if (event.kind === 'ereport') engine.receive(fmd, event.ereport)
      else if (event.list.change === 'repaired') engine.repaired(fmd, event.list)
    },
    timeout(fmd, _id, uuid) {
      ready(fmd)
      engine.wake(fmd, uuid)
    },
    caseClosed(fmd, uuid) {
      ready(fmd)
      engine.drop(fmd, uuid)
    },
    save: () => ({ ...saveEngine(engine), waiting }),
    restore(saved) {
      const { waiting: before = [], ...data } = saved as SavedEngine & {
        readonly waiting?: SavedEngine['exercises']
      }
      restoreCounts(engine, data)
      waiting = [...data.exercises, ...before]
    },
  }
}
