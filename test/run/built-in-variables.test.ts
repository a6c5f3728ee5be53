// What built-in variables say in BEGIN, in a tick, and of a recorded firing.
import { describe, expect, it } from 'vitest'
import { d, ENGINES, type Row, runD, testCatalog, traced } from './build.js'

const A: Row = { ticks: 5_000_000, probe: 100, vcpu: 3, execname: 'xl', args: [7, undefined] }
const CONSUMER = {
  pid: 4242,
  ppid: 17,
  uid: 1000,
  gid: 100,
  zonename: 'global',
  root: '/',
  cwd: '/home/dom0',
}

describe.each(ENGINES)('%s', (engine) => {
  const run = (text: string, more: object = {}) => runD(text, [A], { engine, ...more })
  const faults = (text: string, more: object = {}) =>
    run(text, more).records.flatMap((r) => (r.kind === 'fault' ? [r.text] : []))

  it('BEGIN and END fire in the name of who runs the program', () => {
    const values = 'trace(pid); trace(ppid); trace(uid); trace(gid); trace(execname);'
    const rest = 'trace(zonename); trace(root); trace(cwd);'
    const one = [4242n, 17n, 1000n, 100n, 'dtrace', 'global', '/', '/home/dom0']
    const out = run(`BEGIN, END { ${values} ${rest} }`, { consumer: CONSUMER })
    expect(traced(out)).toEqual([one, one])
  })

  it.each(['ppid', 'uid', 'gid', 'zonename', 'root', 'cwd'])(
    'of a recorded firing %s is not known',
    (name) => {
      expect(faults(`a { trace(${name}); }`, { consumer: CONSUMER })).toEqual([
        `${name} was not recorded`,
      ])
    },
  )

  it('what the consumer does not say is not known in BEGIN either', () => {
    expect(faults('BEGIN { trace(uid); }')).toEqual(['uid was not recorded'])
    expect(faults('BEGIN { trace(uregs[0]); }', { consumer: CONSUMER })).toEqual([
      'uregs was not recorded',
    ])
  })

  it('a tick interrupts nothing; where profile samples a pcpu is not known', () => {
    const contexts = [{ pcpu: 1, domid: 2, vcpu: 0 }]
    const tick = 'tick-1ms { trace(arg0); trace(arg1); trace(pid); trace(execname); exit(0); }'
    expect(traced(run(tick))).toEqual([[0n, 0n, 0n, 'swapper/0']])
    expect(faults('profile-2ms { trace(arg0); }', { contexts })[0]).toBe('arg0 was not recorded')
    expect(faults('profile-2ms { trace(arg1); }', { contexts })[0]).toBe('arg1 was not recorded')
    expect(traced(run('profile-2ms { trace(arg2); exit(0); }', { contexts }))).toEqual([[0n]])
  })

  it('names of errors, signals and registers are numbers', () => {
    const text = 'BEGIN { trace(EPERM); trace(ENOSYS); trace(SIGKILL); trace(R_RIP); }'
    expect(traced(run(text))).toEqual([[1n, 38n, 9n, 16n]])
  })

  it('a fault says which of several descriptions enabled it', () => {
    const text = 'BEGIN, END { x = 0; } END, a, BEGIN { trace(1 / x); }'
    const told = run(text).records.flatMap((r) => (r.kind === 'fault' ? [r.clause] : []))
    expect(told).toEqual([4, 3, 2])
  })
})

it('each enabled description has an EPID, in program order', () => {
  const out = runD('a, BEGIN { trace(epid); } BEGIN { trace(epid); }', [A])
  expect(traced(out)).toEqual([[2n], [3n], [1n]])
  expect(d('a { trace(id); }', testCatalog()).clauses).toHaveLength(1)
})
