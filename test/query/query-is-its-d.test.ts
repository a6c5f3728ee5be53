// A query is the D text one would write for it: both make the same program.
import { expect, it } from 'vitest'
import type { Program } from '../../src/dtrace/program/program.js'
import { createQueries } from '../../src/dtrace/query/queries.js'
import type { Runnable } from '../../src/dtrace/query/runnable.js'
import { arg, builtin } from '../../src/dtrace/query/scope.js'
import { recordedHost } from './recorded.js'

const host = recordedHost()
const { on, d } = createQueries(host)

/** A program without the places in the text it came from. */
function plain({ clauses, ...program }: Program): unknown {
  return { ...program, clauses: clauses.map(({ span: _, ...clause }) => clause) }
}

const POPULATE = 'xpv:::populate-physmap-start'

const CASES: readonly { name: string; query: () => Runnable; text: string }[] = [
  { name: 'a selection', query: () => on('xpv:::'), text: 'xpv::: { }' },
  {
    name: 'a name that only a probe can have',
    query: () => on('*-start').count(),
    text: '*-start { @ = count(); }',
  },
  { name: 'a name that could be a type', query: () => on('wake'), text: ':::wake { }' },
  { name: 'ticks', query: () => on('tick-100ms').count(), text: 'tick-100ms { @ = count(); }' },
  {
    name: 'count by a built-in',
    query: () => on('xpv:::*-start').by('probename').count(),
    text: 'xpv:::*-start { @[probename] = count(); }',
  },
  {
    name: 'sum of a named argument, keyed by another',
    query: () => on(POPULATE).by('domid', 'execname').sum('nr_extents'),
    text: `${POPULATE} { @[args[0], execname] = sum(args[1]); }`,
  },
  {
    name: 'an argument by its place is 64 bits signed',
    query: () => on('privcmd:domctl::entry').by('arg0').max('arg1'),
    text: 'privcmd:domctl::entry { @[arg0] = max(arg1); }',
  },
  {
    name: 'an argument hides the built-in of its name',
    query: () =>
      on(POPULATE)
        .by(arg('domid'))
        .where((_, b) => b.domid.eq(0))
        .count(),
    text: `${POPULATE} /domid == 0/ { @[args[0]] = count(); }`,
  },
  {
    name: 'the built-in, on request',
    query: () => on(POPULATE).by(builtin('domid')).count(),
    text: `${POPULATE} { @[domid] = count(); }`,
  },
  {
    name: 'conditions join',
    query: () =>
      on(POPULATE)
        .where((e) => e.domid.eq(3))
        .where((e) => e.execname.ne('xl'))
        .count(),
    text: `${POPULATE} /args[0] == 3 && execname != "xl"/ { @ = count(); }`,
  },
  {
    name: 'a condition in D',
    query: () => on(POPULATE).where('args[1] >= 64 || pid == 1').where('execname == "xl"').count(),
    text: `${POPULATE} /(args[1] >= 64 || pid == 1) && execname == "xl"/ { @ = count(); }`,
  },
  {
    name: 'a condition in D may name arguments; D knows its own names before',
    query: () =>
      on(POPULATE).where('nr_extents >= 64 && execname != "nr_extents" && domid == 0').count(),
    text: `${POPULATE} /args[1] >= 64 && execname != "nr_extents" && domid == 0/ { @ = count(); }`,
  },
  {
    name: 'arithmetic converts as D does',
    query: () =>
      on(POPULATE)
        .by({ page: (e) => e.extents.shr(12).band(0xfff), small: (e) => e.domid.add(1).neg() })
        .avg((e) => e.nr_extents.mul(4096).sub(e.arg0).div(e.pid).mod(-7)),
    text: `${POPULATE} { @[((uintptr_t)args[2] >> 12) & 4095, -(args[0] + 1)] =
      avg((args[1] * 4096 - arg0) / pid % -7); }`,
  },
  {
    name: 'wide and negative constants',
    query: () =>
      on('privcmd:domctl::entry').where((e) =>
        e.arg0
          .lt(-2147483648)
          .or(e.arg1.gt(0xffff_ffff))
          .xor(e.arg2.eq((1n << 63n) - 1n)),
      ),
    text: `privcmd:domctl::entry
      /(arg0 < -2147483648 || arg1 > 4294967295) ^^ arg2 == 9223372036854775807/ { }`,
  },
  {
    name: 'string functions',
    query: () =>
      on('privcmd:::entry')
        .where((e) => e.execname.startsWith('x').and(e.probefunc.contains('domain').not()))
        .by({ head: (e) => e.execname.substr(0, 2).concat('*') })
        .count(),
    text: `privcmd:::entry /index(execname, "x") == 0 && !(index(probefunc, "domain") >= 0)/ {
      @[strjoin(substr(execname, 0, 2), "*")] = count(); }`,
  },
  {
    name: 'histograms',
    query: () => on(POPULATE).quantize('nr_extents'),
    text: `${POPULATE} { @ = quantize(args[1]); }`,
  },
  {
    name: 'linear histograms',
    query: () => on(POPULATE).by('pid').lquantize('nr_extents', -10, 1000, 100),
    text: `${POPULATE} { @[pid] = lquantize(args[1], -10, 1000, 100); }`,
  },
  {
    name: 'log-linear histograms',
    query: () => on(POPULATE).by('pid').llquantize('nr_extents', 10, 1, 6, 20),
    text: `${POPULATE} { @[pid] = llquantize(args[1], 10, 1, 6, 20); }`,
  },
  {
    name: 'top',
    query: () => on('privcmd:::entry').by('probefunc').count().top(3),
    text: `#pragma D option quiet
      #pragma D option aggsortrev
      privcmd:::entry { @[probefunc] = count(); } dtrace:::END { trunc(@, 3); }`,
  },
  {
    name: 'bottom',
    query: () => on('privcmd:::entry').by('probefunc').count().bottom(3),
    text: `#pragma D option quiet
      privcmd:::entry { @[probefunc] = count(); } dtrace:::END { trunc(@, -3); }`,
  },
  {
    name: 'quantiles',
    query: () => on(POPULATE).by('domid').quantile('nr_extents', 0.5, 0.999),
    text: `${POPULATE} { @[args[0]] = quantile(args[1], 50, "99.9"); }`,
  },
  {
    name: 'a heat map',
    query: () => on(POPULATE).heatmap('nr_extents', '100ms'),
    text: `${POPULATE} { @ = heatmap(args[1], 100000000); }`,
  },
  {
    name: 'a series of maxima',
    query: () => on(POPULATE).series('nr_extents', '1s', 'max'),
    text: `${POPULATE} { @ = series(max(args[1]), "1s"); }`,
  },
  {
    name: 'a series sums unless told otherwise',
    query: () => on(POPULATE).series('nr_extents', '10hz'),
    text: `${POPULATE} { @ = series(args[1], "100ms"); }`,
  },
  {
    name: 'rate',
    query: () => on('privcmd:::entry').by('execname').rate('100ms'),
    text: `#pragma D option aggsortkey
      privcmd:::entry { @[execname, timestamp / 100000000] = count(); }`,
  },
  {
    name: 'latency of a pair, from either end or both',
    query: () => on('xpv:::populate-physmap-*').latency().quantize(),
    text: `xpv:::populate-physmap-start
      { self->populate_physmap_since = timestamp; self->populate_physmap_open = 1; }
      xpv:::populate-physmap-end /self->populate_physmap_open/
      { @ = quantize(timestamp - self->populate_physmap_since);
        self->populate_physmap_since = 0; self->populate_physmap_open = 0; }`,
  },
  {
    name: 'latency by what the start knew, where the start says so',
    query: () =>
      on(POPULATE)
        .where((e) => e.domid.gt(0))
        .latency()
        .by('nr_extents')
        .max(),
    text: `${POPULATE} /args[0] > 0/
      { self->populate_physmap_nr_extents = args[1];
        self->populate_physmap_since = timestamp; self->populate_physmap_open = 1; }
      xpv:::populate-physmap-end /self->populate_physmap_open/
      { @[self->populate_physmap_nr_extents] = max(timestamp - self->populate_physmap_since);
        self->populate_physmap_nr_extents = 0;
        self->populate_physmap_since = 0; self->populate_physmap_open = 0; }`,
  },
  {
    name: 'latency of functions shares one array',
    query: () => on('privcmd:domctl::entry').latency().by('probefunc').sum(),
    text: `privcmd:domctl::entry
      { self->entry_since[probefunc] = timestamp; self->entry_open[probefunc] = 1; }
      privcmd:domctl::return /self->entry_open[probefunc]/
      { @[probefunc] = sum(timestamp - self->entry_since[probefunc]);
        self->entry_since[probefunc] = 0; self->entry_open[probefunc] = 0; }`,
  },
  {
    name: 'a condition on the end keeps forgetting apart',
    query: () =>
      on('xpv:::dom-create-start')
        .latency()
        .where((e) => e.error.lt(0))
        .count(),
    text: `xpv:::dom-create-start { self->dom_create_since = timestamp; self->dom_create_open = 1; }
      xpv:::dom-create-end /self->dom_create_open && args[0] < 0/ { @ = count(); }
      xpv:::dom-create-end /self->dom_create_open/
      { self->dom_create_since = 0; self->dom_create_open = 0; }`,
  },
  {
    name: 'latency in microseconds',
    query: () => on('xpv:::dom-create-start').latency('us').quantize(),
    text: `xpv:::dom-create-start { self->dom_create_since = timestamp; self->dom_create_open = 1; }
      xpv:::dom-create-end /self->dom_create_open/
      { @ = quantize((timestamp - self->dom_create_since) / 1000);
        self->dom_create_since = 0; self->dom_create_open = 0; }`,
  },
  {
    name: 'latency of vcpus on pcpus',
    query: () => on('xdt:sched::on-cpu').latency().avg(),
    text: `xdt:::on-cpu { self->on_cpu_since = timestamp; self->on_cpu_open = 1; }
      xdt:::off-cpu /self->on_cpu_open/
      { @ = avg(timestamp - self->on_cpu_since); self->on_cpu_since = 0; self->on_cpu_open = 0; }`,
  },
  {
    name: 'a list: what may not have been recorded stands alone',
    query: () => on(POPULATE).select('domid', 'execname', 'extents'),
    text: `${POPULATE} { trace(execname); } ${POPULATE} { trace(args[0]); }
      ${POPULATE} { trace((uintptr_t)args[2]); }`,
  },
]

it.each(CASES)('$name', ({ query, text }) => {
  expect(plain(query().program())).toEqual(plain(host.compile(text)))
})

it.each(CASES)('$name: what it shows compiles to it again', ({ query }) => {
  const made = query()
  expect(plain(host.compile(made.toD()))).toEqual(plain(made.program()))
})

it.each(CASES)('$name: the same numbers', ({ query, text }) => {
  const fromText = host.run(host.compile(text))
  const fromQuery = query().run()
  expect(fromQuery.result).toEqual(fromText.result)
  expect(fromQuery.records).toEqual(fromText.records)
})

it('d compiles its text, and quotes what is put in', () => {
  const process = 'x"l'
  const made = d`xpv::: /execname == ${process} && pid > ${7}/ { printf("%s\n", ${d.text('probename')}); }`
  const text = 'xpv::: /execname == "x\\"l" && pid > 7/ { printf("%s\\n", probename); }'
  expect(made.source).toBe(text)
  expect(plain(made.program())).toEqual(plain(host.compile(text)))
})
