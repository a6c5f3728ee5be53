import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nv, nvlist } from '../../src/fma/event/nvlist.js'
import { messageFor, messageOf, messages } from '../../src/fma/message/catalog.js'
import { parseDiagcode, printDiagcode } from '../../src/fma/message/diagcode.js'
import { codeIn, parseDictionary } from '../../src/fma/message/dictionary.js'
import { expandMessage, printMessage } from '../../src/fma/message/message-text.js'

/** Codes, severities, types and keys of public dictionaries: numbers and names, none of the text. */
const PUBLIC = readFileSync(join(import.meta.dirname, 'public-message-codes.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t') as [code: string, severity: string, type: string, key: string])

it('190 public codes say a number, and the number makes the code', () => {
  expect(PUBLIC).toHaveLength(190)
  for (const [code] of PUBLIC) expect(printDiagcode(parseDiagcode(code))).toBe(code)
})

it('a code is the one that the public dictionaries have for these classes', () => {
  const ours = PUBLIC.filter(([code]) => messageOf(code) !== undefined)
  expect(messages()).toHaveLength(177)
  expect(ours).toHaveLength(messages().length)
  for (const [code, severity, type, key] of ours) {
    expect(messageFor(key.split(' '))).toMatchObject({ code, severity, type })
  }
})

it('public codes without a message of ours are not about diagnosis', () => {
  const others = PUBLIC.filter(([code]) => messageOf(code) === undefined)
  const key = /Deprecated|zones|boot|smf|panic/
  expect(others.filter(([, , , classes]) => !key.test(classes))).toEqual([])
})

// Numbers of all four sizes, from libdiagcode's own sample dictionaries.
it.each([
  ['SAMPLE0', 5n, 'SAMPLE0-8000-5V'],
  ['SAMPLE1', 2_097_150n, 'SAMPLE1-9YYY-X6'],
  ['SAMPLE1', 2_097_151n, 'SAMPLE1-9YYY-YT'],
  ['SAMPLE1', 2_097_153n, 'SAMPLE1-A000-0000-FJ'],
  ['SAMPLE2', 36_029_071_898_968_063n, 'SAMPLE2-EYYY-YYYY-YYYY-E8'],
  ['SAMPLE2', 36_029_071_898_968_064n, 'SAMPLE2-F000-0000-0000-000E-XN'],
  ['SAMPLE2', 3_032_727_735n, 'SAMPLE2-A0PK-JV1E-WU'],
])('%s %i is %s', (dictionary, value, code) => {
  expect(printDiagcode({ dictionary, value })).toBe(code)
  expect(parseDiagcode(code)).toEqual({ dictionary, value })
})

it('any number comes back from its code', () => {
  const value = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 72n }),
    fc.bigInt({ min: 0n, max: 300_000_000_000n }),
    fc.bigInt({ min: 0n, max: 3_000_000n }),
  )
  const dictionary = fc.stringMatching(/^[A-Z][A-Z0-9]{0,7}$/)
  fc.assert(
    fc.property(fc.record({ dictionary, value }), (code) => {
      expect(parseDiagcode(printDiagcode(code))).toEqual(code)
    }),
  )
})

it.each([
  ['GMCA-8000-LG', 'mistyped'],
  ['GMCB-8000-LF', 'mistyped'],
  ['SAMPLE0-8000-5S', 'mistyped'],
  ['SAMPLE0-7000-5V', 'mistyped'],
  ['GMCA-8000-LFF', 'no code'],
  ['GMCA-800-0LF', 'no code'],
  ['GMCA-8000-BO', 'no code'],
  ['GMCA', 'no code'],
  ['', 'no code'],
])('%j is refused: %s', (code, why) => {
  expect(() => parseDiagcode(code)).toThrow(why)
})

it('of 1,000 codes with one wrong digit at least 990 are noticed', () => {
  const slips = PUBLIC.flatMap(([code]) =>
    [...code.matchAll(/(?<=-.*)[^-]/g)].flatMap(({ index, 0: digit }) =>
      [...'0123456789ACDEFGHJKLMNPQRSTUVWXY']
        .filter((other) => other !== digit)
        .map((other) => `${code.slice(0, index)}${other}${code.slice(index + 1)}`),
    ),
  )
  const passed = slips.filter((code) => isCode(code))
  expect(passed.length / slips.length).toBeLessThan(0.01)
})

function isCode(code: string): boolean {
  try {
    return parseDiagcode(code).value >= 0n
  } catch {
    return false
  }
}

