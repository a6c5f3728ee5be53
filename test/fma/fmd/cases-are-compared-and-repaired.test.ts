// What becomes of diagnoses that say the same, of what people say, and of modules that fail.
import { expect, it } from 'vitest'
import type { Fault } from '../../../src/fma/event/fault.js'
import { faultStatusWords } from '../../../src/fma/event/fault-status.js'
import type { Fmri } from '../../../src/fma/event/fmri.js'
import { booleanMember, stringMember } from '../../../src/fma/event/nvlist.js'
import type { FmdAction, FmdInput, LogName } from '../../../src/fma/fmd/input.js'
import { FaultManager } from '../../../src/fma/fmd/manager.js'
import type { FmdContext, FmdEvent, FmdModule } from '../../../src/fma/fmd/module.js'
import { ereportOf, faultOf, Retiring, SECOND, strand, TOPOLOGY } from './one-host.js'

/** An engine that is told in the ereport whom to suspect: `ereport.say.0.1` suspects strands 0, 1. */
class Saying implements FmdModule {
  readonly name: string = 'saying'
  readonly version = '1.0'
  readonly description = 'says what it is told'
  readonly subscriptions: readonly string[] = ['ereport.say.*']
  readonly more: Partial<Fault>

  constructor(more: Partial<Fault> = {}) {
    this.more = more
  }

  receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind !== 'ereport') return
    const uuid = fmd.openCase()
    fmd.addEreport(uuid, event.ereport)
    const cores = event.ereport.class.split('.').slice(2).map(Number)
    fmd.solveCase(uuid, { suspects: cores.map((core) => faultOf('l2cache', core, this.more)) })
  }
}

/** A fault manager, its clock, and the classes it logged. */
function host(modules: readonly FmdModule[] = [new Saying()]) {
  const fmd = new FaultManager({ topology: TOPOLOGY, modules, seed: 5 })
  const logged: string[] = []
  let timeNs = 0n
  const take = (input: FmdInput): readonly FmdAction[] => {
    const actions = fmd.take(input)
    for (const action of actions) {
      if (action.kind === 'log' && action.record.log === 'fault') {
        logged.push(stringMember(action.record.event, 'class') ?? '')
      }
    }
    return actions
  }
  return {
    fmd,
    take,
    /** Suspects strands, so many seconds later. */
    say(cores: readonly number[], afterS = 1) {
      timeNs += BigInt(afterS) * SECOND
      const ereport = { ...ereportOf('', 0), class: `ereport.say.${cores.join('.')}`, timeNs }
      return take({ kind: 'ereport', timeNs, ereport })
    },
    tell: (kind: 'repaired' | 'replaced' | 'acquitted', core: number) =>
      take({ kind, timeNs, what: { kind: 'resource', fmri: strand(core) } }),
    /** What was logged since this was last asked. */
    logged: () => logged.splice(0),
    /** Each case: its state, and its suspects with their status. */
    cases: () =>
      fmd.cases().map((one) => {
        const suspects = one.state === 'unsolved' ? [] : one.suspects
        const said = suspects.map(({ fault, status }) => {
          return `${fault.location}: ${faultStatusWords(status).join(' ')}`
        })
        return [one.state, ...said]
      }),
  }
}

it.each([
  { name: 'the same again is no new case', first: [0], then: [0], cases: [['CPU 0: faulty']] },
  {
    name: 'one suspect shared: what only the old one has is acquitted',
    first: [0, 1],
    then: [1, 2],
    cases: [['CPU 0: acquitted', 'CPU 1: faulty']],
  },
  {
    name: 'nothing shared: two cases',
    first: [0],
    then: [1],
    cases: [['CPU 0: faulty'], ['CPU 1: faulty']],
  },
])('duplicates: $name', ({ first, then, cases }) => {
  const one = host()
  one.say(first)
  one.say(then)
  expect(one.cases()).toEqual(cases.map((suspects) => ['solved', ...suspects]))
  const updated = cases[0]?.includes('CPU 0: acquitted') ? ['list.updated'] : []
  expect(one.logged()).toEqual(['list.suspect', ...(cases.length > 1 ? ['list.suspect'] : updated)])
})

