// The parameters of llquantize(x, factor, low, high, steps): each dialect has its rules and tags.
//
// Source: libdtrace dt_cc.c (dt_compile_agg) of illumos, dt_cg.c (dt_cg_agg_llquantize) of Linux.
import { UINT64_MAX, uint64 } from '../../base/int64.js'
import type { Span } from '../../base/span.js'
import type { LogLinearFunction } from '../aggregate/aggregation.js'
import {
  type LogLinearMistake,
  logLinearMistake,
  type LogLinearParameters as Parameters,
} from '../aggregate/log-linear-rules.js'
import { type Arguments, constantAt, positiveAt, spanAt } from './check-constant-argument.js'
import type { CheckContext } from './checked.js'

type Parameter = keyof Parameters

const PARAMETERS: readonly Parameter[] = ['factor', 'low', 'high', 'steps']
const MOST = 0xffffn

/** Reads the parameters. Tags are D_LLQUANT_*. */
export function checkLogLinear(cx: CheckContext, given: Arguments): LogLinearFunction {
  const { dialect } = cx.scope
  const found = dialect === 'linux' ? linuxParameters(cx, given) : illumosParameters(cx, given)
  return { kind: 'llquantize', dialect, ...found }
}

/** A later use must have the parameters of the first. */
export function matchLogLinear(
  cx: CheckContext,
  before: LogLinearFunction,
  now: LogLinearFunction,
  span: Span,
): void {
  const index = PARAMETERS.findIndex((name) => before[name] !== now[name])
  const name = PARAMETERS[index]
  if (name === undefined) return
  const [tag, text] = before.dialect === 'linux' ? LINUX_MATCH[name] : ILLUMOS_MATCH[name]
  const what = `${text} (argument #${index + 1})`
  const message = `${what} doesn't match previous declaration: expected ${before[name]}`
  cx.diagnostics.fail(span, tag, `${message}, found ${now[name]}`)
}

const LINUX_MATCH: Readonly<Record<Parameter, readonly [tag: string, text: string]>> = {
  factor: ['D_LLQUANT_MATCHFACTOR', 'llquantize() factor'],
  low: ['D_LLQUANT_MATCHLMAG', 'llquantize() lmag'],
  high: ['D_LLQUANT_MATCHHMAG', 'llquantize() hmag'],
  steps: ['D_LLQUANT_MATCHSTEPS', 'llquantize() steps'],
}

const ILLUMOS_MATCH: Readonly<Record<Parameter, readonly [tag: string, text: string]>> = {
  factor: ['D_LLQUANT_FACTORMATCH', 'llquantize( ) factor'],
  low: ['D_LLQUANT_LOWMATCH', 'llquantize( ) low magnitude'],
  high: ['D_LLQUANT_HIGHMATCH', 'llquantize( ) high magnitude'],
  steps: ['D_LLQUANT_NSTEPMATCH', 'llquantize( ) linear steps per magnitude'],
}

const ILLUMOS_NAMES: Readonly<Record<Parameter, readonly [tag: string, text: string]>> = {
  factor: ['FACTOR', 'factor'],
  low: ['LOW', 'low magnitude'],
  high: ['HIGH', 'high magnitude'],
  steps: ['NSTEP', 'linear steps per magnitude'],
}

function illumosParameters(cx: CheckContext, given: Arguments): Parameters {
  const [factor = 0, low = 0, high = 0, steps = 0] = PARAMETERS.map((name, i) =>
    illumosParameter(cx, given, name, i + 1),
  )
  const found = { factor, low, high, steps }
  const mistake = logLinearMistake(found)
  if (mistake === undefined) return found
  const [tag, message] = ILLUMOS_MISTAKES[mistake](found)
  return cx.diagnostics.fail(given.span, `D_LLQUANT_${tag}`, `llquantize( ) ${message}`)
}

const ILLUMOS_MISTAKES: Readonly<
  Record<LogLinearMistake, (given: Parameters) => readonly [tag: string, text: string]>
> = {
  factor: () => ['FACTORSMALL', 'factor (argument #1) must be two or more'],
  range: () => {
    const than = 'must be greater than low magnitude (argument #2)'
    return ['MAGRANGE', `high magnitude (argument #3) ${than}`]
  },
  steps: () => {
    const than = 'the number of linear steps per magnitude (argument #4)'
    return ['FACTORNSTEPS', `factor (argument #1) must be less than or equal to ${than}`]
  },
  even: () => {
    const first = 'must evenly divide the number of steps per magnitude (argument #4)'
    const then = 'and the number of steps per magnitude must evenly divide a power of the factor'
    return ['FACTOREVEN', `factor (argument #1) ${first}, ${then}`]
  },
  overflow: ({ factor, high }) => {
    const power = `raised to power of high magnitude (${high}) plus 1 overflows 64-bits`
    return ['MAGTOOBIG', `factor (${factor}) ${power}`]
  },
}

