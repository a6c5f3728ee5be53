// Functions of constraints.
//
//   confprop(chip, "part")  is_under(a, b)          of the topology: known beforehand
//   payloadprop("bank")  setserdn(3)  count(stat)   of the moment
//
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/eval.c (eval_func), platform.c.
import {
  type Code,
  known,
  type Moment,
  ofMoment,
  ofPayload,
  ofValues,
  type Read,
  yieldOf,
} from './code.js'
import { compile, pathOf, type Scope } from './evaluate.js'
import { payloadDefined, payloadValue, payloadValues } from './payload.js'
import { printExpression } from './print.js'
import type { CallExpression, Expression } from './tree.js'
import {
  areSame,
  DEFERRED,
  type Deferred,
  type PathValue,
  textOf,
  truth,
  type Value,
} from './value.js'

type Compile = (args: readonly Expression[], scope: Scope) => Code

/** Makes something to run of a call. */
export function compileCall(call: CallExpression, scope: Scope): Code {
  const make = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined
  const code = make === undefined ? known(undefined) : make(call.args, scope)
  return scope.isTraced === true && call.name !== 'within' ? traced(call, code) : code
}

function traced(call: CallExpression, code: Code): Code {
  return ofMoment((moment) => {
    const value = yieldOf(code, moment)
    moment.trace?.(printExpression(call), value)
    return value
  })
}

const FUNCTIONS: Readonly<Record<string, Compile>> = {
  within: () => known(1n),
  asru: ([path], scope) => known(path && placeArgument(path, scope)),
  fru: ([path], scope) => known(path && placeArgument(path, scope)),
  is_under: (args, scope) => {
    const [above, below] = args.map((arg) => placeArgument(arg, scope))
    if (above === undefined || below === undefined) return known(undefined)
    return known(truth(below.key === above.key || below.key.startsWith(`${above.key}/`)))
  },
  confprop: (args, scope) => known(property(args, scope) ?? ''),
  confprop_defined: (args, scope) => known(truth(property(args, scope) !== undefined)),
  is_type: ([path], scope) =>
    known(propertyOf(path, 'type', scope) ?? propertyOf(path, 'TYPE', scope) ?? ''),
  is_on: ([path], scope) => {
    const said = [propertyOf(path, 'on', scope), propertyOf(path, 'ON', scope)]
    return known(truth(said.some((text) => text !== undefined && YES.has(text))))
  },
  is_present: ([path], scope) =>
    known(truth(path !== undefined && placeArgument(path, scope)?.place !== undefined)),
  is_connected: (args, scope) => known(truth(areConnected(args, scope))),
  has_fault: hasFault,
  count: ([of], scope) => {
    if (of?.kind !== 'class' || of.of.path === undefined) return known(undefined)
    const { name, path } = of.of
    const place = pathOf(path, scope)
    const key = `${name}@${textOf(place) ?? ''}`
    return ofMoment(({ world }) => BigInt(world.counted(key)))
  },
  payloadprop: ([name]) =>
    ofMember(name, 'value', (moment, text) => payloadValue(moment.ereport, text)),
  payloadprop_defined: ([name]) =>
    ofMember(name, 'defined', (moment, text) => truth(payloadDefined(moment.ereport, text))),
  payloadprop_contains: ([name, value], scope) => {
    const wanted = value === undefined ? known(undefined) : compile(value, scope)
    const contains = (moment: Moment, text: string): Value | Deferred => {
      const to = yieldOf(wanted, moment)
      if (to === DEFERRED) return DEFERRED
      return truth(payloadValues(moment.ereport, text).some((one) => areSame(one, to) === true))
    }
    return ofMember(name, 'values', contains, wanted)
  },
  setpayloadprop: ([name, value], scope) =>
    setting(value, scope, (moment, to) => {
      if (name?.kind === 'string') moment.notes().payload.set(name.text, to)
    }),
  setserdn: ([n], scope) => setting(n, scope, (moment, to) => moment.notes().serd.set('n', to)),
  setserdt: ([t], scope) => setting(t, scope, (moment, to) => moment.notes().serd.set('t', to)),
  setserdsuffix: ([s], scope) =>
    setting(s, scope, (moment, to) => moment.notes().serd.set('suffix', to)),
  setserdincrement: ([i], scope) =>
    setting(i, scope, (moment, to) => moment.notes().serd.set('increment', to)),
  defined: ([global]) =>
    ofMoment((moment) => truth(global?.kind === 'global' && moment.globals().has(global.name))),
  cat: (args, scope) => {
    const parts = args.map((arg) => compile(arg, scope))
    return ofValues(parts, (moment) => joined(parts, moment))
  },
  call: (args, scope) => {
    const [name, ...rest] = args.map((arg) => compile(arg, scope))
    return ofMoment((moment) => callOut(name, rest, moment))
  },
}