it('suspects come back: what had been repaired is not blamed, what had been acquitted is', () => {
  const one = host()
  one.say([0, 1])
  one.tell('repaired', 0)
  one.tell('acquitted', 1)
  one.say([0, 1])
  expect(one.cases()).toEqual([
    ['resolved', 'CPU 0: repaired', 'CPU 1: acquitted'],
    ['solved', 'CPU 0: acquitted', 'CPU 1: faulty'],
  ])
  one.tell('repaired', 1)
  one.say([0, 2])
  expect(one.cases()[2]).toEqual(['solved', 'CPU 0: faulty', 'CPU 2: faulty'])
})

it('all suspects of a case are repaired one by one: updated, then repaired and resolved', () => {
  const one = host()
  one.say([0, 1])
  one.tell('replaced', 0)
  expect(one.cases()).toEqual([['solved', 'CPU 0: replaced', 'CPU 1: faulty']])
  one.tell('acquitted', 1)
  expect(one.cases()).toEqual([['resolved', 'CPU 0: replaced', 'CPU 1: acquitted']])
  expect(one.logged()).toEqual(['list.suspect', 'list.updated', 'list.repaired', 'list.resolved'])
  expect(one.fmd.resources().map(({ state }) => state)).toEqual(['ok', 'ok'])
})

const codeOf = (actions: readonly FmdAction[], log: LogName): (string | undefined)[] =>
  actions.flatMap((action) =>
    action.kind === 'log' && action.record.log === log
      ? [stringMember(action.record.event, 'code')]
      : [],
  )

it('a published diagnosis has the code of its classes; a repair that of repairs', () => {
  const one = host()
  expect(codeOf(one.say([0]), 'fault')).toEqual(['GMCA-8000-47'])
  expect(codeOf(one.tell('repaired', 0), 'fault')).toEqual(['FMD-8000-4M', 'FMD-8000-6U'])
  expect(codeOf(one.tell('repaired', 0), 'fault')).toEqual([])
})

it('a suspect of which nobody is to be told makes a case of which nobody is told', () => {
  const one = host([new Saying({ message: false })])
  const [, , record] = one.say([0])
  expect(record?.kind === 'log' && booleanMember(record.record.event, 'message')).toBe(false)
  expect(one.fmd.cases()).toMatchObject([{ message: false }])
})

it('an injected ereport marks its case', () => {
  const one = host()
  const ereport = { ...ereportOf('', 0), class: 'ereport.say.0', injected: true }
  const actions = one.take({ kind: 'ereport', timeNs: 1n, ereport })
  expect(one.fmd.cases()).toMatchObject([{ injected: true }])
  const marked = actions.filter(
    (action) => action.kind === 'log' && booleanMember(action.record.event, '__injected') === true,
  )
  expect(marked).toHaveLength(2)
})

it('what is said of a part holds of all that is in it', () => {
  const path = strand(0).path.slice(0, 2)
  const chip: Fmri = { scheme: 'hc', path }
  const page = (physaddr: bigint): Fmri => ({ scheme: 'hc', path, physaddr })
  class Pages extends Saying {
    override receive(fmd: FmdContext, event: FmdEvent): void {
      if (event.kind !== 'ereport') return
      for (const asru of [page(0x1000n), page(0x2000n), chip]) {
        const uuid = fmd.openCase()
        fmd.solveCase(uuid, { suspects: [{ class: 'fault.memory.page', certainty: 100, asru }] })
      }
    }
  }
  const one = host([new Pages()])
  one.say([0])
  expect(one.fmd.resources().map(({ state }) => state)).toEqual(Array(3).fill('degraded'))
  one.take({ kind: 'replaced', timeNs: SECOND, what: { kind: 'resource', fmri: chip } })
  expect(one.fmd.cases().map(({ state }) => state)).toEqual(Array(3).fill('resolved'))
})

