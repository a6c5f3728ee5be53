// The prompt and the command line over the simulated machine: the lines of the origin, programs in
// the background, commands under trace, and what they refuse.
import { expect, it } from 'vitest'
import { connect } from '../../src/cli/connect.js'
import { CurrentMachine } from '../../src/cli/current-machine.js'
import { openSession } from '../../src/cli/session.js'
import { startXpv, xpv } from './xpv-process.js'

/** What a pipe with these lines prints. */
const typed = (...lines: string[]) => {
  const run = xpv([], { input: `${lines.join('\n')}\n` })
  return { ...run, err: run.err.replace(/^xpv: building.*\n/gm, '') }
}

/** FUNCTION:NAME of the rows of DTrace's text. */
const rows = (text: string): string[] =>
  [...text.matchAll(/^ +\d+ +\d+ +(\S+:\S+) $/gm)].map(([, row = '']) => row)

const MMAP = ['mmap-start', 'mmap-entry', 'mmap-end'].map((name) => `do_privcmd_mmap:${name}`)
const DOMCTL = 'privcmd_HYPERVISOR_domctl'
const EVTCHN = ['start', 'end'].map((end) => `privcmd_HYPERVISOR_event_channel_op:evtchn-op-${end}`)
const MEMORY = 'privcmd_HYPERVISOR_memory_op'

it('the lines of the origin print what they printed in 2007', () => {
  const { status, out, err } = typed(
    '# xm create web1',
    "# dtrace -n 'xpv::: {}'",
    'console.log("destroy")',
    '# xm destroy web1',
    'console.log("create")',
    '# xm create web1',
  )
  expect({ status, err }).toEqual({
    status: 0,
    err: "dtrace: description 'xpv::: ' matched 31 probes\n",
  })
  const [, destroyed = '', created = ''] = out.split(/^(?:destroy|create)\n/m)
  expect(rows(destroyed)).toEqual([`${DOMCTL}:dom-destroy-start`, `${DOMCTL}:dom-destroy-end`])
  expect(destroyed).toMatch(/^ +1 +6315 /m)
  const creation = rows(created)
  expect(creation.slice(0, 13)).toEqual([
    `${DOMCTL}:dom-create-start`,
    `${DOMCTL}:dom-create-end`,
    ...EVTCHN,
    ...EVTCHN,
    `${MEMORY}:set-memory-map-start`,
    `${MEMORY}:set-memory-map-end`,
    `${MEMORY}:populate-physmap-start`,
    `${MEMORY}:populate-physmap-end`,
    ...MMAP,
  ])
  expect(creation.slice(-7)).toEqual([
    ...MMAP,
    `${DOMCTL}:setvcpucontext-start`,
    `${DOMCTL}:setvcpucontext-end`,
    `${DOMCTL}:dom-unpause-start`,
    `${DOMCTL}:dom-unpause-end`,
  ])
  // "about 100000 lines deleted"
  expect(creation.length).toBeGreaterThan(80_000)
  expect(creation.length).toBeLessThan(120_000)
})

it('several programs watch at once, are listed, and end one by one', () => {
  const { status, out } = typed(
    "dtrace -qn 'xpv:::dom-* { @[probename] = count(); }'",
    `dtrace -qn 'tick-1s { printf("%ds ", ++n); } END { printf("end\\n"); }'`,
    'jobs',
    'sleep 3',
    'stop [2]',
    'xm create web1 memory=128',
    'stop %1',
    'jobs',
  )
  expect({ status, out }).toEqual({
    status: 0,
    out: [
      "[1]  dtrace -n 'xpv:::dom-* { @[probename] = count(); }'",
      `[2]  dtrace -n 'tick-1s { printf("%ds ", ++n); } END { printf("end\\n"); }'`,
      '1s 2s 3s end',
      '',
      'Using config file "/etc/xen/web1".',
      'Started domain web1',
      '',
      '  dom-create-end                                                    1',
      '  dom-create-start                                                  1',
      '  dom-unpause-end                                                   1',
      '  dom-unpause-start                                                 1',
      '',
    ].join('\n'),
  })
})

it('exit() ends a program in the background; one that is done at once never was there', () => {
  const { out } = typed(
    `dtrace -qn 'tick-10ms /++n == 3/ { printf("third\\n"); exit(0); }'`,
    `dtrace -qn 'BEGIN { printf("begun\\n"); exit(0); }'`,
    "machine.run('1s')",
    'jobs',
    'console.log("over")',
  )
  expect(out).toBe('begun\n\nthird\n\n1.000000000 s since boot\nover\n')
})

it('leaving ends what watches, with END and aggregations', () => {
  const { status, out } = typed(
    `dtrace -qn 'tick-1s { @ = count(); } END { trace("bye"); }'`,
    'sleep 2',
  )
  expect({ status, out }).toEqual({ status: 0, out: 'bye\n                2\n' })
})

it('another machine ends what watched the first one', () => {
  const { out } = typed(
    `dtrace -qn 'END { printf("end\\n"); }'`,
    "open('sim:xen-4.17')",
    'machine.spec',
    'jobs',
  )
  expect(out).toMatch(/^end\n\nXen 4\.17 .*\n'?sim:xen-4\.17'?\n$/)
})

it('a program that does not compile does not watch', () => {
  const run = typed("dtrace -n 'xpv:::dom-creat-start {}'", 'jobs')
  expect(run.status).toBe(1)
  expect(run.err).toContain('did you mean')
  expect(run.out).toBe('')
})

