// Checks of declarations: which properties a class may have, what their values are, and which it
// must have.
//
//   engine serd.cpu.l2@chip/core, N=3, T=72h;
//   event fault.cpu.l2@chip/core, FITrate=100, engine=serd.cpu.l2@chip/core;
//
// Holds: a class may be declared more than once; its properties add up, and none has two values.
// Source: illumos-gate usr/src/cmd/fm/eversholt/common/check.c (Allowednames and its checkers).
import { nearest } from '../../base/nearest.js'
import { type ClassType, classType, ENGINE_TYPES } from './class-type.js'
import { classKey, pathKey, requireClass, requirePath, type Use } from './declarations.js'
import type { Diagnostics } from './diagnostics.js'
import type { ClassDeclaration, Expression, Path, Property, Statement } from './tree.js'
import { UNIT_NS } from './units.js'

/** What the value of a property is. */
type ValueKind =
  | 'number'
  | 'numberOrCall'
  | 'call'
  | 'time'
  | 'asru'
  | 'fru'
  | 'serd'
  | 'stat'
  | 'ereport'
  | 'method'
  | 'word'
  | 'global'

const ALLOWED: Readonly<Record<ClassType, Readonly<Record<string, ValueKind>>>> = {
  fault: {
    FITrate: 'numberOrCall',
    FRU: 'fru',
    ASRU: 'asru',
    message: 'numberOrCall',
    retire: 'numberOrCall',
    response: 'numberOrCall',
    action: 'call',
    count: 'stat',
    engine: 'serd',
  },
  defect: { FRU: 'fru', ASRU: 'asru', engine: 'serd', FITrate: 'numberOrCall' },
  upset: { engine: 'serd' },
  error: { ASRU: 'asru' },
  ereport: { poller: 'word', delivery: 'time', discard_if_config_unknown: 'number' },
  serd: { N: 'number', T: 'time', method: 'method', trip: 'ereport', FRU: 'fru', id: 'global' },
  stat: {},
}

const SAYS: Readonly<Record<ValueKind, readonly [what: string, such: string]>> = {
  number: ['one number', '3'],
  numberOrCall: ['a number or a call', '100'],
  call: ['a call', 'confcall("rewrite-ASRU")'],
  time: ['a number with a unit of time', '72h'],
  asru: ['the path of an asru', 'chip/core'],
  fru: ['the path of a fru', 'chip'],
  serd: ['a serd engine', 'serd.cpu.l2@chip/core'],
  stat: ['a stat engine', 'stat.cpu.l2@chip/core'],
  ereport: ['an ereport', 'ereport.cpu.l2@chip/core'],
  method: ['volatile or persistent', 'persistent'],
  word: ['one word', 'name'],
  global: ['a global', '$name'],
}

/** What a class of a type may have, each with what its value is. */
export function propertiesOf(type: ClassType): Readonly<Record<string, string>> {
  const allowed = Object.entries(ALLOWED[type])
  return Object.fromEntries(
    allowed.map(([name, kind]) => [name, `${SAYS[kind][0]}: ${name}=${SAYS[kind][1]}`]),
  )
}

/** Checks one declaration, against those before it. */
export function checkDeclaration(declaration: ClassDeclaration, use: Use): void {
  const { kind, subject, properties } = declaration
  const { diagnostics } = use
  const type = classType(subject.name)
  checkNoInstances(subject.path, diagnostics)
  if (type === undefined) return
  const isEngine = ENGINE_TYPES.some((engine) => engine === type)
  if (isEngine !== (kind === 'engine')) {
    const word = isEngine ? 'engine' : 'event'
    const message = `${subject.name} is declared with ${word}, not with ${kind}`
    diagnostics.error(subject.at, 'esc.wrong-declaration', message, `${word} ${classKey(subject)};`)
    return
  }
  for (const property of properties) checkProperty(type, property, use)
}

function checkProperty(type: ClassType, { name, value, at }: Property, use: Use): void {
  const allowed = ALLOWED[type]
  const kind = Object.hasOwn(allowed, name) ? allowed[name] : undefined
  if (kind !== undefined) {
    checkValue(name, kind, value, use)
    return
  }
  const names = Object.keys(allowed)
  const near = nearest(name, names)
  const others = names.length === 0 ? undefined : `it may have ${names.join(', ')}`
  const hint = near === undefined ? others : `did you mean ${near}?`
  const article = /^[aeiou]/.test(type) ? 'an' : 'a'
  const message = `${article} ${type} has no property ${name}`
  use.diagnostics.error(at, 'esc.unknown-property', message, hint)
}