it.each([
  { code: 'fma.not-faulty', what: { kind: 'resource', fmri: strand(3) } as const },
  { code: 'fma.not-faulty', what: { kind: 'label', label: 'CPU 3' } as const },
  { code: 'fma.case-unknown', what: { kind: 'case', uuid: 'none' } as const },
])('a repair of what no case names is refused: $code', ({ code, what }) => {
  const one = host()
  one.say([0])
  const before = one.fmd.save()
  expect(() => one.take({ kind: 'repaired', timeNs: 9n * SECOND, what })).toThrow(
    expect.objectContaining({ code }),
  )
  expect(one.fmd.save()).toEqual(before)
})

it('a repair of a resource in one case is of that case alone', () => {
  const one = host()
  one.say([0])
  const ereport = { ...ereportOf('', 0), class: 'ereport.say.0.1' }
  one.fmd.take({ kind: 'time', timeNs: 2n * SECOND })
  one.tell('repaired', 0)
  one.say([0])
  one.take({ kind: 'ereport', timeNs: 3n * SECOND, ereport })
  const [first, second] = one.fmd.cases().map(({ uuid }) => uuid)
  const acquit = (uuid = '') => {
    const what = { kind: 'resource', fmri: strand(0), uuid } as const
    one.take({ kind: 'acquitted', timeNs: 4n * SECOND, what })
  }
  acquit(first)
  expect(one.cases().at(-1)).toEqual(['solved', 'CPU 0: faulty'])
  acquit(second)
  expect(one.cases().at(-1)).toEqual(['resolved', 'CPU 0: acquitted'])
  expect(() => acquit('none')).toThrow(expect.objectContaining({ code: 'fma.not-faulty' }))
})

it('a resource is the same whichever host and serial number its name says', () => {
  const named = { ...strand(0), authority: new Map([['server-id', 'atrium']]), serial: '17' }
  const one = host([new Saying({ asru: named, resource: named, fru: named })])
  one.say([0])
  one.tell('repaired', 0)
  expect(one.cases()).toEqual([['resolved', 'CPU 0: repaired']])
})

it('a module is told whether a resource is faulty, by class, now', () => {
  const told: boolean[] = []
  class Asking extends Saying {
    override readonly name: string = 'asking'
    override readonly subscriptions = ['list.*']
    override receive(fmd: FmdContext): void {
      told.push(fmd.hasFault(strand(0), 'fault.cpu.*'), fmd.hasFault(strand(0), 'fault.io.*'))
    }
  }
  const one = host([new Saying(), new Asking()])
  one.say([0])
  one.tell('repaired', 0)
  expect(told).toEqual([true, false, false, false, false, false])
})

it('a module that was reset is told of no act that it asked for before', () => {
  const one = host([new Saying(), new Retiring()])
  one.say([0])
  one.take({ kind: 'reset', timeNs: SECOND, module: 'retiring' })
  expect(one.fmd.pendingActs).toEqual([])
})

it('a module calls off its own timers, not those of others', () => {
  class Meddling extends Saying {
    override readonly name: string = 'meddling'
    override receive(fmd: FmdContext): void {
      fmd.cancelTimer(1)
    }
  }
  class Setting extends Saying {
    override receive(fmd: FmdContext): void {
      fmd.setTimer(SECOND, '')
    }
  }
  const one = host([new Setting(), new Meddling()])
  one.say([0])
  expect(one.fmd.nextTimerNs).toBe(2n * SECOND)
})

it('a flush forgets a case that is over, and no other', () => {
  const one = host()
  one.say([0])
  const flush = () => one.take({ kind: 'flush', timeNs: SECOND, resource: strand(0) })
  flush()
  expect(one.cases()).toHaveLength(1)
  one.tell('repaired', 0)
  flush()
  expect(one.cases()).toEqual([])
  expect(one.fmd.resources()).toEqual([])
})

