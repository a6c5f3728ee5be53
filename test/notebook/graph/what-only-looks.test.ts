// What the graph of a notebook takes for a look is really done on a simulated host: the host, and
// all that will happen on it, is as it was.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SimMachine } from '../../../src/backend/sim/sim-machine.js'
import { XpvError } from '../../../src/base/error.js'
import { connect } from '../../../src/cli/connect.js'
import { CurrentMachine } from '../../../src/cli/current-machine.js'
import { faultManagementOn } from '../../../src/cli/fault-managements.js'
import { promptGlobals } from '../../../src/cli/globals.js'
import { type OpenSession, openSession } from '../../../src/cli/session.js'
import { parseFmri } from '../../../src/fma/event/fmri.js'
import { historyOf } from '../../../src/machine/history.js'
import { graphOf } from '../../../src/notebook/graph/graph.js'
import { ACTING_MEMBERS } from '../../../src/notebook/graph/machine-names.js'
import { notebook, type TestCell } from './notebook.js'

const SPEC = 'sim:xvm-mca,processor=westmere'
let open: OpenSession
beforeAll(async () => {
  const current = new CurrentMachine(SPEC, (spec) => connect(spec), undefined)
  const silent = (): void => {}
  open = openSession(current, { write: silent, warn: silent, columns: () => 80 })
  const setup =
    "machine.inject('memory row=5 every=5s times=8'); xm.create('web1'); machine.run('60s')"
  await open.session.evaluate(setup, { language: 'ts', final: true })
})
afterAll(() => open.close())

const machine = (): SimMachine => open.current.machine as SimMachine

/** All that a host is: where it stands, what it remembers, and what a copy of it does next. */
function wholeOf(host: SimMachine): string {
  const hash = createHash('sha256')
  const copy = host.fork()
  const seen = copy.watch(
    () => true,
    ({ length, ticks, code, pcpu, words }) => {
      for (const column of [ticks, code, pcpu]) hash.update(String(column.slice(0, length)))
      hash.update(String(words))
    },
  )
  const { stdout } = copy.command([copy.tools.includes('xl') ? 'xl' : 'xm', 'list'])
  copy.run(2e9)
  seen.close()
  return hash.update(JSON.stringify([stdout, partsOf(host)])).digest('hex')
}

/** What can be read off a host without more ado. */
function partsOf(host: SimMachine): readonly unknown[] {
  const management = faultManagementOn(host)
  const logs = (['error', 'fault', 'resource', 'info'] as const).map(
    (name) => management.log(name).length,
  )
  const cases = management.manager.cases().map(({ state }) => state)
  return [host.nowNs, historyOf(host).snapshot(), logs, management.acts.length, cases]
}

const LOOKS: readonly TestCell[] = [
  'domains',
  'domains.web1.vcpus[0].state',
  'pcpus',
  'pcpus.map((pcpu) => pcpu.busyPercent)',
  'pcpus[0].msr.MCG_CAP.hardware',
  'pcpus[0].banks',
  'xen.version',
  'hostbridge.rootPorts',
  'dom0.facts()',
  'machine',
  'machine.info()',
  'machine.nowNs',
  'machine.diff(machine.snapshot())',
  'fma',
  'fma.faulty()',
  'fma.explain(fma.cases[0])',
  "fma.log('error')",
  'fma.coverage()',
  "fma.whatIf({ era: 'metal' })",
  "probes('xpv:::')",
  "on('xpv:::').by('probename').count()",
  "on('privcmd:::entry').latency().by('probefunc').quantize().rows()",
  "on('xdt:pv::hypercall').rate('1s').chart()",
  "on('xpv:::').count().run()",
  'd`xpv::: { @[probename] = count(); }`',
  "await xpv.psrinfo('-v')",
  'domains?',
  { sh: 'dtrace -l -i xpv:::' },
  { sh: 'dtrace --past -qn "xpv::: { @ = count(); }"' },
  { sh: 'fmadm faulty -a' },
  { sh: 'fmadm config' },
  { sh: 'fmdump -v' },
  { sh: 'fmdump -e\nfmstat\npsrinfo -pv' },
  { sh: 'fmstat -s -m eft' },
  { d: 'xpv::: { @[probename] = count(); }' },
  { sh: 'lspci' },
  { sh: 'fmtopo' },
  { sh: 'jobs' },
  { sh: 'info' },
]

const ACTS: readonly TestCell[] = [
  "machine.run('1ms')",
  'machine.step()',
  "machine.command('xm list')",
  "machine.inject('memory row=6 at=1s')",
  "dom0.vcpus[0].rdmsr('IA32_EFER')",
  "xm.create('web1', { name: 'web2' })",
  'dom0.vcpus[0].pin([0])',
  'dom0.vcpus[0].withPinned([1], () => 0)',
  "domains.web1.load('busy')",
  'fma.repaired(fma.faulty()[0])',
  { sh: 'xm list' },
  { sh: 'sleep 1' },
  { sh: 'fmadm reset eft' },
  { sh: 'fmstat 1 2' },
  'await sh`xm list`',
  "await xpv.xm('list')",
  "open('sim:xen-4.20')",
  'pcpus[3].offline()',
  'pcpus[3].online()',
  'pcpus[0].msr.IA32_TIME_STAMP_COUNTER.read()',
]