function illumosParameter(
  cx: CheckContext,
  given: Arguments,
  name: Parameter,
  index: number,
): number {
  const [tag, text] = ILLUMOS_NAMES[name]
  const what = `llquantize( ) argument #${index} (${text}) must be an`
  const value = constantAt(given, index)
  const span = spanAt(given, index)
  if (value === undefined)
    return cx.diagnostics.fail(span, `D_LLQUANT_${tag}TYPE`, `${what} integer constant`)
  if (uint64(value) > MOST)
    cx.diagnostics.fail(span, `D_LLQUANT_${tag}VAL`, `${what} unsigned 16-bit quantity`)
  return Number(value)
}

const LINUX_NAMES: Readonly<Record<Exclude<Parameter, 'steps'>, string>> = {
  factor: 'FACTOR',
  low: 'LMAG',
  high: 'HMAG',
}

function linuxParameters(cx: CheckContext, given: Arguments): Parameters {
  const factor = linuxParameter(cx, given, 'factor', 1)
  const low = linuxParameter(cx, given, 'low', 2)
  const high = linuxParameter(cx, given, 'high', 3)
  const refuseHigh = (message: string): never =>
    cx.diagnostics.fail(spanAt(given, 3), 'D_LLQUANT_HMAGVAL', `${HIGH} ${message}`)
  if (high < low) refuseHigh('must be at least argument #2 (low magnitude)')
  if (!fits64Bits(factor, high + 1)) refuseHigh('will cause overflow of 64 bits')
  const steps = linuxSteps(cx, given)
  const mistake = stepsMistake({ factor, low, high, steps })
  if (mistake !== undefined)
    cx.diagnostics.fail(spanAt(given, 1), 'D_LLQUANT_STEPVAL', `llquantize() ${mistake}`)
  return { factor, low, high, steps }
}

const HIGH = 'llquantize( ) argument #3 (high magnitude)'

function fits64Bits(factor: number, exponent: number): boolean {
  let power = 1n
  for (let i = 0; i < exponent; i++) {
    power *= BigInt(factor)
    if (power > UINT64_MAX) return false
  }
  return true
}

function linuxParameter(
  cx: CheckContext,
  given: Arguments,
  name: Exclude<Parameter, 'steps'>,
  index: number,
): number {
  const what = `llquantize( ) argument #${index} must be an`
  const value = constantAt(given, index)
  const span = spanAt(given, index)
  const tag = `D_LLQUANT_${LINUX_NAMES[name]}`
  if (value === undefined)
    return cx.diagnostics.fail(span, `${tag}TYPE`, `${what} integer constant`)
  const least = name === 'factor' ? 2n : 0n
  const more = name === 'factor' ? ' greater than or equal to 2' : ''
  if (uint64(value) > MOST || uint64(value) < least)
    cx.diagnostics.fail(span, `${tag}VAL`, `${what} unsigned 16-bit quantity${more}`)
  return Number(value)
}

function linuxSteps(cx: CheckContext, given: Arguments): number {
  const steps = positiveAt(given, 4)
  const span = spanAt(given, 4)
  const what = 'llquantize( ) argument #4 must be'
  if (steps === undefined) {
    const message = `${what} a non-zero positive integer constant`
    return cx.diagnostics.fail(span, 'D_LLQUANT_STEPTYPE', message)
  }
  if (steps > MOST)
    cx.diagnostics.fail(span, 'D_LLQUANT_STEPVAL', `${what} an unsigned 16-bit quantity`)
  return Number(steps)
}

/** Steps must fall on whole numbers. */
function stepsMistake({ factor, low, steps }: Parameters): string | undefined {
  const argument = 'argument #4 (steps) must'
  if (steps < factor && factor % steps !== 0)
    return `${argument} evenly divide argument #1 (factor) when steps<factor`
  if (steps <= factor) return undefined
  if (steps % factor !== 0)
    return `${argument} be a multiple of argument #1 (factor) when steps>factor`
  const power = BigInt(factor) ** BigInt(low === 0 ? 2 : low + 1)
  if (power % BigInt(steps) === 0n) return undefined
  const [whole, when] =
    low === 0
      ? ['the square of argument #1 (factor)', 'lmag==0']
      : ['pow(argument #1 (factor), lmag (argument #2) + 1)', 'lmag>0']
  return `${argument} evenly divide ${whole} when steps>factor and ${when}`
}