it('ereports nobody subscribes to make one case a class, and none for drivers own checks', () => {
  const one = host()
  for (const name of ['ereport.a', 'ereport.a', 'ereport.b', 'ereport.io.ddi.x']) {
    one.take({ kind: 'ereport', timeNs: 1n, ereport: { ...ereportOf('', 0), class: name } })
  }
  expect(one.fmd.cases()).toMatchObject([
    { state: 'solved', code: 'FMD-8000-0W', module: 'fmd-self-diagnosis' },
    { state: 'solved', code: 'FMD-8000-0W' },
  ])
  expect(one.fmd.statistics('fmd-self-diagnosis')).toMatchObject({ received: 4, solved: 2 })
})

it('a module that throws has failed: its cases stay, others go on, a reset starts it anew', () => {
  class Failing extends Saying {
    override readonly name = 'failing'
    override receive(fmd: FmdContext, event: FmdEvent): void {
      if (event.kind === 'ereport' && event.ereport.class.endsWith('9')) throw new Error('no nine')
      super.receive(fmd, event)
    }
  }
  const one = host([new Failing(), new Retiring()])
  one.say([0])
  one.say([9])
  one.say([1])
  expect(one.fmd.moduleFacts().find(({ name }) => name === 'failing')).toMatchObject({
    status: 'failed',
    failed: 'no nine',
  })
  expect(one.fmd.statistics('failing')).toMatchObject({ received: 2, dropped: 1 })
  expect(one.fmd.cases()).toMatchObject([
    { module: 'failing', state: 'solved' },
    { module: 'fmd-self-diagnosis', code: 'FMD-8000-2K', suspects: [{ fault: {} }] },
  ])
  one.take({ kind: 'reset', timeNs: 5n * SECOND, module: 'failing' })
  one.say([1], 5)
  expect(one.cases()).toHaveLength(3)
  expect(one.fmd.moduleFacts().map(({ status }) => status)).toEqual(Array(3).fill('active'))
})

/** Isolates a case at once, without saying of what. */
class Isolating extends Saying {
  override readonly name: string = 'isolating'
  override readonly subscriptions = ['list.suspect']
  override receive(fmd: FmdContext, event: FmdEvent): void {
    if (event.kind === 'list') fmd.isolateCase(event.list.uuid)
  }
}

it('whoever isolates a case says that all of it is out of service', () => {
  const one = host([new Saying(), new Isolating()])
  one.say([1, 0])
  const states = ['CPU 0: faulty unusable', 'CPU 1: faulty unusable']
  expect(one.cases()).toEqual([['closed', ...states]])
})

it('who subscribes to a fault is handed the diagnoses of it, but not that it was isolated', () => {
  const handed: string[] = []
  class Listening extends Saying {
    override readonly name: string = 'listening'
    override readonly subscriptions = ['fault.cpu.*']
    override receive(_fmd: FmdContext, event: FmdEvent): void {
      if (event.kind === 'list') handed.push(event.list.change)
    }
  }
  const one = host([new Saying(), new Isolating(), new Listening()])
  one.say([0])
  one.tell('repaired', 0)
  expect(handed).toEqual(['suspect', 'repaired'])
})

it.each([
  { afterS: 9, isolated: 'CPU 0: faulty unusable' },
  { afterS: 10, isolated: 'CPU 0: unusable acquitted' },
])('a duplicate after $afterS s: what is out of service is $isolated', ({ afterS, isolated }) => {
  class Half extends Isolating {
    override receive(fmd: FmdContext): void {
      fmd.setUnusable(strand(0), true)
    }
  }
  const one = host([new Saying(), new Half()])
  one.say([0, 1])
  one.say([0, 1], afterS)
  expect(one.cases()).toEqual([['solved', isolated, 'CPU 1: faulty']])
})

it('of ereports nobody subscribes to, a thousand classes make cases', () => {
  const one = host()
  for (let i = 0; i < 1_100; i++) {
    const ereport = { ...ereportOf('', 0), class: `ereport.alien.${i}` }
    one.take({ kind: 'ereport', timeNs: 1n, ereport })
  }
  expect(one.fmd.cases()).toHaveLength(1_000)
})

