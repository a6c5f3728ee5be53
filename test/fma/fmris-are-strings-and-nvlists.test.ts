import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fmriFromNvlist, fmriToNvlist, parseFmri, printFmri } from '../../src/fma/event/fmri.js'
import { nv, nvlist } from '../../src/fma/event/nvlist.js'
import { parseNvlistJson, printNvlistJson } from '../../src/fma/event/nvlist-json.js'
import { parseNvlist, printNvlist } from '../../src/fma/event/nvlist-text.js'
import { fmris } from './arbitraries.js'

it.each([
  'hc:///motherboard=0/chip=0/core=1/strand=0',
  'hc://:product-id=Sun-Fire-X4600:server-id=atrium:serial=12:part=371:revision=50/chassis=0/bay=3',
  'hc:///motherboard=0/memory-controller=0/dimm=2/rank=0/physaddr=12345000',
  'hc:///motherboard=0/dimm=2/offset=0',
  'hc:///ses-enclosure=0/bay=slot/3/disk=0',
  'hc:///chassis=0/bay=3?indicator=locate',
  'cpu:///cpuid=5',
  'cpu:///cpuid=5/serial=0123456789ABCDEF',
  'cpu:///cpuid=5/cacheindex=12/cacheway=1/cachebit=3/cachetype=0',
  'mem:///unum=/SYS/MB/P0/B0/D0/offset=1000',
  'mem:///motherboard=0/chip=0/memory-controller=0/dimm=1/rank=0/physaddr=12345000',
  'mem:///unum=J%23%3D0',
  'dev:////pci@0,0/pci8086,2@1',
  'dev:///:devid=id1,sd@n5:target-port-l0id=w50//pci@0,0/disk@0,0',
  'fmd:///module/eft',
  'mod:///mod-name=e1000g/mod-id=57',
  'pkg://:host-id=1/SUNWcsu',
  'svc:///network/ssh:default',
  'svc://scope@host/network/ssh:default@42',
  'sw:///:root=/a:path=/usr/lib/libc.so.1#:file=malloc.c:func=malloc:line=12',
  'sw:///:path=/usr/lib/libc.so.1#:token=0x1f',
  'zfs://pool=1f2e3d4c/vdev=1a2b',
  'zfs://pool=tank',
  'legacy-hc:///component=MB%20A',
])('%s is understood and printed again', (text) => {
  expect(printFmri(parseFmri(text))).toBe(text)
})

it('any FMRI comes back from its string', () => {
  fc.assert(
    fc.property(fmris, (fmri) => {
      expect(parseFmri(printFmri(fmri))).toEqual(fmri)
    }),
    { numRuns: 500 },
  )
})

it('any FMRI comes back from its nvlist, and from what fmdump prints of that', () => {
  fc.assert(
    fc.property(fmris, (fmri) => {
      const list = fmriToNvlist(fmri)
      const same = printFmri(fmri)
      expect(printFmri(fmriFromNvlist(list))).toBe(same)
      expect(printFmri(fmriFromNvlist(parseNvlistJson(printNvlistJson(list))))).toBe(same)
      expect(printFmri(fmriFromNvlist(parseNvlist(printNvlist(list))))).toBe(same)
    }),
    { numRuns: 500 },
  )
})

it('an nvlist keeps what the string does not say', () => {
  const fmri = {
    scheme: 'mod',
    name: 'e1000g',
    id: 57,
    description: 'a driver',
    pkg: { scheme: 'pkg', name: 'SUNWe1000g', version: '11.10', basedir: '/' },
  } as const
  expect(fmriFromNvlist(fmriToNvlist(fmri))).toEqual(fmri)
})

it('the address of the ASRU is printed where there is no other', () => {
  const path = [{ name: 'dimm', id: '0' }]
  expect(printFmri({ scheme: 'hc', path, asruPhysaddr: 0x1000n })).toBe(
    'hc:///dimm=0/physaddr=1000',
  )
  expect(printFmri({ scheme: 'hc', path, asruOffset: 2n, physaddr: 1n })).toBe(
    'hc:///dimm=0/offset=2',
  )
})

it('version 0 of the cpu scheme has a number for a serial number', () => {
  const list = nvlist({
    version: nv.uint8(0),
    scheme: nv.string('cpu'),
    cpuid: nv.uint32(3),
    serial: nv.uint64(0xabcn),
  })
  expect(printFmri(fmriFromNvlist(list))).toBe('cpu:///cpuid=3/serial=ABC')
})

it.each([
  ['', 'fma.fmri'],
  ['chip=0', 'fma.fmri'],
  ['hcc:///chip=0', 'fma.fmri-scheme'],
  ['hc:///chip', 'fma.fmri'],
  ['hc:///chip=', 'fma.fmri'],
  ['hc:///=0', 'fma.fmri'],
  ['hc://serial=1/chip=0', 'fma.fmri'],
  ['hc:///dimm=0/physaddr=xyz', 'fma.fmri'],
  [`hc:///${Array.from({ length: 21 }, (_, i) => `a=${i}`).join('/')}`, 'fma.fmri'],
  ['cpu:///cpuid=4294967296', 'fma.fmri'],
  ['cpu:///cpuid=1/cacheindex=1', 'fma.fmri'],
  ['mem:///', 'fma.fmri'],
  ['mem:///unum=%', 'fma.fmri'],
  ['dev:///pci', 'fma.fmri'],
  ['dev:///://pci', 'fma.fmri'],
  ['fmd:///eft', 'fma.fmri'],
  ['mod:///mod-name=a', 'fma.fmri'],
  ['svc:///', 'fma.fmri'],
  ['sw:///usr/lib', 'fma.fmri'],
  ['zfs:///tank', 'fma.fmri'],
])('%j is refused', (text, code) => {
  expect(() => parseFmri(text)).toThrow(expect.objectContaining({ code }))
})

it('a scheme that is misspelt is guessed, a malformed FMRI shown how', () => {
  expect(() => parseFmri('hcc:///chip=0')).toThrow(expect.objectContaining({ hint: 'hc' }))
  const hint = 'cpu:///cpuid=0'
  expect(() => parseFmri('cpu:///5')).toThrow(expect.objectContaining({ hint }))
  expect(() => fmriFromNvlist(nvlist({ scheme: nv.string('cpu') }))).toThrow(
    'no cpu FMRI has only the members scheme',
  )
  expect(() => fmriToNvlist({ scheme: 'zfs', pool: 'tank' })).toThrow('"tank" is not known')
})

it('no text makes the parser fail otherwise', () => {
  const text = fc.tuple(
    fc.constantFrom(
      'hc',
      'cpu',
      'mem',
      'dev',
      'fmd',
      'mod',
      'pkg',
      'svc',
      'sw',
      'zfs',
      'legacy-hc',
    ),
    fc.stringMatching(/^[a-z0-9:/=@?#%,.-]*$/),
  )
  fc.assert(
    fc.property(text, ([scheme, body]) => {
      try {
        const fmri = parseFmri(`${scheme}://${body}`)
        expect(parseFmri(printFmri(fmri))).toEqual(fmri)
      } catch (error) {
        expect(error).toMatchObject({ name: 'XpvError', code: 'fma.fmri' })
      }
    }),
    { numRuns: 2000 },
  )
})