it.each([
  { words: ['-c', 'sleep 5', '-qn', 'tick-1s { @ = count(); }'], out: '\n                5\n' },
  { words: ['-qn', 'tick-3s { printf("%d\\n", timestamp / 1000000000); exit(4); }'], status: 4 },
  {
    words: ['-c', 'xm create web1 memory=128', '-qn', 'xpv:::dom-create-end { trace(execname); }'],
  },
  { words: ['-c', 'sleep 1', '-qn', 'BEGIN { exit($target > 400 ? 0 : 1); }'] },
])('dtrace $words', ({ words, out, status = 0 }) => {
  const run = xpv(['dtrace', ...words])
  expect(run.status).toBe(status)
  if (out !== undefined) expect(run.out).toBe(out)
  else expect(run.out).not.toBe('')
})

it('-c takes what dom0 has; its end is told', () => {
  const gone = xpv(['dtrace', '-c', 'uname -a', '-n', 'xpv:::'])
  expect(gone).toMatchObject({ status: 1, out: '' })
  expect(gone.err).toContain('dtrace: failed to execute uname: No such file or directory\n')
  const refused = xpv(['dtrace', '-c', 'xm destroy nobody', '-n', 'xpv:::dom-* {}'])
  expect(refused.err).toMatch(/^dtrace: pid \d+ exited with status 1$/m)
})

it('SIGINT ends a run under which time passes', async () => {
  const program =
    'int told; tick-1s { @ = count(); } tick-1s /!told/ { told = 1; printf("on\\n"); }'
  const child = startXpv(['dtrace', '-qn', `${program} END { printf("end"); }`])
  const ended = new Promise((resolve) => child.once('close', resolve))
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (out === '') child.kill('SIGINT')
    out += text
  })
  await ended
  expect(out).toMatch(/^on\nend\n +\d+\n$/)
})

it('the past can be asked again, by on(), d, --past and a D cell', () => {
  const { out } = typed(
    'xm create web1 memory=128',
    "on('xpv:::dom-*-start').by('probename').count()",
    'd`xpv:::dom-*-start { @[probename] = count(); }`',
    "dtrace --past -qn 'xpv:::dom-*-start { @[probename] = count(); }'",
  )
  const rows =
    '  dom-create-start                                                  1\n  dom-unpause-start                                                 1\n'
  expect(out.split('Started domain web1\n')[1]).toBe(`${rows}${rows}\n${rows}`)
})

it('a fork has the same past and a future of its own; the session can go there', () => {
  const { out, err } = typed(
    'xm create web1 memory=128',
    'const other = machine.fork()',
    "other.command('xm destroy web1').status",
    'xm list',
    'open(other)',
    'xm list',
  )
  expect(err).toBe('')
  expect(out.match(/^web1 /gm)?.length).toBe(1)
})

it('one seed, one transcript; another seed, another one', () => {
  const lines = "dtrace -qn 'xdt:::wake { trace(timestamp); }'\nsleep 1\n"
  const run = (seed: string) => xpv(['--seed', seed], { input: lines }).out
  expect(run('7')).toBe(run('7'))
  expect(run('8')).not.toBe(run('7'))
})

it.each([
  ["machine.run('soon')", 'machine.duration: "soon" is not a time\n  try: machine.run(\'5s\')'],
  ['machine.run(NaN)', 'machine.duration: NaN is not a time'],
  ['!machine.run(1n)', 'machine.duration: 1 is not a time'],
  ["machine.command('xm list | wc')", 'session.no-pipe'],
  ['!machine.command(null)', 'machine.command: null is not one command'],
  ['machine.command([])', 'machine.command: [] is not one command'],
  ['!machine.inject(null)', 'sim.scenario: null is no fault'],
  ['!machine.diff(5)', 'machine.snapshot: number is no snapshot'],
  ["machine.inject('cahce level=1')", 'sim.scenario'],
  ["xm.create('nobody')", 'xm.refused: xm create nobody: Unable to open config file: nobody'],
  ['stop 3', 'session.no-trace: there is no [3], nothing watches'],
  ['psradm -f 3', 'psradm: cannot take processor 3 off-line: ENOSYS'],
  ['rdmsr 99999999999999999999', 'rdmsr.usage: no register has the number'],
  ['rdmsr -f 5:9 0x10', "rdmsr.usage: '5:9' are no bits of a register: -f 31:0"],
  ['wrmsr 0x10 99999999999999999999', "wrmsr.usage: '99999999999999999999' is no value"],
  ['rdmsr IA32_MCG_CAP', 'rdmsr: CPU 0 cannot read MSR 0x00000179\n'],
])('%s says what is wrong', (line, said) => {
  const run = typed(line)
  expect(run.status).not.toBe(0)
  expect(run.err).toContain(said)
})

it.each(['xm create web1', "machine.run('5s')", 'machine.fork()', 'sleep 1'])(
  'a recording refuses %s',
  (line) => {
    const run = xpv(['--machine', 'examples/recordings/idle'], { input: `${line}\n` })
    expect(run).toMatchObject({ status: 1, out: '' })
    expect(run.err).toContain('machine.read-only')
  },
)

it('words of a command line are completed', () => {
  const current = new CurrentMachine('sim', (spec) => connect(spec), undefined)
  const silent = { write: () => {}, warn: () => {}, columns: () => 80 }
  const { session, close } = openSession(current, silent)
  const complete = (text: string) => session.complete(text, text.length).map((each) => each.text)
  const found = ['xm cr', '# xm unp', 'xm destroy Dom'].map(complete)
  close()
  expect(found).toEqual([['create'], ['unpause'], ['Domain-0']])
})
