// Options: which there are, what values they take, and DTrace's words for the rest.
//
// Expected texts and rules are those of libdtrace's dt_options.c and dt_error.c.
import { describe, expect, it } from 'vitest'
import { parseRate, parseSize } from '../../src/dtrace/program/option-value.js'
import {
  OPTIONS,
  type OptionPlace,
  optionHint,
  optionMistake,
  versionNumber,
} from '../../src/dtrace/program/options.js'

const BAD_NAME = 'Invalid option name'
const BAD_VALUE = 'Invalid value for specified option'

const mistake = (option: string, place: Partial<OptionPlace> = {}): string | undefined => {
  const [name = '', value] = option.split(/=(.*)/s)
  return optionMistake(name, value, { dialect: 'illumos', from: 'command line', ...place })
}

it.each([
  ['4m', 4n << 20n],
  ['1K', 1024n],
  ['2t', 2n << 40n],
  ['0x10k', 16384n],
  ['010', 8n],
  ['0', 0n],
  ['', undefined],
  ['m', undefined],
  ['4mm', undefined],
  ['4q', undefined],
  ['-1', undefined],
  ['09', undefined],
  ['9223372036854775808', undefined],
])('the size %s is %s bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

it.each([
  ['1s', 1_000_000_000n],
  ['10HZ', 100_000_000n],
  ['2min', 120_000_000_000n],
  ['5', 5n],
  ['3us', 3000n],
  ['0hz', 0n],
  ['0.5hz', undefined],
  ['1 s', undefined],
  ['1fortnight', undefined],
])('the rate %s is every %s ns', (text, ns) => expect(parseRate(text)).toBe(ns))

describe('a flag takes no value, a switch may have one', () => {
  it.each([
    ['zdefs', undefined],
    ['zdefs=yes', BAD_VALUE],
    ['quiet', undefined],
    ['quiet=no', undefined],
    ['quiet=Enabled', undefined],
    ['quiet=', undefined],
    ['quiet=12', undefined],
    ['quiet=maybe', BAD_VALUE],
    ['droptags=anything', undefined],
    ['bufpolicy=ring', undefined],
    ['bufpolicy=RING', BAD_VALUE],
    ['bufpolicy', BAD_VALUE],
    ['stdc=X', BAD_VALUE],
    ['buflimit=101', BAD_VALUE],
    ['iregs=0', BAD_VALUE],
    ['Quiet', BAD_NAME],
    ['nixon', BAD_NAME],
  ])('%s', (option, expected) => expect(mistake(option)).toBe(expected))
})

it('some options are set before the program is read, some while it runs', () => {
  const late = 'Option cannot be used from within a D program'
  expect(mistake('cpppath=/bin/cpp', { from: 'pragma' })).toBe(late)
  expect(mistake('strsize=10', { from: 'pragma' })).toBeUndefined()
  expect(mistake('strsize=10', { from: 'setopt' })).toBe('Operation illegal when tracing is active')
  expect(mistake('quiet', { from: 'setopt' })).toBeUndefined()
})

it.each([
  ['version=1.6.3', undefined, undefined],
  ['version=1.13', undefined, 'Requested version is not supported by compiler'],
  ['version=2.0', 'Requested version is not supported by compiler', undefined],
  ['version=1.4096', ...twice('Version is not properly formatted or is too large')],
  ['version=one', ...twice('Version is not properly formatted or is too large')],
  ['version', ...twice(BAD_VALUE)],
  ['iregs=9', undefined, BAD_VALUE],
  ['iregs=7', undefined, 'Insufficient registers to generate code'],
  ['strsize=1', undefined, BAD_VALUE],
  ['strsize=2', undefined, undefined],
])('%s: %s on illumos, %s on Linux', (option, illumos, linux) => {
  expect(mistake(option)).toBe(illumos)
  expect(mistake(option, { dialect: 'linux' })).toBe(linux)
})

function twice(text: string): [string, string] {
  return [text, text]
}

it('a version is a number of 8, 12 and 12 bits', () => {
  expect(versionNumber('1.13')).toBe(0x0100d000)
  expect(versionNumber('1.6.3')).toBe(0x01006003)
})

it('a name that is near another is told so', () => {
  expect(optionHint('bufsiez')).toBe('did you mean bufsize?')
  expect(optionHint('Quiet')).toBe('did you mean quiet?')
  expect(optionHint('quiet')).toBeUndefined()
})

it('what an option is at first is a value it takes, and each has a line of help', () => {
  for (const { name, initially, doc } of OPTIONS.values()) {
    if (initially !== undefined)
      expect([name, mistake(`${name}=${initially}`)]).toEqual([name, undefined])
    expect(doc.length, name).toBeGreaterThan(10)
    expect(doc, name).toMatch(/^[a-zA-Z$].*[^.]$/)
  }
})
