// Options that change how a program runs, read from their text.
import { XpvError } from '../../base/error.js'
import { groupLimit } from '../aggregate/table.js'
import type { Program } from '../program/program.js'
import type { Limits } from './engine.js'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
}

/** Bytes one element of an associative array counts for against dynvarsize. */
const ELEMENT_BYTES = 64
const MOST_ELEMENTS = 2 ** 22

/** The sizes a run keeps to: strsize, aggsize, dynvarsize. Throws `XpvError` `d.bad-option` for a
 *  size that is not a number with k, m, g or t. */
export function limitsOf(program: Program, options: ReadonlyMap<string, string>): Limits {
  const aggsize = sizeOption(options, 'aggsize')
  const dynvarsize = sizeOption(options, 'dynvarsize')
  return {
    strsize: sizeOption(options, 'strsize') ?? 256,
    groups: program.aggregations.map((decl) => groupLimit(decl, aggsize)),
    elements:
      dynvarsize === undefined
        ? MOST_ELEMENTS
        : Math.max(1, Math.floor(dynvarsize / ELEMENT_BYTES)),
  }
}

function sizeOption(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  const parts = /^(\d+)([kmgt]?)$/i.exec(text)
  const unit = UNITS[(parts?.[2] ?? '').toLowerCase()]
  if (parts === null || unit === undefined) {
    throw new XpvError('d.bad-option', `${name}=${text} is not a size`, `-x ${name}=4m`)
  }
  return Number(parts[1]) * unit
}