it('what was asked for is still awaited after a restart', () => {
  const one = host([new Saying(), new Retiring()])
  one.say([0])
  const next = host([new Saying(), new Retiring()])
  next.fmd.restore(one.fmd.save())
  expect(next.fmd.pendingActs).toEqual(one.fmd.pendingActs)
  next.take({ kind: 'acted', timeNs: SECOND, request: 1, outcome: { kind: 'done' } })
  expect(next.cases()).toEqual([['closed', 'CPU 0: faulty unusable']])
})

it('a module that cannot be restored has failed, and the others are as they were', () => {
  class Forgetting extends Saying {
    override readonly name: string = 'forgetting'
    override readonly subscriptions: readonly string[] = []
    save(): unknown {
      return 'version 1'
    }
    restore(): void {
      throw new Error('version 1 is not known')
    }
  }
  const one = host([new Saying(), new Forgetting()])
  one.say([0])
  const next = host([new Saying(), new Forgetting()])
  next.fmd.restore(one.fmd.save())
  expect(next.cases()).toEqual(one.cases())
  expect(next.fmd.moduleFacts().map(({ status }) => status)).toEqual(['active', 'active', 'failed'])
})

it('a refused act leaves the suspect in use; one that only began has not ended', () => {
  const one = host([new Saying(), new Retiring()])
  one.say([0])
  const acted = { kind: 'acted', timeNs: SECOND, request: 1 } as const
  one.take({ ...acted, outcome: { kind: 'pending' } })
  expect(one.fmd.pendingActs).toMatchObject([{ request: 1, what: { kind: 'offline-pcpu' } }])
  one.take({ ...acted, outcome: { kind: 'refused', error: 'ENOTSUP', why: 'an old hypervisor' } })
  expect(one.fmd.pendingActs).toEqual([])
  expect(one.fmd.resources()).toMatchObject([{ state: 'degraded' }])
  expect(one.take({ ...acted, outcome: { kind: 'done' } })).toEqual([])
})

it('timers of one time come in the order in which they were set; a reset calls them off', () => {
  const called: string[] = []
  class Many extends Saying {
    override receive(fmd: FmdContext): void {
      for (let i = 0; i < 20; i++) fmd.setTimer(BigInt(i % 2) * SECOND, String(i))
    }
    timeout(_fmd: FmdContext, _id: number, data: string): void {
      called.push(data)
    }
  }
  const one = host([new Many()])
  one.say([0])
  one.take({ kind: 'time', timeNs: SECOND })
  expect(called).toEqual(Array.from({ length: 10 }, (_, i) => String(2 * i)))
  one.take({ kind: 'reset', timeNs: SECOND, module: 'saying' })
  expect(one.fmd.nextTimerNs).toBeUndefined()
})

it('a timer is called at its own time, however late the time comes, and in order', () => {
  const called: [bigint, string][] = []
  class Waiting extends Saying {
    override receive(fmd: FmdContext): void {
      for (const [seconds, data] of [
        [3n, 'c'],
        [1n, 'a'],
        [1n, 'b'],
        [2n, 'no'],
      ] as const) {
        const id = fmd.setTimer(seconds * SECOND, data)
        if (data === 'no') fmd.cancelTimer(id)
      }
    }
    timeout(fmd: FmdContext, _id: number, data: string): void {
      called.push([fmd.nowNs / SECOND, data])
    }
  }
  const one = host([new Waiting()])
  one.say([0], 10)
  expect(one.fmd.nextTimerNs).toBe(11n * SECOND)
  one.take({ kind: 'time', timeNs: 100n * SECOND })
  expect(called).toEqual([
    [11n, 'a'],
    [11n, 'b'],
    [13n, 'c'],
  ])
  expect(one.fmd.nextTimerNs).toBeUndefined()
})

it('a module that sets timers without end fails, and the others go on', () => {
  class Spinning extends Saying {
    override receive(fmd: FmdContext): void {
      fmd.setTimer(0n, '')
    }
    timeout(fmd: FmdContext): void {
      fmd.setTimer(0n, '')
    }
  }
  const one = host([new Spinning()])
  one.say([0])
  one.take({ kind: 'time', timeNs: 5n * SECOND })
  expect(one.fmd.moduleFacts()[1]).toMatchObject({ status: 'failed' })
})
