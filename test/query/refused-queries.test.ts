// What a query refuses, with a stable code and the next thing to type.
import { expect, it } from 'vitest'
import { DiagnosticError } from '../../src/base/diagnostic.js'
import { XpvError } from '../../src/base/error.js'
import { createQueries } from '../../src/dtrace/query/queries.js'
import { builtin } from '../../src/dtrace/query/scope.js'
import { recordedHost } from './recorded.js'

const { on } = createQueries(recordedHost())
/** Descriptions that are computed: the compiler leaves their fields to run time. */
const any = (spec: string) => on(spec)

function refusal(make: () => unknown): XpvError {
  try {
    make()
  } catch (error) {
    if (error instanceof XpvError) return error
    throw error
  }
  throw new Error('was not refused')
}

const POPULATE = 'xpv:::populate-physmap-start'

it.each([
  {
    name: 'a mistyped probe',
    make: () => any('xpv:::dom-creat-start'),
    code: 'query.no-probe',
    hint: "on('xpv:::dom-create-start')",
  },
  { name: 'too many parts', make: () => any('a:b:c:d:e'), code: 'query.no-probe', hint: undefined },
  {
    name: 'a mistyped field',
    make: () => any(POPULATE).by('nr_extent'),
    code: 'query.unknown-field',
    hint: "'nr_extents'",
  },
  {
    name: 'a mistyped field in a condition',
    make: () => any(POPULATE).where((e) => e['exename']?.eq('xl') ?? never()),
    code: 'query.unknown-field',
    hint: "'execname'",
  },
  {
    name: 'an argument that only some have',
    make: () => any('xpv:::*-start').sum('nr_extents'),
    code: 'query.unknown-field',
    hint: '{ nr_extents: e => e.arg1 }',
  },
  {
    name: 'a built-in that some have as an argument',
    make: () => any('xpv:::*-start').by('domid'),
    code: 'query.unknown-field',
    hint: "{ domid: e => e.arg0 }, or builtin('domid'): the domain",
  },
  {
    name: 'an argument elsewhere',
    make: () => any('privcmd:domctl:destroydomain:').by('domid'),
    code: 'query.unknown-field',
    hint: "{ domid: e => e.arg0 }, or builtin('domid'): the domain",
  },
  {
    name: 'a string to sum',
    make: () => any(POPULATE).sum('execname'),
    code: 'query.type',
    hint: undefined,
  },
  {
    name: "JavaScript's own comparison",
    make: () => any(POPULATE).where((e) => Object.is(e['domid'], 3) as never),
    code: 'query.type',
    hint: 'e => e.domid.eq(3).and(e.execname.ne("xl"))',
  },
  {
    name: "JavaScript's own addition",
    make: () => any(POPULATE).sum((e) => (Number(e['domid']) + 1) as never),
    code: 'query.type',
    hint: 'e => e.domid.eq(3).and(e.execname.ne("xl"))',
  },
  {
    name: 'a fraction',
    make: () => on(POPULATE).where((e) => e.domid.eq(0.5)),
    code: 'query.type',
    hint: undefined,
  },
  {
    name: 'a division by zero',
    make: () => on(POPULATE).sum((e) => e.domid.div(0)),
    code: 'query.type',
    hint: undefined,
  },
  {
    name: 'a key twice',
    make: () => on(POPULATE).by('domid').by(builtin('domid')),
    code: 'query.duplicate-key',
    hint: '.by({ my_domid: e => e.domid })',
  },
  {
    name: 'a key with the name of what is measured',
    make: () => any('xdt:hvm::msr-read').by('value').count(),
    code: 'query.duplicate-key',
    hint: '.by({ my_value: e => e.value })',
  },
  {
    name: 'no pair',
    make: () => on('xpv:::mmap-entry').latency(),
    code: 'query.no-pair',
    hint: expect.stringContaining('latency()'),
  },
  {
    name: 'ends alone',
    make: () => on('xpv:::dom-*-end').latency(),
    code: 'query.no-pair',
    hint: expect.stringContaining('latency()'),
  },
  {
    name: 'a length of time that is none',
    make: () => on(POPULATE).rate('soon'),
    code: 'query.period',
    hint: ".rate('100ms')",
  },
  {
    name: 'intervals without number',
    make: () => on('privcmd:::entry').rate('10ns').rows(),
    code: 'query.count',
    hint: ".rate('1s')",
  },
  {
    name: 'no groups',
    make: () => on(POPULATE).count().top(0),
    code: 'query.count',
    hint: undefined,
  },
  {
    name: 'a step of zero',
    make: () => on(POPULATE).lquantize('domid', 0, 10, 0),
    code: 'query.lquantize',
    hint: '.lquantize(..., 0, 1000, 100)',
  },
  {
    name: 'magnitudes that fall',
    make: () => on(POPULATE).llquantize('domid', 10, 6, 0, 20),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'fewer steps than the factor',
    make: () => on(POPULATE).llquantize('domid', 10, 0, 6, 5),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'steps that are no whole numbers',
    make: () => on(POPULATE).llquantize('domid', 10, 0, 6, 15),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'magnitudes beyond 64 bits',
    make: () => on(POPULATE).llquantize('domid', 10, 0, 20, 10),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'a factor of one',
    make: () => on(POPULATE).llquantize('domid', 1, 0, 6, 20),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'half a magnitude',
    make: () => on(POPULATE).llquantize('domid', 10, 0.5, 6, 20),
    code: 'query.llquantize',
    hint: '.llquantize(..., 10, 0, 6, 20)',
  },
  {
    name: 'a quantile beyond all values',
    make: () => on(POPULATE).quantile('domid', 1),
    code: 'query.quantile',
    hint: '.quantile(..., 0.5, 0.99)',
  },
  {
    name: 'one quantile twice',
    make: () => on(POPULATE).quantile('domid', 0.5, 0.5),
    code: 'query.quantile',
    hint: '.quantile(..., 0.5, 0.99)',
  },
  {
    name: 'no quantiles',
    make: () => on(POPULATE).latency().quantile(),
    code: 'query.quantile',
    hint: '.quantile(..., 0.5, 0.99)',
  },
  {
    name: 'a heat map by no length of time',
    make: () => on(POPULATE).heatmap('domid', 'often'),
    code: 'query.period',
    hint: ".heatmap(..., '100ms')",
  },
  {
    name: 'more than an expression',
    make: () => on(POPULATE).where('1/ { trace(1); } xpv::: /1'),
    code: 'query.predicate',
    hint: 'a whole program fits into d`...`',
  },
  {
    name: 'a variable in a condition',
    make: () => on(POPULATE).where('(x = pid) == 1'),
    code: 'query.predicate',
    hint: 'a whole program fits into d`...`',
  },
])('$name', ({ make, code, hint }) => {
  const error = refusal(make)
  expect(error.code).toBe(code)
  expect(error.message).not.toBe('')
  expect(error.hint).toEqual(hint)
})

it('a mistake in the D of a condition is the compiler’s to tell', () => {
  expect(() => on(POPULATE).where('pid ==')).toThrow(DiagnosticError)
  expect(() => on(POPULATE).where('nosuch == 1')).toThrow(DiagnosticError)
})

function never(): never {
  throw new Error('not reached')
}
