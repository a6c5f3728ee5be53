// What the compiler knows of the probes of registers and machine checks.
import { expectTypeOf, it } from 'vitest'
import type { FieldsOf, MatchOf, SpecOf } from '../../src/dtrace/query/fields.js'
import type { KnownProbe } from '../../src/dtrace/query/known-probe.js'

it('names', () => {
  expectTypeOf<'msr:::gp-fault'>().toExtend<SpecOf<KnownProbe>>()
  expectTypeOf<'mca:::telemetry-dropped'>().toExtend<SpecOf<KnownProbe>>()
  expectTypeOf<'msr:::gp-falt'>().not.toExtend<SpecOf<KnownProbe>>()
  expectTypeOf<MatchOf<KnownProbe, 'msr:::w*'>['name']>().toEqualTypeOf<'write' | 'write-dropped'>()
  expectTypeOf<MatchOf<KnownProbe, 'mca:::c*'>['name']>().toEqualTypeOf<'cmci' | 'cleared'>()
})

it('arguments', () => {
  type Msr = FieldsOf<KnownProbe, 'msr:::read'>
  expectTypeOf<Msr['msr']>().toEqualTypeOf<number>()
  expectTypeOf<Msr['value']>().toEqualTypeOf<bigint>()
  type Mca = FieldsOf<KnownProbe, 'mca:::latched'>
  expectTypeOf<Mca['bank']>().toEqualTypeOf<number>()
  expectTypeOf<Mca['status']>().toEqualTypeOf<bigint>()
})