function checkValue(name: string, kind: ValueKind, value: Expression, use: Use): void {
  if (!isOfKind(kind, value)) {
    const [what, such] = SAYS[kind]
    use.diagnostics.error(value.at, 'esc.property-type', `${name} is ${what}`, `${name}=${such}`)
    return
  }
  if (value.kind === 'path') {
    if (kind === 'asru' || kind === 'fru') requirePath(use, kind, value.path)
    checkNoInstances(value.path, use.diagnostics)
  }
  if (value.kind !== 'class') return
  if (kind === 'ereport') {
    requireClass(use, value.of)
    checkNoInstances(value.of.path, use.diagnostics)
  } else if (kind === 'serd') {
    requireClass({ ...use, index: Number.POSITIVE_INFINITY }, value.of)
  } else if (kind === 'stat' && !use.declarations.classes.has(classKey(value.of))) {
    const message = `${classKey(value.of)} is declared nowhere`
    use.diagnostics.warn(value.at, 'esc.undeclared-stat', message)
  }
}

function isOfKind(kind: ValueKind, value: Expression): boolean {
  switch (kind) {
    case 'number':
    case 'call':
    case 'time':
    case 'global':
      return value.kind === kind
    case 'numberOrCall':
      return value.kind === 'number' || value.kind === 'call'
    case 'asru':
    case 'fru':
      return value.kind === 'path'
    case 'serd':
    case 'stat':
    case 'ereport':
      return value.kind === 'class' && classType(value.of.name) === kind
    case 'word':
      return wordOf(value) !== undefined
    case 'method':
      return ['volatile', 'persistent'].includes(wordOf(value) ?? '')
  }
}

/** The word a value is, when it is one: a path of one step without an instance. */
function wordOf(value: Expression): string | undefined {
  const [step, more] = value.kind === 'path' ? value.path.steps : []
  return more === undefined && step?.instance === undefined ? step?.name : undefined
}

/** In a declaration a path stands for all instances: only numbers may narrow it. */
export function checkNoInstances(path: Path | undefined, diagnostics: Diagnostics): void {
  for (const { name, instance } of path?.steps ?? []) {
    if (instance === undefined || instance.kind === 'number') continue
    const message = `a declaration is of every ${name}: it has no iterators`
    diagnostics.error(instance.at, 'esc.iterator-in-declaration', message, `write ${name}`)
  }
}

/** Checks over all declarations of each class: what it must have, and what it has twice. */
export function checkRequired(statements: readonly Statement[], diagnostics: Diagnostics): void {
  const byClass = new Map<string, { first: ClassDeclaration; values: Map<string, Expression> }>()
  for (const statement of statements) {
    if (!('subject' in statement)) continue
    const key = classKey(statement.subject)
    const { values } = byClass.get(key) ?? { values: new Map<string, Expression>() }
    if (!byClass.has(key)) byClass.set(key, { first: statement, values })
    for (const property of statement.properties) addProperty(property, values, diagnostics)
  }
  for (const { first, values } of byClass.values()) {
    if (first.kind !== 'engine' || classType(first.subject.name) !== 'serd') continue
    for (const [name, such] of [
      ['N', '3'],
      ['T', '72h'],
    ] as const)
      if (!values.has(name)) {
        const message = `${first.subject.name} has no ${name}`
        diagnostics.error(first.subject.at, 'esc.missing-property', message, `${name}=${such}`)
      }
  }
}

function addProperty(
  { name, value, at }: Property,
  values: Map<string, Expression>,
  diagnostics: Diagnostics,
): void {
  const before = values.get(name)
  if (before === undefined) values.set(name, value)
  else if (!isSame(before, value)) {
    const message = `${name} has two values`
    diagnostics.error(at, 'esc.property-redeclared', message, 'leave one of them')
  }
}

/** Whether two values are one. Of calls and strings esc never says so. */
function isSame(a: Expression, b: Expression): boolean {
  if (a.kind === 'number' && b.kind === 'number') return a.value === b.value
  if (a.kind === 'time' && b.kind === 'time') return nsOf(a) === nsOf(b)
  if (a.kind === 'path' && b.kind === 'path') return pathKey(a.path) === pathKey(b.path)
  return a.kind === 'class' && b.kind === 'class' && classKey(a.of) === classKey(b.of)
}

const nsOf = ({ count, unit }: Expression & { readonly kind: 'time' }): bigint =>
  count * (UNIT_NS.get(unit) ?? 0n)