const run = async (cell: TestCell): Promise<string> => {
  const { sh, d, ts = '' } = typeof cell === 'string' ? { ts: cell } : cell
  const source = sh ?? d ?? ts
  const language = sh !== undefined ? 'command' : d !== undefined ? 'd' : 'ts'
  const result = await open.session.evaluate(source, { language, final: true })
  return result.kind === 'error' ? result.error.text : result.kind
}

const acts = (cell: TestCell): boolean =>
  graphOf(notebook([cell], { machine: SPEC })).movesMachine('c1')

const named = (cells: readonly TestCell[]) =>
  cells.map((cell) => ({ name: typeof cell === 'string' ? cell : `% ${cell.sh ?? cell.d}`, cell }))

it('what looks leaves the host, and its future, as they were', async () => {
  const before = wholeOf(machine())
  for (const { name, cell } of named(LOOKS)) {
    const parts = partsOf(machine())
    expect(await run(cell), name).toBe('ok')
    expect(partsOf(machine()), name).toEqual(parts)
  }
  expect(wholeOf(machine())).toBe(before)
})

it.each(named(LOOKS))('it is known that $name looks', ({ cell }) => expect(acts(cell)).toBe(false))

/** What methods that look are handed, where they must be. */
const HANDED: Readonly<Record<string, readonly unknown[]>> = {
  named: ['web1'],
  whatIf: [{ era: 'metal' }],
  coverage: [],
  log: ['error'],
  node: [parseFmri('hc:///motherboard=0')],
  explain: ['GMCA-8000-WT'],
  diff: [{}],
  equals: [{}],
}
/** What is no object of ours, or needs no machine. */
const OTHERS = new Set<unknown>([
  ...[Object, Array, Map, Promise].map(({ prototype }) => prototype),
  Object.getPrototypeOf(function* () {}.prototype),
  Object.getPrototypeOf(Object.getPrototypeOf([].values())),
])

/** Asks each kind of object once for each of its members; yields those after which the host is not
 *  as it was, and methods that nobody knows how to call. */
function membersThatAct(given: Readonly<Record<string, unknown>>): readonly string[] {
  const told: string[] = []
  const seen = new Set(OTHERS)
  const ask = (value: object, name: string, path: string): void => {
    const parts = JSON.stringify(partsOf(machine()))
    try {
      const member: unknown = Reflect.get(value, name, value)
      const isMethod = typeof member === 'function'
      if (isMethod && member.length > 0 && HANDED[name] === undefined) told.push(`${path}(?)`)
      look(isMethod ? Reflect.apply(member, value, HANDED[name] ?? []) : member, path)
    } catch (thrown) {
      if (!(thrown instanceof XpvError)) told.push(`${path}: ${String(thrown)}`)
    }
    if (JSON.stringify(partsOf(machine())) !== parts) told.push(path)
  }
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    let kind: unknown = Object.getPrototypeOf(value)
    for (; typeof kind === 'object' && kind !== null && !seen.has(kind); ) {
      seen.add(kind)
      const names = Object.getOwnPropertyNames(kind).filter((name) => !(name in Array.prototype))
      for (const name of names)
        if (!ACTING_MEMBERS.has(name) && name !== 'diagnose') ask(value, name, `${path}.${name}`)
      kind = Object.getPrototypeOf(kind)
    }
    if (Array.isArray(value)) look(value[0], `${path}[0]`)
  }
  for (const [name, value] of Object.entries(given)) look(value, name)
  return told
}

it('every member of the objects of the prompt looks, or is known to act', () => {
  const names = ['xen', 'domains', 'dom0', 'pcpus', 'hostbridge', 'fma', 'machine']
  const globals = promptGlobals(
    open.current,
    () => 80,
    () => '.',
  )
  const before = wholeOf(machine())
  const given = Object.entries(globals).filter(([name]) => names.includes(name))
  expect(membersThatAct(Object.fromEntries(given))).toEqual([])
  expect(wholeOf(machine())).toBe(before)
})

it.each(named(ACTS))('it is known that $name acts, and it does', async ({ cell }) => {
  expect(acts(cell)).toBe(true)
  const parts = partsOf(machine())
  const whole = wholeOf(machine())
  expect(await run(cell)).toBe('ok')
  const isOther = JSON.stringify(partsOf(machine())) !== JSON.stringify(parts)
  expect(isOther || wholeOf(machine()) !== whole).toBe(true)
})
