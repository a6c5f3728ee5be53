// What a program's generated text refers to, and what it takes for granted.
import type { Variable } from '../program/program.js'
import type { Storage } from './cells.js'

/** Bounds of 64-bit arguments, and of times in ns or ticks, in code that takes them to be
 *  narrow. */
export const NARROW = 2 ** 48
export const LATEST = 2 ** 52

/** What generated code may take for granted; a batch that breaks it runs other code. */
export interface Assumptions {
  /** 64-bit arguments lie within 2^48, times within 2^52. */
  readonly narrow: boolean
  /** All arguments that are read were recorded. */
  readonly known: boolean
}

/** What is known of a variable: how it is stored and, for numbers, between which bounds. */
export interface VariablePlan {
  readonly variable: Variable
  readonly storage: Storage
  readonly low: number
  readonly high: number
  /** Whether a string may be NULL: what is unset in a table is, and what NULL was stored to. */
  readonly nullable?: true
}

/** Collects what the text of a program refers to. */
export class Linkage {
  readonly constants: unknown[] = []
  /** Argument numbers whose columns are read. */
  readonly args = new Set<number>()
  /** Names of other columns that are read. */
  readonly columns = new Set<string>()
  /** Argument numbers that are taken to be narrow. */
  readonly narrowArgs = new Set<number>()
  #temporaries = 0

  constant(value: unknown): string {
    const at = this.constants.indexOf(value)
    return `K[${at < 0 ? this.constants.push(value) - 1 : at}]`
  }

  temporary(): string {
    return `q${this.#temporaries++}`
  }

  get temporaries(): readonly string[] {
    return Array.from({ length: this.#temporaries }, (_, i) => `q${i}`)
  }
}

/** JavaScript that looks a key up in a table. Words are evaluated in order. */
export function rowOf(
  table: string,
  words: readonly string[],
  how: 'find' | 'add',
  link: Linkage,
): string {
  if (words.length === 0) return `${table}.add0()`
  if (words.length <= 3) return `${table}.${how}${words.length}(${words.join(', ')})`
  const kept = words.map(() => link.temporary())
  const sets = words.map((word, i) => `${kept[i]} = ${word}`)
  const keys = kept.map((q, i) => `${table}.key[${i}] = ${q}`)
  return `(${[...sets, ...keys].join(', ')}, ${table}.${how}())`
}
