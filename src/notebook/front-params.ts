// Parameters of a notebook, as its front matter declares them.
//
//   params:
//     domain: 3                              a name and its value
//     word: { type: bigint, default: "0xbea0000000000136", doc: the status read }
//
// Holds: a default is of its type. A bigint is written as text, decimal or 0x, or as a number.
import type { Diagnostic } from '../base/diagnostic.js'
import type { NotebookParam, ParamValue } from './document.js'
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

/** The value that a text stands for; undefined when it is none of that type. */
export function paramValue(type: NotebookParam['type'], text: string): ParamValue | undefined {
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
    return { name, type, default: given as ParamValue, doc: undefined }
  }
  const { type, default: value, doc } = given as Readonly<Record<string, unknown>>
  const told = type ?? typeOf(value)
  const known = TYPES.find((each) => each === told)
  if (known === undefined) return `type: ${String(told)} is none of ${TYPES.join(', ')}`
  const read = typeOf(value) === known ? (value as ParamValue) : paramValue(known, String(value))
  if (read === undefined || value === undefined || value === null) {
    return `its default ${JSON.stringify(value)} is no ${known}`
  }
  return { name, type: known, default: read, doc: typeof doc === 'string' ? doc : undefined }
}

function typeOf(value: unknown): NotebookParam['type'] | undefined {
  return TYPES.find((type) => type === typeof value)
}
