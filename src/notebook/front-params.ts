// Parameters of a notebook: as its front matter declares them, as a run gives them, as cells see
// them.
//
//   params:                                  -p domain=5       params.domain === 5
//     domain: 3                              a name and its value
//     word: { type: bigint, default: "0xbea0000000000136", doc: the status read }
//
// Holds: a value is of its type. A bigint is written as text, decimal or 0x, or as a number.
import type { Diagnostic } from '../base/diagnostic.js'
import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'
import type { FrontMatter, NotebookParam, ParamValue } from './document.js'
import { mistake } from './mistake.js'

const TYPES: readonly NotebookParam['type'][] = ['string', 'number', 'boolean', 'bigint']

/** Reads the mapping `params`; what makes no sense is told and left out. */
export function parseParams(value: unknown, diagnostics: Diagnostic[]): readonly NotebookParam[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object' || Array.isArray(value)) {
    diagnostics.push(mistake('nb.param', 'params: wants names with values, such as domain: 3'))
    return []
  }
  return Object.entries(value).flatMap(([name, given]) => {
    const read = parseParam(name, given)
    if (typeof read !== 'string') return [read]
    diagnostics.push(mistake('nb.param', `params.${name}: ${read}`))
    return []
  })
}

/** The values that words such as `domain=5` give. Throws `XpvError` `nb.param` for a name that is
 *  not declared, and for a value that is not of its type. */
export function givenParams(
  { params }: FrontMatter,
  words: readonly string[],
): ReadonlyMap<string, ParamValue> {
  return new Map(words.map((word) => givenParam(params, word)))
}

/** What cells know as `params`: each parameter with the value given, or its default. */
export function paramsObject(
  { params }: FrontMatter,
  given: ReadonlyMap<string, ParamValue> = new Map(),
): Readonly<Record<string, ParamValue>> {
  const values = params.map(({ name, default: value }) => [name, given.get(name) ?? value])
  return Object.freeze(Object.fromEntries(values))
}

function givenParam(params: readonly NotebookParam[], word: string): [string, ParamValue] {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  const param = params.find((each) => each.name === name)
  if (param === undefined) throw unknownParam(params, name)
  const example = `-p ${name}=${String(param.default)}`
  if (equals < 0) throw new XpvError('nb.param', `the parameter ${name} wants a value`, example)
  const text = word.slice(equals + 1)
  const value = paramValue(param.type, text)
  if (value !== undefined) return [name, value]
  throw new XpvError('nb.param', `${name} is a ${param.type}: ${text} is none`, example)
}

function unknownParam(params: readonly NotebookParam[], name: string): XpvError {
  const names = params.map((param) => param.name)
  if (names.length === 0) {
    const message = `there is no parameter ${name}: the notebook has none`
    return new XpvError('nb.param', message, 'params: in its front matter')
  }
  const message = `there is no parameter ${name}: there is ${names.join(', ')}`
  return new XpvError('nb.param', message, `-p ${nearest(name, names) ?? names[0]}=VALUE`)
}

/** The value that a text stands for; undefined when it is none of that type. */
function paramValue(type: NotebookParam['type'], text: string): ParamValue | undefined {
  switch (type) {
    case 'string':
      return text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'bigint':
      return BIGINT.test(text) ? bigintOf(text) : undefined
  }
}

const BIGINT = /^-?(\d+|0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+)n?$/

function bigintOf(text: string): bigint {
  const digits = text.replace(/^-/, '').replace(/n$/, '')
  return text.startsWith('-') ? -BigInt(digits) : BigInt(digits)
}

/** A parameter, or why it is none. */
function parseParam(name: string, given: unknown): NotebookParam | string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return 'is no name that code can use'
  if (typeof given !== 'object' || given === null) {
    const type = typeOf(given)
    if (type === undefined) return 'has no value'
    if (isInexact(given)) return INEXACT
    return { name, type, default: given as ParamValue, doc: undefined }
  }
  const { type, default: value, doc } = given as Readonly<Record<string, unknown>>
  const told = type ?? typeOf(value)
  const known = TYPES.find((each) => each === told)
  if (known === undefined) return `type: ${String(told)} is none of ${TYPES.join(', ')}`
  if (isInexact(value)) return INEXACT
  const read = typeOf(value) === known ? (value as ParamValue) : paramValue(known, String(value))
  if (read === undefined || typeOf(value) === undefined) {
    return `its default ${JSON.stringify(value)} is no ${known}`
  }
  return { name, type: known, default: read, doc: typeof doc === 'string' ? doc : undefined }
}

/** YAML's numbers are those of JavaScript: a larger one has lost digits already. */
const isInexact = (value: unknown): boolean =>
  Number.isInteger(value) && !Number.isSafeInteger(value)
const INEXACT = 'a number of that size loses digits: type: bigint, and its default in quotes'

function typeOf(value: unknown): NotebookParam['type'] | undefined {
  return TYPES.find((type) => type === typeof value)
}
