import { expectTypeOf, it } from 'vitest'
import type { PRIVCMD_PROBES } from '../../src/dtrace/probe/privcmd-probes.js'
import type { XPV_PROBES } from '../../src/dtrace/probe/xpv-probes.js'

type Privcmd = (typeof PRIVCMD_PROBES)[number]
type Xpv = (typeof XPV_PROBES)[number]

it('probe names and argument names are literal types', () => {
  type Populate = Extract<
    Privcmd,
    { module: 'memory_op'; function: 'populate_physmap'; name: 'return' }
  >
  expectTypeOf<Populate['args'][number]['name']>().toEqualTypeOf<
    'result' | 'domid' | 'nr_extents' | 'extent_order' | 'mem_flags' | 'extent_start' | 'addr'
  >()
  type Create = Extract<Privcmd, { module: 'domctl'; function: 'createdomain'; name: 'entry' }>
  expectTypeOf<Create['args'][number]['name']>().toEqualTypeOf<
    'domid' | 'u0' | 'u1' | 'u2' | 'version' | 'addr'
  >()
  type Mapped = Extract<Xpv, { name: 'mmap-entry' }>
  expectTypeOf<Mapped['args'][number]['name']>().toEqualTypeOf<'va' | 'mfn' | 'npages'>()
  expectTypeOf<Extract<Xpv, { module: 'unix' }>['args']>().toEqualTypeOf<readonly []>()
})
