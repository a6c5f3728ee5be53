// The types of queries: what the compiler knows of probes, arguments and rows.
import { expect, expectTypeOf, it } from 'vitest'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { BUILTINS } from '../../src/dtrace/program/builtins.js'
import type { BuiltinName } from '../../src/dtrace/program/program.js'
import { typeNamed } from '../../src/dtrace/program/type-names.js'
import type {
  BuiltinFields,
  FieldsOf,
  MatchOf,
  SpecOf,
  WideType,
} from '../../src/dtrace/query/fields.js'
import type { KnownProbe } from '../../src/dtrace/query/known-probe.js'
import type { Queries } from '../../src/dtrace/query/queries.js'

type Fields<S extends string> = FieldsOf<KnownProbe, S>
type Names<S extends string> = MatchOf<KnownProbe, S>['name']

it('exact descriptions are known, with and without the function', () => {
  type Specs = SpecOf<KnownProbe>
  expectTypeOf<'xpv:privcmd:privcmd_HYPERVISOR_domctl:dom-create-start'>().toExtend<Specs>()
  expectTypeOf<'xpv:::populate-physmap-start'>().toExtend<Specs>()
  expectTypeOf<'xdt:sched::on-cpu'>().toExtend<Specs>()
  expectTypeOf<'privcmd:domctl:createdomain:entry'>().toExtend<Specs>()
  expectTypeOf<'xpv:::dom-creat-start'>().not.toExtend<Specs>()
})

it('globs select as they do at run time', () => {
  expectTypeOf<Names<'xpv:::populate-*'>>().toEqualTypeOf<
    'populate-physmap-start' | 'populate-physmap-end'
  >()
  expectTypeOf<Names<'xpv:::dom-*-start'>>().toEqualTypeOf<
    'dom-create-start' | 'dom-destroy-start' | 'dom-pause-start' | 'dom-unpause-start'
  >()
  expectTypeOf<Names<'dtrace:::BEGIN'>>().toBeNever()
})

it('arguments have names and the width of their D type', () => {
  type F = Fields<'xpv:::populate-physmap-start'>
  expectTypeOf<F['domid']>().toEqualTypeOf<number>()
  expectTypeOf<F['nr_extents']>().toEqualTypeOf<bigint>()
  expectTypeOf<F['arg1']>().toEqualTypeOf<bigint>()
  expectTypeOf<F['execname']>().toEqualTypeOf<string>()
})

/** The built-ins that a program names alone: registers have an index. */
type Scalar = Exclude<BuiltinName, 'uregs'>

/** The built-ins whose value has this type in a row. */
type Holding<V> = { [N in Scalar]: BuiltinFields[N] extends V ? N : never }[Scalar]

it("the built-ins that are fields are D's, each as wide as D has it", () => {
  expectTypeOf<keyof BuiltinFields>().toEqualTypeOf<Scalar>()
  const wide: Record<Holding<bigint>, true> = {
    timestamp: true,
    vtimestamp: true,
    walltimestamp: true,
    xdt_timestamp: true,
    caller: true,
    ucaller: true,
  }
  const found = [...BUILTINS.values()].filter(({ type }) => type.kind === 'int' && type.bytes === 8)
  expect(found.map((known) => known.name).sort()).toEqual(Object.keys(wide).sort())
  const texts: Record<Holding<string>, true> = {
    probeprov: true,
    probemod: true,
    probefunc: true,
    probename: true,
    execname: true,
    zonename: true,
    root: true,
    cwd: true,
  }
  const strings = [...BUILTINS.values()].filter(({ type }) => type.kind === 'string')
  expect(strings.map((known) => known.name).sort()).toEqual(Object.keys(texts).sort())
})

