// Aggregating functions in words.
import { assertNever } from '../../base/assert.js'
import type { AggregatingFunction } from '../aggregate/aggregation.js'
import { printInterval } from '../program/interval.js'
import { printPercent } from '../program/percent.js'
import type { Program } from '../program/program.js'

/** `@name`. */
export function aggregationName(program: Program, id: number): string {
  const name = program.aggregations[id]?.name ?? '_'
  return name === '_' ? '@' : `@${name}`
}

/** What a function does with a value, given as D text, in the aggregation of a name. */
export function functionInWords(fn: AggregatingFunction, value: string, name: string): string {
  switch (fn.kind) {
    case 'count':
      return `counts firings in ${name}`
    case 'sum':
      return `adds ${value} to ${name}`
    case 'avg':
      return `keeps the average of ${value} in ${name}`
    case 'min':
      return `keeps the least ${value} in ${name}`
    case 'max':
      return `keeps the greatest ${value} in ${name}`
    case 'stddev':
      return `keeps the standard deviation of ${value} in ${name}`
    case 'quantize':
      return `counts ${value} by powers of two in ${name}`
    case 'lquantize':
      return `counts ${value} in ${name}, in steps of ${fn.step} from ${fn.base} to ${fn.limit}`
    case 'llquantize':
      return (
        `counts ${value} in ${name}, in steps that grow with the powers of ${fn.factor} ` +
        `from ${fn.factor}^${fn.low} to ${fn.factor}^${fn.high + 1}`
      )
    case 'quantile': {
      const ranks = fn.ranks.map((rank) => `${printPercent(rank)} %`)
      return `keeps what ${ranks.join(', ')} of ${value} are at most in ${name}`
    }
    case 'heatmap':
      return `counts ${value} by powers of two in ${name}, ${each(fn.intervalNs)}`
    case 'series':
      return `${functionInWords({ kind: fn.of }, value, name)}, ${each(fn.intervalNs)}`
    default:
      return assertNever(fn)
  }
}

const each = (ns: number): string => `anew every ${printInterval(ns)}`
