// Parsing of paths and classes.
//
//   chip[0]/core<c>/strand        steps with instances
//   ereport.cpu.generic-x86.l2    a class; after its first word reserved words may stand in it
//   config chip0/core1            steps with their instance glued on
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/escparse.y (pname, iterid, ename, ipname).
import { nearest } from '../../base/nearest.js'
import { CLASS_TYPES } from './class-type.js'
import { parseExpression } from './parse-expression.js'
import { shown } from './token.js'
import type { TokenStream } from './token-stream.js'
import type { ClassAt, ConfigPart, Path, Step } from './tree.js'
import { PATH_FUNCTIONS, RESERVED } from './words.js'

/** A path. */
export function parsePath(ts: TokenStream): Path {
  const from = ts.peek().place
  const steps = [parseStep(ts)]
  while (ts.take('/')) steps.push(parseStep(ts))
  return { steps, at: ts.since(from) }
}

function parseStep(ts: TokenStream): Step {
  ts.part()
  const from = ts.peek().place
  let name = parseName(ts, 'a step of a path, such as chip/core')
  while (ts.at('-') && ts.peek(1).kind === 'word') {
    ts.next()
    name += `-${parseName(ts, 'the rest of a name')}`
  }
  const base = { name, expands: 'vertical', instance: undefined } as const
  if (ts.take('[')) {
    const instance = ts.at(']') ? undefined : parseExpression(ts)
    ts.expect(']', 'an instance')
    return { ...base, instance, at: ts.since(from) }
  }
  if (!ts.take('<')) return { ...base, at: ts.since(from) }
  const iterator = ts.at('>') ? undefined : ts.peek().place
  const word = iterator === undefined ? undefined : parseName(ts, 'an iterator between < and >')
  ts.expect('>', 'an iterator')
  const instance =
    iterator === undefined || word === undefined
      ? undefined
      : ({ kind: 'name', name: word, at: iterator } as const)
  return { name, expands: 'horizontal', instance, at: ts.since(from) }
}

/** A word that is not reserved. */
export function parseName(ts: TokenStream, what: string): string {
  const token = ts.peek()
  if (token.kind !== 'word') ts.fail(`expected ${what}, not ${shown(token)}`)
  if (RESERVED.has(token.text)) {
    const message = `${token.text} is a word of Eversholt itself and cannot be ${what}`
    ts.fail(message, undefined, 'esc.reserved-word')
  }
  return ts.next().text
}

/** A class, where it happens, and its constraints. */
export function parseClassAt(ts: TokenStream): ClassAt {
  ts.part()
  const from = ts.peek().place
  const name = parseClass(ts)
  const path = ts.take('@') ? parsePath(ts) : undefined
  const at = ts.since(from)
  const constraints = ts.take('{') ? parseConstraints(ts) : []
  return { name, path, constraints, at }
}

function parseClass(ts: TokenStream): string {
  const first = ts.peek()
  let name = parseName(ts, 'a class, such as ereport.cpu.generic-x86.l2cache')
  if (!ts.at('.')) {
    const near = nearest(name, [...CLASS_TYPES])
    const hint = near === undefined ? undefined : `${near}.${name === near ? 'io.device' : name}`
    ts.fail(`expected . and more after ${name}: a class has several words`, hint)
  }
  if (!CLASS_TYPES.has(name)) {
    const near = nearest(name, [...CLASS_TYPES])
    const hint =
      near === undefined ? `one of ${[...CLASS_TYPES].join(', ')}` : `did you mean ${near}?`
    const message = `${name} is no type of class`
    ts.diagnostics.error(first.place, 'esc.unknown-class-type', message, hint)
  }
  while (ts.at('.') || (ts.at('-') && name.includes('.'))) {
    const joint = ts.next().text
    name += `${joint}${classWord(ts)}`
  }
  return name
}

/** A word of a class after its first: of the reserved ones, those that begin statements. */
function classWord(ts: TokenStream): string {
  const token = ts.peek()
  if (token.kind !== 'word') ts.fail(`expected a word of a class, not ${shown(token)}`)
  if (token.text === 'count' || token.text === 'div' || PATH_FUNCTIONS.includes(token.text)) {
    const message = `${token.text} cannot be a word of a class`
    ts.fail(message, undefined, 'esc.reserved-word')
  }
  return ts.next().text
}

function parseConstraints(ts: TokenStream): ClassAt['constraints'] {
  if (ts.at('}')) ts.fail('there is no constraint between { and }', 'leave { } out')
  const constraints = [parseExpression(ts)]
  while (ts.take(',')) constraints.push(parseExpression(ts))
  ts.expect('}', 'a constraint')
  return constraints
}

/** `chip0/core1`. */
export function parseConfigPath(ts: TokenStream): readonly ConfigPart[] {
  const parts = [parseConfigPart(ts)]
  while (ts.take('/')) parts.push(parseConfigPart(ts))
  return parts
}

function parseConfigPart(ts: TokenStream): ConfigPart {
  ts.part()
  const { place } = ts.peek()
  const word = parseName(ts, 'a part with its number, such as chip0')
  const [, name = '', digits = ''] = /^(.*?[^0-9])([0-9]+)$/.exec(word) ?? []
  if (digits === '') {
    const message = `${word} does not say which one`
    ts.diagnostics.fail(place, 'esc.no-instance', message, `${word}0`)
  }
  return { name, instance: BigInt(digits) }
}