const YES = new Set(['yes', 'YES', 'y', 'Y', 'true', 'TRUE', 't', 'T', '1'])

/** The place that an argument names; undefined when it names none. */
function placeArgument(arg: Expression, scope: Scope): PathValue | undefined {
  const code = compile(arg, scope.isTraced === true ? { ...scope, isTraced: false } : scope)
  const value = code.kind === 'known' ? code.value : undefined
  return typeof value === 'object' ? value : undefined
}

function property([path, name]: readonly Expression[], scope: Scope): string | undefined {
  return name?.kind === 'string' ? propertyOf(path, name.text, scope) : undefined
}

function propertyOf(path: Expression | undefined, name: string, scope: Scope): string | undefined {
  const place = path && placeArgument(path, scope)?.place
  return place && scope.places.property(place, name)
}

/** Whether one of two parts is the other, or says in `connected` that it is connected to it. */
function areConnected(args: readonly Expression[], scope: Scope): boolean {
  const [a, b] = args.map((arg) => placeArgument(arg, scope)?.place)
  if (a === undefined || b === undefined) return false
  const saysSo = (one: typeof a, other: typeof a): boolean =>
    ['connected', 'CONNECTED'].some((name) =>
      (scope.places.property(one, name) ?? '').split(/[ ,]+/).includes(other.key),
    )
  return a === b || saysSo(a, b) || saysSo(b, a)
}

function hasFault([path, pattern]: readonly Expression[], scope: Scope): Code {
  const at = path && placeArgument(path, scope)
  const resource = at?.place?.node.resource
  if (pattern?.kind !== 'string' || at === undefined) return known(undefined)
  if (resource === undefined) return known(0n)
  return ofMoment(({ world }) => truth(world.hasFault(resource, pattern.text)))
}

/** Something of the payload of an ereport, which must have been seen. */
function ofMember(
  name: Expression | undefined,
  what: Read['what'],
  get: (moment: Moment, name: string) => Value | Deferred,
  with_: Code = known(undefined),
): Code {
  if (name?.kind !== 'string') return known(undefined)
  const { text } = name
  const member = ofPayload([{ what, name: text }], (moment) =>
    moment.isSeen ? get(moment, text) : DEFERRED,
  )
  return with_.kind === 'known' ? member : ofValues([member, with_], member.run)
}

/** Sets something of the cause once the effect is credible; holds whatever is set. */
function setting(
  value: Expression | undefined,
  scope: Scope,
  set: (moment: Moment, to: Value) => void,
): Code {
  const code = value === undefined ? known(undefined) : compile(value, scope)
  const whenCredible = ofMoment((moment) => {
    const to = yieldOf(code, moment)
    if (to === DEFERRED) return DEFERRED
    if (to !== undefined) set(moment, to)
    return 1n
  })
  const run = (moment: Moment): Value | Deferred =>
    moment.isCredible ? whenCredible.run(moment) : DEFERRED
  return { ...whenCredible, run }
}

function joined(parts: readonly Code[], moment: Moment): Value | Deferred {
  let text = ''
  for (const part of parts) {
    const value = yieldOf(part, moment)
    if (value === DEFERRED) return DEFERRED
    const more = textOf(value)
    if (more === undefined) return undefined
    text += more
  }
  return text
}

function callOut(name: Code | undefined, args: readonly Code[], moment: Moment): Value | Deferred {
  const values = [name ?? known(undefined), ...args].map((code) => yieldOf(code, moment))
  const [first, ...rest] = values
  if (values.includes(DEFERRED) || typeof first !== 'string') return DEFERRED
  const texts = rest.map((value) =>
    typeof value === 'bigint' ? String(value) : (textOf(value as Value) ?? ''),
  )
  return moment.world.call(first, texts)
}