it('every message says something for each of its parts, and no two say it for one code', () => {
  expect(new Set(messages().map(({ code }) => code)).size).toBe(messages().length)
  for (const { description, response, impact, action } of messages()) {
    for (const text of [description, response, impact, action]) {
      expect(text).toMatch(/^[A-Z`].*\.$/)
      expect(text).not.toMatch(/undefined|pci|%/)
    }
  }
})

it('the order and number of suspects do not matter; a diagnosis without a message has one', () => {
  const classes = ['fault.io.pciex.device-noresp', 'fault.io.pciex.bus-noresp']
  expect(messageFor([...classes, ...classes]).code).toBe('PCIEX-8000-25')
  expect(messageFor(classes).description).toBe(
    'One of these is at fault: a link that lost a request or its answer; a device that does not answer.',
  )
  expect(messageFor(['fault.no.such.thing']).code).toBe('FMD-8000-11')
  expect(messageFor(['list.repaired']).code).toBe('FMD-8000-4M')
})

it('a dictionary of somebody else is read', () => {
  const dictionary = parseDictionary(
    '# ours\n\nFMDICT: name=MINE version=1 maxkey=2 dictid=0x1\nfault.b fault.a fault.b=0x2 two\n\n' +
      'fault.c = 3\nnothing\nfault.d=x\n',
  )
  expect(dictionary.name).toBe('MINE')
  expect(codeIn(dictionary, ['fault.a', 'fault.b'])).toBe(
    printDiagcode({ dictionary: 'MINE', value: 2n }),
  )
  expect(codeIn(dictionary, ['fault.c'])).toMatch(/^MINE-8000-3/)
  expect(codeIn(dictionary, ['fault.d'])).toBeUndefined()
})

it.each([
  ['', 'line 1:'],
  ['# x\nfault.a=1\n', 'line 2:'],
  ['FMDICT: name=a version=1 maxkey=1\n', 'line 1:'],
  ['FMDICT: name=A version=2 maxkey=1\n', 'line 1:'],
  ['FMDICT: name=A version=1\n', 'line 1:'],
])('%j is no dictionary', (text, where) => {
  expect(() => parseDictionary(text)).toThrow(where)
})

const AUTHORITY = {
  version: nv.uint8(0),
  'product-id': nv.string('product'),
  'product-sn': nv.string('product_sn'),
  'chassis-id': nv.string('chassis'),
  'server-id': nv.string('server'),
}

const DIAGNOSIS = nvlist({
  class: nv.string('list.suspect'),
  uuid: nv.string('12345678'),
  'diag-time': nv.int64s([0x9400000n, 0n]),
  de: nv.list(
    nvlist({
      scheme: nv.string('fmd'),
      authority: nv.list(nvlist(AUTHORITY)),
      'mod-name': nv.string('eft'),
      'mod-version': nv.string('1.0'),
    }),
  ),
  test_arr: nv.lists([nvlist({ index: nv.uint8(0) }), nvlist({ index: nv.uint8(1) })]),
})

// The same sequences, and the same outcomes, as in libfmd_msg's test.
it.each([
  [
    'url = %s',
    'url = http://illumos.org/msg/TEST-8000-08',
    'url = http://illumos.org/msg/TEST-8000-08',
  ],
  ['%%', '%', '%'],
  [
    'uuid = %<uuid>, de = %<de.scheme>',
    'uuid = 12345678, de = fmd',
    'uuid = %<uuid>, de = %<de.scheme>',
  ],
  ['index = %<test_arr[1].index>', 'index = 1', 'index = %<test_arr[1].index>'],
  ['%<test_arr[2].index>%<nobody>', '', '%<test_arr[2].index>%<nobody>'],
  ['a%xb%', 'ab', 'ab'],
])('the text %j becomes %j', (text, expanded, bare) => {
  const code = 'TEST-8000-08'
  expect(expandMessage(text, { code, diagnosis: DIAGNOSIS })).toBe(expanded)
  expect(expandMessage(text, { code })).toBe(bare)
})

it('an article may be anywhere', () => {
  const articles = 'http://foo.bar.com/'
  expect(expandMessage('%s', { code: 'A-8000-00', articles })).toBe('http://foo.bar.com/A-8000-00')
})

it('a message is laid out as on the console', () => {
  expect(printMessage(messageFor(['fault.cpu.generic-x86.l1dcache']), DIAGNOSIS)).toBe(
    `SUNW-MSG-ID: GMCA-8000-LF, TYPE: Fault, VER: 1, SEVERITY: Major
EVENT-TIME: Mon Dec  2 04:07:28 UTC 1974
PLATFORM: product, CSN: product_sn, HOSTNAME: server
SOURCE: eft, REV: 1.0
EVENT-ID: 12345678
DESC: The level 1 data cache of a processor has had more corrected errors than chance explains, or one that was not corrected.
AUTO-RESPONSE: The fault manager tries to take the processor strand out of service.
IMPACT: The host may do less work in the same time.
REC-ACTION: Plan to replace the processor module. \`fmadm faulty\` names it.
`,
  )
})

it('what a diagnosis does not say is a dash', () => {
  const text = printMessage(messageFor(['list.repaired']), nvlist({}))
  expect(text).toContain(
    'EVENT-TIME: -\nPLATFORM: -, CSN: -, HOSTNAME: -\nSOURCE: -, REV: -\nEVENT-ID: -\n',
  )
})
