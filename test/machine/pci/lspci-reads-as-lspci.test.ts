// Our text of configuration space against lspci's own: of functions of a real host, of the
// simulated one, and of bytes changed at random (golden/, printed by lspci 3.9.0 -F).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { PciListing } from '../../../src/machine/pci/listing.js'
import { lspci } from '../../../src/machine/pci/lspci.js'
import { pciHost } from '../../sim/pci-host.js'
import { captured, functionsOf, listingOf } from './captured.js'

/** Lines in which the capture differs from its own bytes, with the reason. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  // The kernel tells lspci of a window what it assigned; the register says it could be of 64 bits.
  '\tPrefetchable memory behind bridge: fe800000-fe9fffff [size=2M] [32-bit]':
    '\tPrefetchable memory behind bridge: 00000000fe800000-00000000fe9fffff [size=2M] [64-bit]',
}

const CAPTURES = ['host', 'after-inject-nic', 'after-inject-root-port'].flatMap((name) =>
  [...captured(name)].map(([id, of]) => ({ name: `${name} ${id}`, of })),
)

it.each(CAPTURES)('$name is told line by line as lspci told it', ({ of }) => {
  const { stdout } = lspci(['-vvv'], [listingOf(of)])
  const expected = of.lines.map((line) => DIFFERENCES[line] ?? line)
  expect(stdout.trimEnd().split('\n')).toEqual(expected)
})

it('all functions of the capture are compared', () => expect(CAPTURES).toHaveLength(10))

const golden = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'golden', `${name}.txt`), 'utf8')

/** Functions of a dump, of which nothing but the bytes is known. */
function dumped(name: string): PciListing[] {
  return [...functionsOf(golden(name)).values()].map(({ id, bytes }) => {
    if (bytes === undefined) throw new Error('no bytes')
    return { id, bytes }
  })
}

it.each([
  ['plain', []],
  ['v', ['-v']],
  ['vv', ['-vv']],
  ['vvv', ['-vvv']],
  ['nn', ['-nn']],
  ['nnv', ['-nnv']],
  ['n', ['-n']],
  ['nv', ['-n', '-v']],
  ['t', ['-t']],
  ['tv', ['-tv']],
  ['D', ['-D']],
  ['s', ['-s', '02:']],
  ['x', ['-x', '-s04:00.0']],
  ['m', ['-m']],
  ['mm', ['-mm']],
  ['mmnn', ['-mm', '-nn']],
  ['Dmmn', ['-D', '-mm', '-n']],
  ['vm', ['-vm']],
  ['vmm', ['-vmm']],
  ['vmmnn', ['-vmm', '-nn']],
  ['P', ['-P']],
  ['PP', ['-PP']],
])('the simulated host: lspci %s', (name, words) => {
  expect(lspci(words, dumped('dump')).stdout).toBe(golden(name))
})

it.each([
  ['odd-mm', ['-mm']],
  ['odd-mmnn', ['-mm', '-nn']],
  ['odd-vmm', ['-vmm']],
])('functions that nobody knows: lspci %s', (name, words) => {
  expect(lspci(words, dumped('odd-dump')).stdout).toBe(golden(name))
})

it('the dump is that of the simulated host as it is now', () => {
  const { pci } = pciHost('xen-4.20')
  pci.boot()
  const listings = pci.listings.map(({ id, bytes }) => ({ id, bytes }))
  const rows = lspci(['-xxxx'], listings).stdout.split('\n')
  const isZero = (row: string): boolean => /^[0-9a-f]+:( 00){16}$/.test(row)
  const short = (lines: readonly string[]): string =>
    lines.filter((line) => !isZero(line)).join('\n')
  expect(short(rows)).toBe(short(golden('dump').split('\n')))
})

it('functions whose registers were changed at random', () => {
  expect(lspci(['-vvv'], dumped('random-dump')).stdout).toBe(golden('random-vvv'))
})

const HOST = [...captured('host').values()].map(listingOf)

it.each([
  { name: 'only the header', length: 64, last: '\tCapabilities: <access denied>' },
  { name: 'no extended space', length: 256, last: '\t\tPBA: BAR=3 offset=00002000' },
])('$name: what is not to be seen is not said to be missing', ({ length, last }) => {
  const nic = HOST.at(-1)
  if (nic === undefined) throw new Error('no function')
  const { stdout } = lspci(['-vv'], [{ ...nic, bytes: nic.bytes.slice(0, length) }])
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(last)
  expect(stdout).not.toContain('Advanced Error Reporting')
})

it.each([
  [['-Q'], "lspci: invalid option -- 'Q'"],
  [['-s'], "lspci: option requires an argument -- 's'"],
  [['-s', 'zz'], 'lspci: -s: Invalid slot number'],
  [['-s', '100:00.0'], 'lspci: -s: Invalid bus number'],
  [['-s', '0:0.9'], 'lspci: -s: Invalid function number'],
  [['-d', 'xyz:'], 'lspci: -d: Invalid vendor ID'],
  [['what'], 'Usage: lspci [<switches>]'],
])('lspci %j is refused in its own words', (words, message) => {
  const { status, stdout, stderr } = lspci(words, HOST)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr.split('\n')[0]).toBe(message)
})

it.each([
  [['-s', '.2'], ['00:1f.2']],
  [
    ['-s', '1f'],
    ['00:1f.0', '00:1f.2', '00:1f.3'],
  ],
  [['-s', '0000:01:'], ['01:00.0']],
  [['-s', '01:*.*'], ['01:00.0']],
  [['-s', '0001:01:00.0'], []],
  [
    ['-d', '1af4:'],
    ['00:01.0', '00:02.0'],
  ],
  [['-d', '::0604'], ['00:03.0']],
  [['-s', '7f:00.0'], []],
])('lspci %j selects %j', (words, ids) => {
  const { status, stdout } = lspci(words, HOST)
  const shown = stdout.split('\n').filter((line) => line !== '')
  expect({ status, ids: shown.map((line) => line.split(' ')[0]) }).toEqual({ status: 0, ids })
})
