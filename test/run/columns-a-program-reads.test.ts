// A firer fills only the columns that a program says it reads: every program must yield what it
// yields when all are filled.
import { expect, it } from 'vitest'
import { createFirer } from '../../src/dtrace/probe/firer.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import type { FirerMaker } from '../../src/dtrace/run/plan.js'
import { runProgram } from '../../src/dtrace/run/run.js'
import type { Machine } from '../../src/machine/machine.js'
import { unknown } from '../../src/machine/obs.js'
import { openCapture } from '../trace/xentrace/captures.js'
import { d, ENGINES } from './build.js'

const file = openCapture('xl-create/create.xt')

/** The recording as a machine. */
function machine(): Machine {
  const absent = unknown('a test')
  const snapshot = { title: 'test', xenVersion: absent, clockHz: absent, pcpus: absent, inputs: [] }
  return {
    spec: 'test',
    backend: 'replay',
    capabilities: new Set(['observe']),
    snapshot: () => snapshot,
    observe: (wants, options) => file.observe(wants, options),
    close: () => {},
  }
}

const allColumns: FirerMaker = (catalog, enabled, { args }) =>
  createFirer(catalog, enabled, { args })

function outcome(text: string, engine: (typeof ENGINES)[number], firer: FirerMaker): string {
  const catalog = standardCatalog()
  const records: unknown[] = []
  const sink = (record: unknown): void => void records.push(record)
  const options = { sink, engine, createFirer: firer }
  const result = runProgram(d(text, catalog), machine(), catalog, options)
  return JSON.stringify([result, records], (_, v) => (typeof v === 'bigint' ? `${v}n` : v))
}

const BUILTINS = ['timestamp', 'vtimestamp', 'walltimestamp', 'xdt_timestamp', 'cpu', 'pcpu']
const MORE_BUILTINS = ['domid', 'vcpuid', 'tid', 'pid', 'execname', 'probename', 'id', 'epid']

const PROGRAMS = [
  ...[...BUILTINS, ...MORE_BUILTINS].map((name) => `xdt:sched:: { @[${name}] = count(); }`),
  'xdt:sched:: { self->n++; } xdt:sched:: /self->n > 100/ { @ = max(self->n); self->n = 0; }',
  'xdt:sched:: { self->a[arg0] = arg1; @[self->a[1]] = count(); }',
  'xdt:sched:: { @[strtok("a b", " ")] = count(); }',
  'xdt:sched::wake {}',
  'xdt:sched::wake { trace(arg0); }',
  'xdt:pv:: /arg0 / (arg1 - 1)/ { @ = count(); } ERROR { @e[domid, tid, cpu] = count(); }',
  'xdt:sched::runstate-change { @[domid, vcpuid] = count(); } tick-100ms { printa(@); }',
  'xdt:sched::wake { exit(timestamp != 0); } END { printf("%d", timestamp); }',
] as const

it.each(PROGRAMS)('%s', (text) => {
  for (const engine of ENGINES) {
    expect(outcome(text, engine, createFirer)).toBe(outcome(text, engine, allColumns))
  }
})
