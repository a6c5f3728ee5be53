// Checks of calls: which functions there are, and what they are given.
//
//   within(5s)  confprop(asru(chip), "serial")  payloadprop_contains("bank", "L2")
//
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c (check_func).
import { nearest } from '../../base/nearest.js'
import type { Diagnostics } from './diagnostics.js'
import type { CallExpression, Expression } from './tree.js'
import { UNIT_NS } from './units.js'

/** What an argument is. A `path` may be had by a call: asru(), fru(). */
type ArgumentKind = 'any' | 'string' | 'path' | 'plainPath' | 'global' | 'class'

interface Signature {
  readonly args: readonly ArgumentKind[]
  /** Any number of arguments may follow these. */
  readonly open?: true
  readonly such: string
}

const SIGNATURES: Readonly<Record<string, Signature>> = {
  within: { args: ['any'], open: true, such: 'within(5s)' },
  confprop: { args: ['path', 'string'], such: 'confprop(asru(chip), "serial")' },
  confprop_defined: { args: ['path', 'string'], such: 'confprop_defined(asru(chip), "serial")' },
  payloadprop: { args: ['string'], such: 'payloadprop("bank")' },
  payloadprop_defined: { args: ['string'], such: 'payloadprop_defined("bank")' },
  payloadprop_contains: { args: ['string', 'any'], such: 'payloadprop_contains("bank", "L2")' },
  setpayloadprop: { args: ['string', 'any'], such: 'setpayloadprop("offset", 1)' },
  setserdn: { args: ['any'], such: 'setserdn(3)' },
  setserdt: { args: ['any'], such: 'setserdt(72h)' },
  setserdsuffix: { args: ['any'], such: 'setserdsuffix("_tag")' },
  setserdincrement: { args: ['any'], such: 'setserdincrement(4)' },
  is_connected: { args: ['path', 'path'], such: 'is_connected(asru(chip[a]), asru(chip[b]))' },
  is_under: { args: ['path', 'path'], such: 'is_under(pcibus[b], pcibus[b]/pcidev[d])' },
  is_on: { args: ['path'], such: 'is_on(asru(chip))' },
  is_present: { args: ['path'], such: 'is_present(asru(chip))' },
  is_type: { args: ['path'], such: 'is_type(asru(chip))' },
  has_fault: { args: ['path', 'string'], such: 'has_fault(chip, "fault.cpu.l2")' },
  count: { args: ['class'], such: 'count(stat.page_fault@chip)' },
  asru: { args: ['plainPath'], such: 'asru(chip/core)' },
  fru: { args: ['plainPath'], such: 'fru(chip)' },
  call: { args: ['any'], open: true, such: 'call("name")' },
  confcall: { args: ['string'], open: true, such: 'confcall("name")' },
  defined: { args: ['global'], such: 'defined($name)' },
  envprop: { args: ['string'], such: 'envprop("name")' },
  cat: { args: ['any'], open: true, such: 'cat("a", "b")' },
}

/** Functions of constraints, each with an example. */
export const FUNCTIONS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SIGNATURES).map(([name, { such }]) => [name, such]),
)

const SAYS: Readonly<Record<ArgumentKind, string>> = {
  any: 'a value',
  string: 'a string',
  path: 'a path, asru() or fru()',
  plainPath: 'a path',
  global: 'a global',
  class: 'a class',
}

/** Checks one call. */
export function checkCalls(call: CallExpression, diagnostics: Diagnostics): void {
  const { name, args, at } = call
  const signature = Object.hasOwn(SIGNATURES, name) ? SIGNATURES[name] : undefined
  if (signature === undefined) {
    warnOfUnknown(call, diagnostics)
    return
  }
  const wanted = signature.args.length
  if (args.length < wanted || (args.length > wanted && signature.open === undefined)) {
    const message = `${name}() takes ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}`
    const given = `${message}, not ${args.length}`
    diagnostics.error(at, 'esc.argument-count', given, signature.such)
    return
  }
  if (name === 'within') checkWithin(call, diagnostics)
  for (const [i, kind] of signature.args.entries()) {
    const arg = args[i]
    if (arg === undefined || isOfKind(kind, arg)) continue
    const message = `argument ${i + 1} of ${name}() is ${SAYS[kind]}`
    diagnostics.error(arg.at, 'esc.argument-type', message, signature.such)
  }
}

function warnOfUnknown({ name, at }: CallExpression, diagnostics: Diagnostics): void {
  const near = nearest(name, Object.keys(SIGNATURES))
  const hint = near === undefined ? undefined : `did you mean ${near}?`
  const message = `${name}() is no function that every platform has`
  diagnostics.warn(at, 'esc.unknown-function', message, hint)
}

function isOfKind(kind: ArgumentKind, arg: Expression): boolean {
  switch (kind) {
    case 'any':
      return true
    case 'path':
      return arg.kind === 'path' || arg.kind === 'call'
    case 'plainPath':
      return arg.kind === 'path'
    default:
      return arg.kind === kind
  }
}

/** within(max) and within(min, max): times, 0, and for the last one infinity. */
function checkWithin({ args, at }: CallExpression, diagnostics: Diagnostics): void {
  if (args.length > 2) {
    const message = `within() takes one argument or two, not ${args.length}`
    diagnostics.error(at, 'esc.argument-count', message, 'within(1s, 5s)')
    return
  }
  const delays = args.map((arg, i) => delayNs(arg, i === args.length - 1, diagnostics))
  const [min, max] = delays
  if (delays.length < 2 || min === undefined || max === undefined || min <= max) return
  const message = 'the first time of within() is longer than the second'
  diagnostics.error(at, 'esc.within-order', message, 'within(MIN, MAX)')
}

/** Nanoseconds; undefined, and an error, for what is no delay. */
function delayNs(arg: Expression, isLast: boolean, diagnostics: Diagnostics): number | undefined {
  if (arg.kind === 'time') return Number(arg.count * (UNIT_NS.get(arg.unit) ?? 0n))
  if (arg.kind === 'number' && arg.value === 0n) return 0
  if (isLast && arg.kind === 'name' && arg.name === 'infinity') return Number.POSITIVE_INFINITY
  const isPlain = arg.kind === 'number'
  const message = isPlain ? `${arg.value} has no unit of time` : 'within() takes a time'
  const or = isLast ? '5s, 0 or infinity' : '5s or 0'
  const hint = isPlain ? `${arg.value}s or ${arg.value}ms` : or
  diagnostics.error(arg.at, 'esc.within', message, hint)
  return undefined
}
