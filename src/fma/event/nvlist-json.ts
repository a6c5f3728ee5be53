// Nvlist JSON: an nvlist as `fmdump -j` prints it, in one line, and back.
//
//   {"class":"ereport.cpu.generic-x86.mc","ena":4294967297,"detector":{"version":0,...}}
//
// Holds: printing what was parsed gives the same bytes, for what this prints itself. Numbers keep
// all 64 bits, so JSON.parse cannot read them. What is not ASCII is escaped. Types come back by
// name (member-type.ts). Source: illumos-gate usr/src/lib/libnvpair/nvpair_json.c.
import { XpvError } from '../../base/error.js'
import { numberMember } from './member-type.js'
import { type NvList, type NvValue, nv } from './nvlist.js'

/** Prints an nvlist in one line of ASCII, without a newline. */
export function printNvlistJson(list: NvList): string {
  const members = [...list].map(([name, value]) => `${quote(name)}:${printValue(value)}`)
  return `{${members.join(',')}}`
}

function printValue(value: NvValue): string {
  if (value.kind === 'flag') return 'true'
  return Array.isArray(value.value)
    ? `[${value.value.map(printPlain).join(',')}]`
    : printPlain(value.value, value.kind === 'double')
}

function printPlain(value: unknown, double: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' && double === true) return value.toFixed(6)
  if (value instanceof Map) return printNvlistJson(value)
  return String(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

function quote(text: string): string {
  const escaped = text.replace(/["\\]|[^ -\x7f]/g, (c) => {
    return ESCAPES[c] ?? c.replace(/./gs, unicodeEscape)
  })
  return `"${escaped}"`
}

const unicodeEscape = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Reads one JSON object as an nvlist. Throws XpvError `fma.nvlist-json`, naming the column. */
export function parseNvlistJson(text: string): NvList {
  const reader: Reader = { text, at: 0 }
  const value = parseJson(reader, 0)
  skipSpace(reader)
  if (reader.at < text.length) throw unexpected(reader, 'the end')
  if (!(value instanceof Map)) throw unexpected({ text, at: 0 }, 'an object')
  return listOf(value)
}

/** JSON with numbers as they were written. */
type Json = string | boolean | Digits | Json[] | Map<string, Json>
interface Digits {
  readonly digits: string
}

interface Reader {
  readonly text: string
  at: number
}

/** Objects in objects, at most: deeper text is refused rather than overflowing the stack. */
const DEEPEST = 64

function listOf(object: Map<string, Json>): NvList {
  return new Map([...object].map(([name, value]) => [name, memberOf(name, value)]))
}

function memberOf(name: string, json: Json): NvValue {
  if (typeof json === 'string') return nv.string(json)
  if (typeof json === 'boolean') return nv.boolean(json)
  if (json instanceof Map) return nv.list(listOf(json))
  if (Array.isArray(json)) return arrayOf(name, json)
  if (!/^-?\d+$/.test(json.digits)) return nv.double(Number(json.digits))
  const value = BigInt(json.digits)
  const how = { written: 'either', one: true } as const
  return numberMember(name, [value], how) ?? nv.double(Number(value))
}

function arrayOf(name: string, array: readonly Json[]): NvValue {
  const { length } = array
  const strings = array.filter((item) => typeof item === 'string')
  const lists = array.filter((item) => item instanceof Map)
  if (length === 0 || strings.length === length) return nv.strings(strings)
  if (lists.length === length) return nv.lists(lists.map(listOf))
  const booleans = array.filter((item) => typeof item === 'boolean')
  if (booleans.length === length) return { kind: 'boolean[]', value: booleans }
  const numbers = array.flatMap((item) => digitsOf(item))
  if (numbers.length === length) {
    const found = numberMember(name, numbers, { written: 'either', one: false })
    if (found !== undefined) return found
  }
  const message = `"${name}" has elements of several types, or numbers of over 64 bits`
  throw new XpvError('fma.nvlist-json', message)
}

function digitsOf(item: Json): bigint[] {
  const written = typeof item === 'object' && 'digits' in item ? item.digits : ''
  return /^-?\d+$/.test(written) ? [BigInt(written)] : []
}

function parseJson(reader: Reader, depth: number): Json {
  if (depth > DEEPEST) throw unexpected(reader, `at most ${DEEPEST} levels`)
  skipSpace(reader)
  const next = reader.text[reader.at]
  if (next === '{') return parseObject(reader, depth)
  if (next === '[') return parseArray(reader, depth)
  if (next === '"') return parseString(reader)
  if (next === 't' && take(reader, 'true')) return true
  if (next === 'f' && take(reader, 'false')) return false
  const [digits = ''] = match(reader, /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (digits === '') throw unexpected(reader, 'a value')
  return { digits }
}

function parseObject(reader: Reader, depth: number): Map<string, Json> {
  const object = new Map<string, Json>()
  reader.at++
  while (!close(reader, '}', object.size > 0)) {
    skipSpace(reader)
    const name = parseString(reader)
    skipSpace(reader)
    if (!take(reader, ':')) throw unexpected(reader, '":"')
    object.set(name, parseJson(reader, depth + 1))
  }
  return object
}

function parseArray(reader: Reader, depth: number): Json[] {
  const array: Json[] = []
  reader.at++
  while (!close(reader, ']', array.length > 0)) array.push(parseJson(reader, depth + 1))
  return array
}

/** Takes the closing mark, or the comma before another element. */
function close(reader: Reader, mark: string, more: boolean): boolean {
  skipSpace(reader)
  if (take(reader, mark)) return true
  if (more && !take(reader, ',')) throw unexpected(reader, `"," or "${mark}"`)
  return false
}

function parseString(reader: Reader): string {
  const [simple, inner = ''] = match(reader, /"([ !#-[\]-\uffff]*)"/y)
  if (simple !== undefined) return inner
  const [quoted] = match(reader, /"[^"\\]*(?:\\.[^"\\]*)*"/y)
  if (quoted === undefined) throw unexpected(reader, 'a string')
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw unexpected({ ...reader, at: reader.at - quoted.length }, 'a string')
  }
}

function match(reader: Reader, pattern: RegExp): readonly string[] {
  pattern.lastIndex = reader.at
  const found = pattern.exec(reader.text) ?? []
  reader.at += found[0]?.length ?? 0
  return found
}

function take(reader: Reader, word: string): boolean {
  const there = reader.text.startsWith(word, reader.at)
  if (there) reader.at += word.length
  return there
}

/** Blank, tab, line feed, carriage return. */
const SPACES = new Set([32, 9, 10, 13])

function skipSpace(reader: Reader): void {
  while (SPACES.has(reader.text.charCodeAt(reader.at))) reader.at++
}

function unexpected(reader: Reader, expected: string): XpvError {
  const seen = reader.text.slice(reader.at, reader.at + 20)
  const there = seen === '' ? 'the end' : `"${seen}"`
  const message = `column ${reader.at + 1}: ${expected} was expected, not ${there}`
  return new XpvError('fma.nvlist-json', message, 'the output of fmdump -Vj, one line an event')
}