it('a type is wide for rows where it has 64 bits in D, and no other is', () => {
  const wide: Record<WideType, true> = {
    long: true,
    'long long': true,
    'signed long': true,
    'signed long long': true,
    'unsigned long': true,
    'unsigned long long': true,
    int64_t: true,
    intptr_t: true,
    ssize_t: true,
    ptrdiff_t: true,
    time_t: true,
    clock_t: true,
    off_t: true,
    daddr_t: true,
    uint64_t: true,
    ulong_t: true,
    uintptr_t: true,
    size_t: true,
    dev_t: true,
    ino_t: true,
    cpumask_t: true,
    pfn_t: true,
    mfn_t: true,
    xen_pfn_t: true,
    xen_ulong_t: true,
    caddr_t: true,
    longlong_t: true,
    hrtime_t: true,
    offset_t: true,
    u_longlong_t: true,
  }
  const sizes = Object.keys(wide).map((name) => typeNamed(name))
  expect(sizes.filter((type) => type?.kind !== 'int' || type.bytes !== 8)).toEqual([])
  const used = standardCatalog().probes.flatMap((probe) => probe.args.map((arg) => arg.type))
  expect(used).toContain('uint32_t')
  for (const name of used) {
    const type = typeNamed(name)
    const isWide = type?.kind === 'int' && type.bytes === 8
    expect(name in wide || name.endsWith('*'), name).toBe(isWide)
  }
})

it('arguments of the trace records are as wide as their D type', () => {
  type Wake = Fields<'xdt:sched::wake'>
  expectTypeOf<Wake['domid']>().toEqualTypeOf<number>()
  expectTypeOf<Wake['vcpu']>().toEqualTypeOf<number>()
  type Hypercall = Fields<'xdt:pv::hypercall'>
  expectTypeOf<Hypercall['rip']>().toEqualTypeOf<bigint>()
  expectTypeOf<Hypercall['op']>().toEqualTypeOf<number>()
  expectTypeOf<Fields<'xdt:credit2::credit-burn'>['credit']>().toEqualTypeOf<bigint>()
})

it('a name that is no field is no key', () => {
  expectTypeOf<'nr_extent'>().not.toExtend<keyof Fields<'xpv:::populate-physmap-start'>>()
  expectTypeOf<'nr_extents'>().not.toExtend<keyof Fields<'xpv:::populate-physmap-*'>>()
})

it('what all selected probes have is a field, the rest is not', () => {
  type Ends = Fields<'xpv:::dom-*-end'>
  expectTypeOf<'error'>().toExtend<keyof Ends>()
  expectTypeOf<'error'>().not.toExtend<keyof Fields<'xpv:::dom-*'>>()
})

it('a built-in that some of the probes have as an argument is not taken for it', () => {
  expectTypeOf<'domid'>().not.toExtend<keyof Fields<'xpv:::*-start'>>()
  expectTypeOf<'domid'>().toExtend<keyof Fields<'xpv:::dom-create-*'>>()
})

it('a computed description leaves the check to run time', () => {
  expectTypeOf<keyof Fields<string>>().toEqualTypeOf<string>()
})

declare const queries: () => Queries<KnownProbe>

it('rows have the types of their keys and of what was measured', () => {
  const rows = () =>
    queries().on('xpv:::populate-physmap-start').by('domid', 'execname').sum('nr_extents').rows()
  expectTypeOf<ReturnType<typeof rows>[number]>().toEqualTypeOf<{
    readonly domid: number
    readonly execname: string
    readonly value: bigint
  }>()
  const counted = () => queries().on('xpv:::*-start').by('probename').count().rows()
  expectTypeOf<ReturnType<typeof counted>[number]>().toEqualTypeOf<{
    readonly probename: string
    readonly value: number
  }>()
})

it('a latency knows the fields of both its ends', () => {
  const rows = () =>
    queries().on('xpv:::populate-physmap-start').latency().by('nr_extents', 'result').rows()
  type Row = ReturnType<typeof rows>[number]
  expectTypeOf<Row['nr_extents']>().toEqualTypeOf<bigint>()
  expectTypeOf<Row['result']>().toEqualTypeOf<number>()
  expectTypeOf<Row['latencyNs']>().toEqualTypeOf<bigint>()
})

it('strings are not summed', () => {
  type Sum = Parameters<ReturnType<typeof exact>['sum']>[0]
  const exact = () => queries().on('xpv:::populate-physmap-start')
  expectTypeOf<'execname'>().not.toExtend<Sum>()
  expectTypeOf<'domid'>().toExtend<Sum>()
})

it('a condition is made of terms, not of JavaScript booleans', () => {
  type Asked = Parameters<ReturnType<typeof exact>['where']>[0]
  const exact = () => queries().on('xpv:::populate-physmap-start')
  expectTypeOf<(e: { domid: unknown }) => boolean>().not.toExtend<Asked>()
})
