// The manual's pages on the names of the prompt; those of commands stand with the commands.
import type { Topic } from '../session/manual.js'

const PAGES: readonly Topic[] = [
  topic('on', 'a typed query over the probes that match', '(PROBES) .where() .by() .count() ...', [
    "on('privcmd:::entry').by('probefunc').count()",
    "on('privcmd:domctl::').latency().by('probefunc').quantize()",
    "on('xdt:pv::hypercall').rate('1s').chart()",
    "on('privcmd:memory_op:populate_physmap:entry').select('domid', 'nr_extents')",
    "on('xdt:sched::wake').by('domid').count().toD()",
  ]),
  topic('d', 'a D program in the middle of TypeScript', '`PROGRAM`', [
    'd`xdt:::{ @[probemod] = count(); }`',
    'd`xdt:::{ @[probemod] = count(); }`.rows()',
  ]),
  topic('probes', 'the probes that match, as a table', '(PROBES)', ["probes('xpv:::dom-*')"]),
  topic('open', 'another machine: simulated, a trace, a recording folder', '(MACHINE, { hz })', [
    "open('sim:xen-4.17,memory=16G,seed=7')",
    "open('examples/recordings/contended')",
    "open('my-trace.xt', { hz: '2.6G' })",
  ]),
  topic(
    'machine',
    'what is open, and time on it',
    ' .run(TIME) .step() .command(LINE) .inject(FAULTS) .snapshot() .diff(SNAPSHOT) .fork()' +
      ' .peer .info() .writeXentrace(FILE)',
    [
      'machine',
      'machine.info()',
      "machine.run('5s')",
      "machine.command('xm list').stdout",
      "machine.inject('cache level=1 pcpu=2 at=1s')",
      "machine.inject('memory row=5 every=10s times=4')",
      "const before = machine.snapshot(); machine.run('1s'); machine.diff(before)",
      "const other = machine.fork(); other.run('5s')",
    ],
  ),
  topic(
    'chart',
    'a table or a query as a chart',
    '.line(DATA, { x, y, by, log }) | .bar(DATA) | .heat(DATA) | .spark(NUMBERS)' +
      ' | .timeline(DATA, { lane, kind, took })',
    [
      "chart.bar(on('privcmd:::entry').by('execname').count())",
      "chart.line(on('privcmd:::entry').rate('100ms'))",
      "chart.line(on('privcmd:::').by('execname').rate('100ms'), { by: 'execname', log: true })",
      "chart.line([1, 2, 4].map((n) => ({ n, law: n * n, seen: n + 1 })), { y: ['law', 'seen'] })",
      "chart.heat(on('privcmd:::entry').latency().heatmap('100ms'))",
      "chart.timeline(on('privcmd:::entry').latency().by('vcpuid', 'probefunc'))",
      "chart.spark(on('privcmd:::entry').rate('100ms').rows().map((row) => row.value))",
    ],
  ),
  topic('hex', 'bytes sixteen a line, or a number', '(BYTES | PCI FUNCTION | NUMBER, FIELDS)', [
    'hex(255)',
    "hex(hostbridge.at('00:00.0'))",
    'hex(hostbridge.rootPorts[0].config)',
  ]),
  topic('explain', 'what a number, a name, a class, a code or a D program means', '(WHAT, AS)', [
    "explain(0x9c0000400001009fn, 'IA32_MC4_STATUS')",
    "explain(36, 'hypercall')",
    "explain(-22, 'error')",
    "explain(0x00004000, 'UESta')",
    "explain('ereport.io.pciex.tl.cto')",
    "explain('GMCA-8000-LF')",
    "explain(on('privcmd:domctl::entry').by('probefunc').count())",
  ]),
  topic('arg', 'an argument, where a built-in has its name too', '(NAME)', [
    "on('xdt:sched::wake').by(arg('domid')).count()",
  ]),
  topic('builtin', 'a built-in, where an argument has its name too', '(NAME)', [
    "on('xdt:sched::wake').by(builtin('domid')).count()",
  ]),
  topic('whyUnknown', 'why columns of a row are not known', '(ROW)', [
    "whyUnknown(on('xpv:::populate-physmap-end').rows()[0])",
  ]),
]

/** What somebody new may type of them. */
const FIRST: Readonly<Record<string, Topic['first']>> = {
  on: ["on('xpv:::').by('probename').count()", 'how often each fired'],
  d: ['d`xpv:::*-start { @[probefunc] = count(); }`', 'the same, in D'],
  machine: ["machine.inject('memory row=5 every=10s times=4')", 'hardware begins to fail'],
}

/** One topic for each name that `promptGlobals` gives, most used first. */
export const TOPICS: readonly Topic[] = PAGES.map((page) => {
  const first = FIRST[page.name]
  return first === undefined ? page : { ...page, first }
})

function topic(name: string, summary: string, usage: string, examples: readonly string[]): Topic {
  return { name, summary, usage, examples }
}
