// Whatever a query says, the D it shows compiles to the same program.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Program } from '../../src/dtrace/program/program.js'
import { createQueries } from '../../src/dtrace/query/queries.js'
import type { Runnable } from '../../src/dtrace/query/runnable.js'
import { IntTerm, StringTerm, type Term, type Terms } from '../../src/dtrace/query/term.js'
import { recordedHost } from './recorded.js'

const host = recordedHost()
const { on } = createQueries(host)

type Fields = Terms<Readonly<Record<string, number | bigint | string>>>
/** An expression as a function of the fields, so that it can be made for any selection. */
type IntMaker = (e: Fields) => IntTerm
type StringMaker = (e: Fields) => StringTerm

const SPECS = [
  'xpv:::populate-physmap-start',
  'xpv:::*-start',
  'privcmd:domctl:createdomain:entry',
  'privcmd:::entry',
  'xdt:sched::on-cpu',
  'xdt:pv::',
] as const

const INT_FIELDS = ['arg0', 'arg1', 'arg7', 'pid', 'tid', 'cpu', 'timestamp', 'epid']
const STRING_FIELDS = ['execname', 'probename', 'probefunc', 'probemod', 'zonename']

const constant = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(2147483647, 2147483648, -2147483648, -2147483649, 4294967296),
  fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 64n) - 1n }),
)
const letters = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '%', '*') })

const intField: fc.Arbitrary<IntMaker> = fc
  .constantFrom(...INT_FIELDS)
  .map((name) => (e) => intTerm(e, name))
const stringField: fc.Arbitrary<StringMaker> = fc
  .constantFrom(...STRING_FIELDS)
  .map((name) => (e) => stringTerm(e, name))

function intTerm(e: Fields, name: string): IntTerm {
  const term: unknown = e[name]
  if (term instanceof IntTerm) return term
  throw new Error(`${name} is no integer`)
}

function stringTerm(e: Fields, name: string): StringTerm {
  const term: unknown = e[name]
  if (term instanceof StringTerm) return term
  throw new Error(`${name} is no string`)
}

const BINARY = ['add', 'sub', 'mul', 'band', 'bor', 'bxor', 'shl', 'shr'] as const
const COMPARE = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const
const LOGICAL = ['and', 'or', 'xor'] as const

const { int } = fc.letrec<{ int: IntMaker; string: StringMaker }>((tie) => ({
  int: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    intField,
    fc.tuple(fc.constantFrom(...BINARY, ...COMPARE, ...LOGICAL), tie('int'), tie('int')).map(
      ([op, l, r]): IntMaker =>
        (e) =>
          l(e)[op](r(e)),
    ),
    fc.tuple(fc.constantFrom(...BINARY, ...COMPARE, ...LOGICAL), tie('int'), constant).map(
      ([op, l, r]): IntMaker =>
        (e) =>
          l(e)[op](r),
    ),
    fc.tuple(fc.constantFrom('div' as const, 'mod' as const), tie('int'), tie('int')).map(
      ([op, l, r]): IntMaker =>
        (e) =>
          l(e)[op](r(e)),
    ),
    fc.tuple(fc.constantFrom('neg' as const, 'bnot' as const, 'not' as const), tie('int')).map(
      ([op, l]): IntMaker =>
        (e) =>
          l(e)[op](),
    ),
    fc.tuple(fc.constantFrom(...COMPARE), tie('string'), tie('string')).map(
      ([op, l, r]): IntMaker =>
        (e) =>
          l(e)[op](r(e)),
    ),
    fc
      .tuple(
        fc.constantFrom('contains' as const, 'startsWith' as const, 'index' as const),
        tie('string'),
        letters,
      )
      .map(
        ([op, l, r]): IntMaker =>
          (e) =>
            l(e)[op](r),
      ),
  ),
  string: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    stringField,
    fc.tuple(tie('string'), letters).map(
      ([l, r]): StringMaker =>
        (e) =>
          l(e).concat(r),
    ),
    fc.tuple(tie('string'), tie('int')).map(
      ([l, r]): StringMaker =>
        (e) =>
          l(e).substr(r(e), 3),
    ),
  ),
}))

const KEYS = ['probename', 'execname', 'pid', 'arg3'] as const

const query: fc.Arbitrary<Runnable> = fc
  .record({
    spec: fc.constantFrom(...SPECS),
    conditions: fc.array(int, { maxLength: 2 }),
    keys: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 3 }),
    computed: fc.option(int, { nil: undefined }),
    value: int,
    fn: fc.constantFrom(
      ...(['count', 'sum', 'avg', 'max', 'quantize', 'lquantize', 'rate', 'list'] as const),
      ...(['quantile', 'heatmap', 'series', 'llquantize'] as const),
    ),
    latency: fc.boolean(),
    top: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  })
  .map(({ spec, conditions, keys, computed, value, fn, latency, top }) => {
    let selection = on(spec as string).by(...keys)
    for (const condition of conditions) selection = selection.where((e) => condition(e as Fields))
    const computable = (e: unknown): Term => computed?.(e as Fields) ?? value(e as Fields)
    if (computed !== undefined) selection = selection.by({ computed: computable })
    if (fn === 'rate') return selection.rate('10ms')
    if (fn === 'list') return selection
    const amount = (e: unknown) => value(e as Fields)
    if (latency && fn === 'quantile') return on('xpv:::*-start').latency().quantile(0.25)
    if (fn === 'quantile') return selection.quantile(amount, 0.5, 0.123456)
    if (fn === 'heatmap') return selection.heatmap(amount, '1500us')
    if (fn === 'series') return selection.series(amount, '7ms', latency ? 'avg' : 'sum')
    if (latency && !spec.startsWith('xdt:pv')) {
      const calls = selection.latency()
      return fn === 'count' ? calls.count() : fn === 'quantize' ? calls.quantize() : calls
    }
    if (fn === 'lquantize') return selection.lquantize(amount, -5, 500, 7)
    if (fn === 'llquantize') return selection.llquantize(amount, 2, 3, 9, 4)
    const made = fn === 'count' ? selection.count() : selection[fn](amount)
    return top === undefined ? made : made.top(top)
  })

/** A program without the places in the text it came from. */
function plain({ clauses, ...program }: Program): unknown {
  return { ...program, clauses: clauses.map(({ span: _, ...clause }) => clause) }
}

it('toD() compiles to the program of the query', () => {
  fc.assert(
    fc.property(query, (made) => {
      expect(plain(host.compile(made.toD()))).toEqual(plain(made.program()))
    }),
    { numRuns: Number(process.env['XPV_FUZZ'] ?? 150) },
  )
})
