// Configurations of guests: the part of Python that they are written in, and what they ask for.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseConfig, wordValues } from '../../src/backend/sim/toolstack/config-text.js'
import {
  deviceNumber,
  diskConfig,
  guestConfig,
  pcpuList,
} from '../../src/backend/sim/toolstack/guest-config.js'

it.each([
  { text: 'memory = 512', values: { memory: 512 } },
  { text: `name="a"; kernel = '/boot/x' # why`, values: { name: 'a', kernel: '/boot/x' } },
  { text: 'disk = [ "a",\n  \'b\' + "c",\n]\n', values: { disk: ['a', 'bc'] } },
  { text: 'x = 0x10 + 2\ny = True\nz = None', values: { x: 18, y: 1, z: '' } },
  { text: 'vif = [ ]\nboot = ("c", "d")', values: { vif: [], boot: ['c', 'd'] } },
  { text: '# nothing\n\n', values: {} },
])('$text', ({ text, values }) => {
  const parsed = parseConfig(text)
  expect(parsed.kind === 'parsed' && Object.fromEntries(parsed.values)).toEqual(values)
})

it.each([
  { text: 'memory = = 3', line: 1 },
  { text: 'a = 1\nb = [ 1, 2\n', line: 2 },
  { text: 'a = 1\n\nb 2', line: 3 },
  { text: 'import os', line: 1 },
  { text: "a = 'open", line: 1 },
  { text: "a = 'x' + 1", line: 1 },
])('$text makes no sense in line $line', ({ text, line }) => {
  expect(parseConfig(text)).toMatchObject({ kind: 'failed', line })
})

it('words of a command line are values, or the text itself', () => {
  const { values, rest } = wordValues(['web1', 'memory=512', 'name=a-b', "disk=['x']", '-p'])
  expect(Object.fromEntries(values)).toEqual({ memory: 512, name: 'a-b', disk: ['x'] })
  expect(rest).toEqual(['web1', '-p'])
})

it('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab=[]\'"#\n,1 +;(x') }), (text) => {
      expect(['parsed', 'failed']).toContain(parseConfig(text).kind)
    }),
  )
})

it('what is not said is as the tools have it', () => {
  expect(guestConfig(new Map([['name', 'a']]))).toMatchObject({
    name: 'a',
    type: 'pv',
    memoryMiB: 128,
    maxMemoryMiB: 128,
    vcpus: 1,
    onPoweroff: 'destroy',
    onReboot: 'restart',
    onCrash: 'restart',
  })
  expect(guestConfig(new Map([['builder', 'hvm']])).type).toBe('hvm')
})

it.each([
  ['phy:/dev/dsk/c0d0s3,0,w', { format: 'phy', target: '/dev/dsk/c0d0s3', device: '0', mode: 'w' }],
  ['tap:aio:/x,xvda1,r', { format: 'tap:aio', target: '/x', device: 'xvda1', mode: 'r' }],
  ['file:/a,ioemu:hda,w', { format: 'file', target: '/a', device: 'ioemu:hda', mode: 'w' }],
])('disk %s', (spec, disk) => expect(diskConfig(spec)).toEqual(disk))

it.each([
  ['xvda', 51712],
  ['xvdb1', 51729],
  ['hda', 768],
  ['hdd', 5696],
  ['sdb1', 2065],
  ['0', 0],
  ['frob', undefined],
])('device %s is number %s', (name, number) => expect(deviceNumber(name)).toBe(number))

it.each([
  ['0-3,^1', [0, 2, 3]],
  ['all', [0, 1, 2, 3]],
  ['', [0, 1, 2, 3]],
  ['2,7', [2, 7]],
  ['3-1', undefined],
  ['x', undefined],
])('pcpus %s', (text, pcpus) => expect(pcpuList(text, 4)).toEqual(pcpus))
