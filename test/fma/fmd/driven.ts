// A host's life as a list of steps, for laws: what comes, and a machine that answers, both the same
// whenever they are asked.
import fc from 'fast-check'
import { XpvError } from '../../../src/base/error.js'
import type { FmdAction, FmdInput, LogRecord } from '../../../src/fma/fmd/input.js'
import type { FaultManager } from '../../../src/fma/fmd/manager.js'
import type { MachineOutcome, MachineRequest } from '../../../src/fma/fmd/module.js'
import { ereportOf, SECOND, strand } from './one-host.js'

/** One thing that happens. */
export interface Step {
  readonly afterS: number
  readonly what:
    | { readonly kind: 'ereport'; leaf: string; core: number; lateS: number; injected: boolean }
    | { readonly kind: 'time' }
    | { readonly kind: 'repaired' | 'replaced' | 'acquitted'; by: 'core' | 'case'; n: number }
    | { readonly kind: 'label'; n: number }
    | { readonly kind: 'reset'; module: string; serd: boolean }
    | { readonly kind: 'flush'; n: number }
}

const LEAVES = ['l1dcache', 'l1dcache', 'l2cache', 'bus_a', 'bus_quiet', 'bus_nothing', 'alien']
const core = fc.nat(3)

const what: fc.Arbitrary<Step['what']> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('ereport' as const),
      leaf: fc.constantFrom(...LEAVES),
      core,
      lateS: fc.constantFrom(0, 0, 0, 5),
      injected: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'time' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('repaired' as const, 'replaced' as const, 'acquitted' as const),
      by: fc.constantFrom('core' as const, 'case' as const),
      n: core,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('label' as const), n: core }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reset' as const),
      module: fc.constantFrom('counting', 'pondering', 'retiring'),
      serd: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const), n: core }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      ...{ kind: 'ereport' as const, leaf: 'fatal', core: 0, lateS: 0, injected: false },
    }),
  },
)

/** Lives of a host. */
export const lives = fc.array(
  fc.record({ afterS: fc.constantFrom(0, 1, 1, 5, 12, 3600, 40 * 86_400), what }),
  { maxLength: 40 },
)

/** Has a step happen: what is due first, then its input, which comes back; undefined for none. */
export function happen(
  fmd: FaultManager,
  { step, timeNs }: { readonly step: Step; readonly timeNs: bigint },
  log: (record: LogRecord) => void,
): FmdInput | undefined {
  take(fmd, { kind: 'time', timeNs }, log)
  const input = inputOf(step, fmd, timeNs)
  if (input !== undefined) take(fmd, input, log)
  return input
}

/** The input that a step is, at a time; undefined where it would be about a case that is not. */
function inputOf(step: Step, fmd: FaultManager, timeNs: bigint): FmdInput | undefined {
  const { what } = step
  switch (what.kind) {
    case 'ereport': {
      const at = timeNs - BigInt(what.lateS) * SECOND
      const more = { timeNs: at, injected: what.injected ? true : undefined }
      return { kind: 'ereport', timeNs, ereport: ereportOf(what.leaf, what.core, more) }
    }
    case 'time':
      return { kind: 'time', timeNs }
    case 'label':
      return { kind: 'repaired', timeNs, what: { kind: 'label', label: `CPU ${what.n}` } }
    case 'flush':
      return { kind: 'flush', timeNs, resource: strand(what.n) }
    case 'reset': {
      const serd = what.serd ? fmd.serdEngines(what.module)[0]?.name : undefined
      return { kind: 'reset', timeNs, module: what.module, ...(serd === undefined ? {} : { serd }) }
    }
    default: {
      const uuid = fmd.cases()[what.n]?.uuid
      if (what.by === 'core') {
        const fmri = strand(what.n)
        return { kind: what.kind, timeNs, what: { kind: 'resource', fmri } }
      }
      if (uuid === undefined) return undefined
      return { kind: what.kind, timeNs, what: { kind: 'case', uuid } }
    }
  }
}

/** What the machine says: it takes all offline but strand 2. */
export function answer(asked: MachineRequest): MachineOutcome {
  const isRefused = asked.kind === 'offline-pcpu' && asked.pcpu === 2
  return isRefused ? { kind: 'refused', error: 'EBUSY', why: 'it is bound' } : { kind: 'done' }
}

/** A driver: takes what is due and then an input, hands over each record, and has done what was
 *  asked for, in turn. */
export function take(fmd: FaultManager, input: FmdInput, log: (record: LogRecord) => void): void {
  const { timeNs } = input
  try {
    follow(fmd, { actions: fmd.take({ kind: 'time', timeNs }), timeNs, log })
    follow(fmd, { actions: fmd.take(input), timeNs, log })
  } catch (error) {
    if (!(error instanceof XpvError)) throw error
  }
}

/** Logs and does what was asked for, and what that leads to. */
export function follow(
  fmd: FaultManager,
  of: {
    readonly actions: readonly FmdAction[]
    readonly timeNs: bigint
    readonly log: (record: LogRecord) => void
  },
): void {
  const { timeNs, log } = of
  const waiting = [...of.actions]
  for (let action = waiting.shift(); action !== undefined; action = waiting.shift()) {
    if (action.kind === 'log') {
      log(action.record)
      continue
    }
    const { request, what } = action
    const more = fmd.take({ kind: 'acted', timeNs, request, outcome: answer(what) })
    for (const one of more) if (one.kind === 'log') log(one.record)
    waiting.push(...more.filter(({ kind }) => kind === 'act'))
  }
}
