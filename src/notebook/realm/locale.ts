// Language and time zone of a notebook: American English and UTC, where a cell does not say which.
//
// Holds: what a cell says itself is done as it says. Variables of the environment are set too, for
// what it starts.
import type { Patches } from './patches.js'

const LOCALE = 'en-US'

const ENVIRONMENT: Readonly<Record<string, string | undefined>> = {
  TZ: 'UTC',
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  LANGUAGE: undefined,
  COLUMNS: '80',
  LINES: undefined,
  FORCE_COLOR: undefined,
  NO_COLOR: '1',
}

/** Which of a method's arguments is the locale. */
type LocaleAt = 0 | 1

const METHODS: readonly (readonly [object: object, names: readonly string[], at: LocaleAt])[] = [
  [Number.prototype, ['toLocaleString'], 0],
  [BigInt.prototype, ['toLocaleString'], 0],
  [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'], 0],
  [String.prototype, ['toLocaleUpperCase', 'toLocaleLowerCase'], 0],
  [String.prototype, ['localeCompare'], 1],
]

/** Fixes both. */
export function patchLocale(patches: Patches): void {
  for (const [name, value] of Object.entries(ENVIRONMENT)) patches.environment(name, value)
  for (const [object, names, at] of METHODS) {
    for (const name of names) patches.set(object, name, located(Reflect.get(object, name), at))
  }
  for (const name of Object.getOwnPropertyNames(Intl)) {
    const value: unknown = Reflect.get(Intl, name)
    if (typeof value === 'function' && /^[A-Z]/.test(name)) {
      patches.set(Intl, name, locatedClass(value))
    }
  }
}

type AnyFunction = (...args: never[]) => unknown

/** The method, its locale filled in. */
function located(method: unknown, at: LocaleAt): unknown {
  return new Proxy(method as AnyFunction, {
    apply: (target, that, args: unknown[]) =>
      Reflect.apply(target, that, filled(args, at) as never),
  })
}

function locatedClass(made: object): object {
  return new Proxy(made, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target as AnyFunction, filled(args, 0), newTarget),
    apply: (target, that, args: unknown[]) =>
      Reflect.apply(target as AnyFunction, that, filled(args, 0) as never),
  })
}

function filled(args: readonly unknown[], at: LocaleAt): unknown[] {
  const copy = [...args]
  while (copy.length < at) copy.push(undefined)
  copy[at] ??= LOCALE
  return copy
}
