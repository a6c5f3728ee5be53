// Options that change how a program runs, read from their text.
import { XpvError } from '../../base/error.js'
import { groupLimit } from '../aggregate/table.js'
import { parseCount, parseSize } from '../program/option-value.js'
import type { Program } from '../program/program.js'
import { speculates } from '../program/statements.js'
import { elementLimit } from './element-limit.js'
import type { Limits } from './engine.js'
import { groupBytes, type SizeOptions } from './record-size.js'

const MOST_ELEMENTS = 2 ** 22
/** What one speculation holds without an option. */
const SPECSIZE = { illumos: 2 ** 15, linux: 2 ** 22 }
/** What alloca() has without an option: on illumos, the rest of the principal buffer. */
const SCRATCH_BYTES = { illumos: 2 ** 22, linux: 256 }

/** The sizes a run keeps to: strsize, aggsize, dynvarsize. Throws `XpvError` `d.bad-option` for a
 *  size that is not a number with k, m, g or t, and on Linux `dtrace.enabling` for one that holds
 *  nothing. */
export function limitsOf(program: Program, options: ReadonlyMap<string, string>): Limits {
  const aggsize = sizeOption(options, 'aggsize')
  const strsize = sizeOption(options, 'strsize') ?? 256
  const dialect = options.get('dialect') === 'linux' ? 'linux' : 'illumos'
  const sizes = { dialect, strsize } as const
  const elements = elementsOf(program, options, sizes)
  if (dialect === 'linux' && aggsize !== undefined) {
    const least = Math.min(...program.aggregations.map((decl) => groupBytes(decl, strsize)))
    if (aggsize < least) refuseEnabling('aggsize', aggsize)
  }
  return {
    dialect,
    elements,
    scratchsize: sizeOption(options, 'scratchsize') ?? SCRATCH_BYTES[dialect],
    strsize,
    specsize: sizeOption(options, 'specsize') ?? SPECSIZE[dialect],
    groups: program.aggregations.map((decl) =>
      aggsize === undefined
        ? groupLimit(decl, aggsize)
        : Math.max(1, Math.floor(aggsize / groupBytes(decl, strsize))),
    ),
  }
}

function elementsOf(
  program: Program,
  options: ReadonlyMap<string, string>,
  sizes: SizeOptions,
): number {
  const dynvarsize = sizeOption(options, 'dynvarsize')
  if (dynvarsize === undefined) return MOST_ELEMENTS
  const limit = elementLimit(program, dynvarsize, sizes)
  if (limit === 0) refuseEnabling('dynvarsize', dynvarsize)
  return limit ?? MOST_ELEMENTS
}

function refuseEnabling(name: string, size: number): never {
  const message = 'could not enable tracing: Enabling exceeds size of buffer'
  throw new XpvError('dtrace.enabling', message, `${name} is ${size} bytes`)
}

/** How records are kept until they are printed, and what speculations hold. */
export interface BufferOptions {
  readonly policy: 'switch' | 'fill' | 'ring'
  /** Bytes of a principal buffer, one for each pcpu. */
  readonly bufsize: number
  /** Bytes of one speculation on one pcpu; on Linux, on all. */
  readonly specsize: number
  /** Speculations at a time. */
  readonly nspec: number
  readonly dialect: 'illumos' | 'linux'
  readonly strsize: number
}

/** Larger buffers than this no host has: bufresize=auto takes less, manual fails. */
const MOST_BYTES = 2 ** 40

/** What the options say of buffers. Throws `XpvError` `d.bad-option` for a size that is none, and
 *  `dtrace.enabling` for one that is never there with `bufresize=manual`. */
export function bufferOptions(
  program: Program,
  options: ReadonlyMap<string, string>,
): BufferOptions {
  const { dialect, strsize, specsize } = limitsOf(program, options)
  const policy = options.get('bufpolicy')
  const size = (name: string, absent: number): number => {
    const given = sizeOption(options, name) ?? absent
    if (given > MOST_BYTES && options.get('bufresize') === 'manual') refuseSize(name, given)
    return Math.min(given, MOST_BYTES)
  }
  if (program.aggregations.length > 0) size('aggsize', 0)
  if (program.clauses.some(speculates)) size('specsize', 0)
  return {
    policy: policy === 'fill' || policy === 'ring' ? policy : 'switch',
    bufsize: size('bufsize', 2 ** 22),
    specsize: Math.min(specsize, MOST_BYTES),
    nspec: Number(parseCount(options.get('nspec') ?? '1') ?? 1n),
    dialect,
    strsize,
  }
}

function refuseSize(name: string, size: number): never {
  const message = 'could not enable tracing: Cannot allocate memory'
  throw new XpvError('dtrace.enabling', message, `${name} is ${size} bytes`)
}

/** The options of a run: those given, over those of the program's own pragmas. */
export function settingsOf(
  program: Program,
  given: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  return new Map([...program.options, ...given])
}

/** The only pcpu that is traced; undefined for all. */
export function onlyCpu(options: ReadonlyMap<string, string>): number | undefined {
  const count = parseCount(options.get('cpu') ?? '')
  return count === undefined ? undefined : Number(count)
}

function sizeOption(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  const size = parseSize(text)
  if (size === undefined)
    throw new XpvError('d.bad-option', `${name}=${text} is not a size`, `-x ${name}=4m`)
  return Number(size)
}
