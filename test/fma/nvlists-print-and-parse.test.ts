import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  integerMember,
  integersMember,
  memberAt,
  nv,
  nvlist,
  stringMember,
} from '../../src/fma/event/nvlist.js'
import { parseNvlistJson, printNvlistJson } from '../../src/fma/event/nvlist-json.js'
import { parseNvlist, printNvlist } from '../../src/fma/event/nvlist-text.js'
import { nvlists } from './arbitraries.js'

const EREPORT = nvlist({
  class: nv.string('ereport.cpu.generic-x86.l1dcache'),
  ena: nv.uint64(0x1b2c3d4e5f600401n),
  detector: nv.list(
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('hc'),
      'hc-list-sz': nv.uint32(1),
      'hc-list': nv.lists([nvlist({ 'hc-name': nv.string('chip'), 'hc-id': nv.string('0') })]),
    }),
  ),
  overflow: nv.boolean(false),
  IA32_MCi_STATUS: nv.uint64(0x9000000000000135n),
  __ttl: nv.uint8(1),
  __tod: nv.uint64s([0x47a0b1c2n, 0x5n]),
})

const TEXT = `nvlist version: 0
	class = ereport.cpu.generic-x86.l1dcache
	ena = 0x1b2c3d4e5f600401
	detector = (embedded nvlist)
	nvlist version: 0
		version = 0x0
		scheme = hc
		hc-list-sz = 0x1
		hc-list = (array of embedded nvlists)
		(start hc-list[0])
		nvlist version: 0
			hc-name = chip
			hc-id = 0
		(end hc-list[0])

	(end detector)

	overflow = 0
	IA32_MCi_STATUS = 0x9000000000000135
	__ttl = 0x1
	__tod = 0x47a0b1c2 0x5
`

const JSON_LINE =
  '{"class":"ereport.cpu.generic-x86.l1dcache","ena":1958007344816194561,' +
  '"detector":{"version":0,"scheme":"hc","hc-list-sz":1,' +
  '"hc-list":[{"hc-name":"chip","hc-id":"0"}]},"overflow":false,' +
  '"IA32_MCi_STATUS":10376293541461623093,"__ttl":1,"__tod":[1201713602,5]}'

describe('text', () => {
  it('is laid out as fmdump -V lays it out', () => {
    expect(printNvlist(EREPORT)).toBe(TEXT)
  })

  it("gives the protocol's members their types back", () => {
    const parsed = parseNvlist(TEXT)
    expect(printNvlist(parsed)).toBe(TEXT)
    expect(parsed).toEqual(EREPORT)
  })

  it.each([
    [nv.flag, '1'],
    [nv.byte(7), '0x07'],
    [nv.int16(-3), '-3'],
    [nv.int64(-(2n ** 63n)), '-9223372036854775808'],
    [nv.uint64(2n ** 64n - 1n), '0xffffffffffffffff'],
    [nv.double(0.5), '0x0.500000'],
    [nv.strings(['a', 'b']), 'a b'],
    [nv.int64s([-1n, 2n]), '-1 2'],
  ])('%o is printed as %s', (value, text) => {
    expect(printNvlist(nvlist({ x: value }))).toBe(`nvlist version: 0\n\tx = ${text}\n`)
  })

  it('is the same after parsing, whatever is in it', () => {
    fc.assert(
      fc.property(nvlists, (list) => {
        const text = printNvlist(list)
        expect(printNvlist(parseNvlist(text))).toBe(text)
      }),
    )
  })

  it.each([
    ['nvlist version: 1\n', 'line 1: "nvlist version: 0" was expected'],
    ['nvlist version: 0\n\tx = (embedded nvlist)\n', 'line 3: "nvlist version: 0" was expected'],
    [deepText(66), 'at most 64 levels was expected'],
    ['nvlist version: 0\n\tx = 1\nmore\n', 'line 3: the end was expected, not "more"'],
  ])('says where %j is none', (text, message) => {
    expect(() => parseNvlist(text)).toThrow(message)
  })
})

describe('JSON', () => {
  it('is one line, with all 64 bits', () => {
    expect(printNvlistJson(EREPORT)).toBe(JSON_LINE)
    expect(parseNvlistJson(JSON_LINE)).toEqual(EREPORT)
  })

  it('is ASCII, and reads as JSON', () => {
    const list = nvlist({ 'ü"': nv.string('a\n\\\u0001€😀'), d: nv.double(1.5) })
    const line = printNvlistJson(list)
    expect(line).toBe('{"\\u00fc\\"":"a\\n\\\\\\u0001\\u20ac\\ud83d\\ude00","d":1.500000}')
    expect(parseNvlistJson(line)).toEqual(list)
    expect(JSON.parse(line)).toEqual({ 'ü"': 'a\n\\\u0001€😀', d: 1.5 })
  })

  it('is the same after parsing, whatever is in it', () => {
    fc.assert(
      fc.property(nvlists, (list) => {
        const line = printNvlistJson(list)
        expect(printNvlistJson(parseNvlistJson(line))).toBe(line)
      }),
    )
  })

  it('reads spaces and new lines', () => {
    const list = parseNvlistJson(' { "ena" : 1 ,\n "x" : [ -1 , 2 ] } ')
    expect(list.get('ena')).toEqual(nv.uint64(1n))
    expect(integersMember(list, 'x')).toEqual([-1n, 2n])
  })

  it.each([
    ['[]', 'column 1: an object was expected'],
    ['{"a":1}x', 'column 8: the end was expected, not "x"'],
    ['{"a" 1}', 'column 6: ":" was expected, not "1}"'],
    ['{"a":nil}', 'column 6: a value was expected'],
    ['{"a":"\\q"}', 'column 6: a string was expected'],
    ['{"a":[1,"b"]}', '"a" has elements of several types'],
    [`${'{"a":'.repeat(100)}1`, 'at most 64 levels was expected'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseNvlistJson(text)).toThrow(message)
  })
})

it('members are found by name, type and path', () => {
  expect(stringMember(EREPORT, 'class')).toBe('ereport.cpu.generic-x86.l1dcache')
  expect(integerMember(EREPORT, 'overflow')).toBe(0n)
  expect(integerMember(EREPORT, 'class')).toBeUndefined()
  expect(memberAt(EREPORT, '__tod[1]')).toEqual(nv.uint64(5n))
  expect(memberAt(EREPORT, 'detector.hc-list[1].hc-id')).toBeUndefined()
  expect(memberAt(EREPORT, 'class.x')).toBeUndefined()
})

it('a number that does not fit its type is a bug', () => {
  expect(() => nv.uint8(256)).toThrow('256 is no uint8')
  expect(() => nv.int64(2n ** 63n)).toThrow('is no int64')
})

/** Text of lists in lists. */
function deepText(depth: number): string {
  const levels = Array.from({ length: depth }, (_, i) => '\t'.repeat(i))
  return levels.map((tabs) => `${tabs}nvlist version: 0\n${tabs}\tx = (embedded nvlist)\n`).join('')
}

it('whatever is damaged in a log is refused in words, or read', () => {
  const cut = fc.tuple(nvlists, fc.nat(400), fc.nat(20), fc.string({ maxLength: 3 }))
  fc.assert(
    fc.property(cut, ([list, at, gone, instead]) => {
      for (const [print, parse] of [
        [printNvlist, parseNvlist],
        [printNvlistJson, parseNvlistJson],
      ] as const) {
        const text = print(list)
        try {
          parse(`${text.slice(0, at)}${instead}${text.slice(at + gone)}`)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^fma\.nvlist-(text|json)$/) })
        }
      }
    }),
    { numRuns: 1000 },
  )
})
