// Nvlist text: an nvlist as `fmdump -V` lays it out, and back.
//
//   nvlist version: 0
//   <tab>class = ereport.cpu.generic-x86.mc
//   <tab>detector = (embedded nvlist)
//   <tab>nvlist version: 0
//   <tab><tab>version = 0x0
//   <tab>(end detector)
//   <blank line>
//
// Holds: printing what was parsed gives the same bytes. Unsigned numbers are in hexadecimal, signed
// ones in decimal, true is 1; an nvlist ends with a blank line. Types are not printed: see
// member-type.ts for how they come back. Source: illumos-gate usr/src/lib/libnvpair/libnvpair.c.
import { assertNever } from '../../base/assert.js'
import { XpvError } from '../../base/error.js'
import { isBooleanMember, isStringMember, numberMember } from './member-type.js'
import { type NvList, type NvValue, nv } from './nvlist.js'

const HEADER = 'nvlist version: 0'
const LIST = '(embedded nvlist)'
const LISTS = '(array of embedded nvlists)'

/** Prints an nvlist, each line ended; `depth` tabs in front. */
export function printNvlist(list: NvList, depth = 0): string {
  const indent = '\t'.repeat(depth)
  const members = [...list].map(([name, value]) => printMember(name, value, depth + 1))
  return `${indent}${HEADER}\n${members.join('')}`
}

function printMember(name: string, value: NvValue, depth: number): string {
  const indent = '\t'.repeat(depth)
  if (value.kind === 'nvlist') {
    const body = printNvlist(value.value, depth)
    return `${indent}${name} = ${LIST}\n${body}${indent}(end ${name})\n\n`
  }
  if (value.kind === 'nvlist[]') {
    const parts = value.value.map((list, i) => {
      const body = printNvlist(list, depth)
      return `${indent}(start ${name}[${i}])\n${body}${indent}(end ${name}[${i}])\n`
    })
    return `${indent}${name} = ${LISTS}\n${parts.join('')}\n`
  }
  return `${indent}${name} = ${printScalar(value)}\n`
}

/** One value as its text; nested lists have none of their own. */
function printScalar(value: Exclude<NvValue, { kind: 'nvlist' | 'nvlist[]' }>): string {
  switch (value.kind) {
    case 'flag':
      return '1'
    case 'boolean':
      return value.value ? '1' : '0'
    case 'string':
      return value.value
    case 'double':
      return `0x${value.value.toFixed(6)}`
    case 'byte':
      return hexByte(value.value)
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return hex(value.value)
    case 'hrtime':
      return hex(BigInt.asUintN(64, value.value))
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return String(value.value)
    case 'boolean[]':
      return value.value.map(Number).join(' ')
    case 'string[]':
      return value.value.join(' ')
    case 'byte[]':
      return value.value.map(hexByte).join(' ')
    case 'uint8[]':
    case 'uint16[]':
    case 'uint32[]':
      return value.value.map(hex).join(' ')
    case 'uint64[]':
      return value.value.map(hex).join(' ')
    case 'int8[]':
    case 'int16[]':
    case 'int32[]':
      return value.value.map(String).join(' ')
    case 'int64[]':
      return value.value.map(String).join(' ')
    default:
      return assertNever(value)
  }
}

const hex = (value: number | bigint): string => `0x${value.toString(16)}`
const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`

/** Reads what `printNvlist` prints. Throws XpvError `fma.nvlist-text`, naming the line. */
export function parseNvlist(text: string): NvList {
  const reader: Reader = { lines: text.replace(/\n$/, '').split('\n'), at: 0 }
  const list = parseList(reader, 0)
  while (reader.lines[reader.at]?.trim() === '') reader.at++
  if (reader.at < reader.lines.length) throw unexpected(reader, 'the end')
  return list
}

interface Reader {
  readonly lines: readonly string[]
  at: number
}

/** Lists in lists, at most: deeper text is refused rather than overflowing the stack. */
const DEEPEST = 64

function parseList(reader: Reader, depth: number): NvList {
  if (depth > DEEPEST) throw unexpected(reader, `at most ${DEEPEST} levels`)
  expectLine(reader, '\t'.repeat(depth) + HEADER)
  const list = new Map<string, NvValue>()
  const indent = '\t'.repeat(depth + 1)
  for (;;) {
    const line = reader.lines[reader.at]
    if (line?.startsWith(indent) !== true) return list
    const member = /^([^\s(].*?) = (.*)$/s.exec(line.slice(depth + 1))
    if (member === null) return list
    reader.at++
    const [, name = '', value = ''] = member
    list.set(name, parseValue(reader, { name, value, depth: depth + 1 }))
  }
}

interface Member {
  readonly name: string
  readonly value: string
  readonly depth: number
}

function parseValue(reader: Reader, { name, value, depth }: Member): NvValue {
  const indent = '\t'.repeat(depth)
  if (value === LIST) {
    const list = parseList(reader, depth)
    expectLine(reader, `${indent}(end ${name})`)
    expectLine(reader, '')
    return nv.list(list)
  }
  if (value !== LISTS) return scalarOf(name, value)
  const lists: NvList[] = []
  while (reader.lines[reader.at] === `${indent}(start ${name}[${lists.length}])`) {
    reader.at++
    const list = parseList(reader, depth)
    expectLine(reader, `${indent}(end ${name}[${lists.length}])`)
    lists.push(list)
  }
  expectLine(reader, '')
  return nv.lists(lists)
}

/** A value by what it looks like and by what members of that name are. What would print otherwise
 *  (leading zeros, two spaces) stays a string. */
function scalarOf(name: string, text: string): NvValue {
  if (isBooleanMember(name) && /^[01]$/.test(text)) return nv.boolean(text === '1')
  if (isStringMember(name)) return nv.string(text)
  const words = text.split(' ')
  const unsigned = words.every((word) => /^0x(0|[1-9a-f][0-9a-f]*)$/.test(word))
  const signed = words.every((word) => /^(0|-?[1-9]\d*)$/.test(word))
  if (!unsigned && !signed) return nv.string(text)
  const written = signed ? 'signed' : 'unsigned'
  const one = words.length === 1
  return numberMember(name, words.map(BigInt), { written, one }) ?? nv.string(text)
}

function expectLine(reader: Reader, line: string): void {
  if (reader.lines[reader.at] !== line && !(line === '' && reader.at >= reader.lines.length)) {
    throw unexpected(reader, line === '' ? 'a blank line' : `"${line.trim()}"`)
  }
  reader.at++
}

function unexpected(reader: Reader, expected: string): XpvError {
  const line = reader.lines[reader.at]
  const seen = line === undefined ? 'the end' : `"${line.trim()}"`
  const message = `line ${reader.at + 1}: ${expected} was expected, not ${seen}`
  return new XpvError('fma.nvlist-text', message, 'the output of fmdump -V, one event at a time')
}
