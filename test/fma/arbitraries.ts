// Random nvlists and FMRIs, as events have them.
import fc from 'fast-check'
import type { Fmri } from '../../src/fma/event/fmri.js'
import { type NvList, type NvValue, nv } from '../../src/fma/event/nvlist.js'

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/)
const plain = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,9}$/)
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(some, { nil: undefined })

/** Text of one line, of any characters. */
const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\n\r\0]/g, ''))

const value: fc.Arbitrary<NvValue> = fc.oneof(
  fc.constant(nv.flag),
  fc.boolean().map(nv.boolean),
  fc.nat(0xff).map(nv.byte),
  fc.nat(0xff).map(nv.uint8),
  fc.integer({ min: -128, max: 127 }).map(nv.int8),
  fc.nat(0xffff).map(nv.uint16),
  fc.integer().map(nv.int32),
  fc.nat(0xffff_ffff).map(nv.uint32),
  int64.map(nv.int64),
  uint64.map(nv.uint64),
  line.map(nv.string),
  fc.array(line).map(nv.strings),
  fc.array(fc.nat(0xff)).map(nv.uint8s),
  fc.array(int64).map(nv.int64s),
  fc.array(uint64).map(nv.uint64s),
)

const { list } = fc.letrec<{ list: NvList; member: NvValue }>((tie) => ({
  member: fc.oneof(
    { depthSize: 'small' },
    value,
    tie('list').map(nv.list),
    fc.array(tie('list'), { maxLength: 3 }).map(nv.lists),
  ),
  list: fc
    .uniqueArray(fc.tuple(plain, tie('member')), { selector: ([name]) => name, maxLength: 6 })
    .map((members) => new Map(members)),
}))

/** Nvlists with members of all types, and lists in lists. */
export const nvlists = list

const authority = maybe(
  fc
    .uniqueArray(fc.tuple(fc.constantFrom('product-id', 'server-id', 'chassis-id'), plain), {
      selector: ([name]) => name,
      minLength: 1,
    })
    .map((parts) => new Map(parts)),
)
const path = fc.stringMatching(/^(\/[a-z0-9@,]{1,8}){1,4}$/)
const hcId = fc.oneof(
  fc.nat(64).map(String),
  fc.stringMatching(/^[a-z0-9]{1,5}(\/[a-z0-9]{1,5})?$/),
)
const hcName = word.filter((name) => name !== 'offset' && name !== 'physaddr')
const pairs = fc.array(fc.record({ name: hcName, id: hcId }), { minLength: 1, maxLength: 20 })
const address = fc.oneof(
  fc.constant({}),
  uint64.map((offset) => ({ offset })),
  uint64.map((physaddr) => ({ physaddr })),
)
const cache = fc.record({
  index: fc.nat(0xffff_ffff),
  way: fc.nat(9),
  bit: fc.nat(0xffff),
  type: fc.nat(1),
})
const facility = fc.record({ type: fc.constantFrom('sensor', 'indicator'), name: plain })
const hc = fc.tuple(
  fc.record({
    scheme: fc.constant('hc' as const),
    authority,
    serial: maybe(plain),
    part: maybe(plain),
    revision: maybe(plain),
    path: pairs,
    facility: maybe(facility),
  }),
  address,
)
const unum = fc.oneof(plain, path, fc.constantFrom('hc:///motherboard=0/chip=1/dimm=2', 'J0 %é'))
const site = fc.oneof(
  plain.map((token) => ({ token })),
  fc.record({ file: plain, func: maybe(plain), line: maybe(fc.nat().map(BigInt)) }),
)

/** FMRIs of all schemes, with what their strings say and nothing else. */
export const fmris: fc.Arbitrary<Fmri> = fc.oneof(
  hc.map(([fmri, place]) => ({ ...fmri, ...place })),
  fc.record({
    scheme: fc.constant('cpu' as const),
    cpuid: fc.nat(0xffff_ffff),
    serial: maybe(plain),
    cache: maybe(cache),
  }),
  fc
    .tuple(
      unum.map((u) => u.replace(/ /g, ',')),
      address,
    )
    .map(([u, place]) => {
      return { scheme: 'mem' as const, unum: u, ...place }
    }),
  fc.record({
    scheme: fc.constant('dev' as const),
    path,
    devid: maybe(plain),
    targetPort: maybe(plain),
  }),
  plain.map((name) => ({ scheme: 'fmd' as const, name })),
  fc.record({ scheme: fc.constant('mod' as const), name: plain, id: fc.nat(), authority }),
  fc.record({ scheme: fc.constant('pkg' as const), name: plain, authority }),
  fc.record({
    scheme: fc.constant('svc' as const),
    name: fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6}){0,2}$/),
    instance: maybe(plain),
    contract: maybe(plain),
    scope: maybe(plain),
    system: maybe(plain),
  }),
  fc.record({
    scheme: fc.constant('sw' as const),
    authority,
    path,
    root: maybe(path),
    site: maybe(site),
  }),
  fc.record({ scheme: fc.constant('zfs' as const), pool: uint64, vdev: maybe(uint64) }),
  line
    .filter((component) => component !== '' && !/\p{Surrogate}/u.test(component))
    .map((component) => ({ scheme: 'legacy-hc' as const, component })),
)
