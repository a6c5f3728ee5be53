// LiveList: things of a host by number, as they are when one looks: `domains[3]`, `pcpus[1]`.
//
//   indexed(new DomainList(access))  ->  list[3], list.web1, list.length, for (const each of list)
//
// Holds: the index is the thing's own number, not its place; a number that nobody has is refused.

import { XpvError } from '../base/error.js'
import { nearest } from '../base/nearest.js'

/** Under which a list refuses a name that nobody has. */
export const NO_SUCH: unique symbol = Symbol('no such')

/** Things that come and go, each with a number. */
export abstract class LiveList<T> implements Iterable<T> {
  /** Their numbers now, ascending. */
  abstract ids(): readonly number[]
  /** The one with a number. Throws `XpvError` where there is none. */
  abstract at(id: number): T

  /** Names they go by besides, each with its number. */
  names(): ReadonlyMap<string, number> {
    return new Map()
  }

  /** What is said of a name that nobody has; `near` is one that somebody has. */
  [NO_SUCH](name: string, near: string | undefined): XpvError {
    return new XpvError('machine.no-member', `nothing here is called ${name}`, near)
  }

  get length(): number {
    return this.ids().length
  }

  [Symbol.iterator](): Iterator<T> {
    return this.toArray()[Symbol.iterator]()
  }

  /** All of them as they are now, as an array. */
  toArray(): readonly T[] {
    return this.ids().map((id) => this.at(id))
  }

  map<U>(each: (item: T) => U): readonly U[] {
    return this.toArray().map((item) => each(item))
  }

  filter(keep: (item: T) => boolean): readonly T[] {
    return this.toArray().filter((item) => keep(item))
  }

  find(isIt: (item: T) => boolean): T | undefined {
    return this.toArray().find((item) => isIt(item))
  }

  some(isIt: (item: T) => boolean): boolean {
    return this.toArray().some((item) => isIt(item))
  }

  every(isIt: (item: T) => boolean): boolean {
    return this.toArray().every((item) => isIt(item))
  }

  flatMap<U>(each: (item: T) => U | readonly U[]): readonly U[] {
    return this.toArray().flatMap((item) => each(item))
  }

  reduce<U>(step: (sum: U, item: T) => U, from: U): U {
    return this.toArray().reduce((sum, item) => step(sum, item), from)
  }

  forEach(each: (item: T) => void): void {
    for (const item of this) each(item)
  }

  toSorted(compare: (a: T, b: T) => number): readonly T[] {
    return [...this].sort(compare)
  }
}

/** What the members of every list say. */
export const LIST_MEMBERS = {
  ids: 'their numbers now: ids()',
  at: 'the one with a number: at(1) is the same as [1]',
  names: 'names they go by, each with its number',
  length: 'how many there are now',
  toArray: 'all of them as an array',
  map: 'a value of each: map((item) => ...)',
  filter: 'those that fit: filter((item) => ...)',
  find: 'the first that fits',
  some: 'whether one fits',
  every: 'whether all fit',
  flatMap: 'several values of each, in one array',
  reduce: 'one value of all: reduce((sum, item) => sum + ..., 0)',
  forEach: 'does something with each',
  toSorted: 'in another order, as an array: toSorted((a, b) => a.id - b.id)',
} as const

/** A list that can be indexed by number and by name. */
export type Indexed<L, T> = L & { readonly [id: number]: T }

/** Lets a list be indexed. */
export function indexed<T extends object, L extends LiveList<T>>(list: L): Indexed<L, T> {
  return new Proxy(list, {
    get: (target, key) => (key in target ? memberOf(target, key) : named(target, key)),
    ownKeys: (target) => [...target.ids().map(String), ...target.names().keys()],
    getOwnPropertyDescriptor: (target, key) => {
      const value = key in target ? undefined : found(target, key)
      return value === undefined ? undefined : { value, enumerable: true, configurable: true }
    },
  }) as Indexed<L, T>
}

/** Methods work on the list itself: what wraps it has no private parts. */
function memberOf(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target)
  return typeof value === 'function' ? value.bind(target) : value
}

/** What JavaScript, and whoever shows values, asks of every value. */
const ASKED_OF_ALL: ReadonlySet<string> = new Set([
  ...['then', 'kind', 'columns', 'rows', 'inspect', 'asymmetricMatch', 'nodeType', 'tagName'],
  ...['name', 'message', 'stack', 'cause', 'code'],
])

/** As `found`; a name that nobody has is refused, with what was meant. */
function named<T>(list: LiveList<T>, key: string | symbol): T | undefined {
  const item = found(list, key)
  if (item !== undefined || typeof key === 'symbol') return item
  if (ASKED_OF_ALL.has(key) || !/^[A-Za-z]/.test(key)) return undefined
  throw list[NO_SUCH](key, nearest(key, [...list.names().keys(), ...Object.keys(LIST_MEMBERS)]))
}

function found<T>(list: LiveList<T>, key: string | symbol): T | undefined {
  if (typeof key === 'symbol') return undefined
  if (/^\d+$/.test(key)) return list.at(Number(key))
  const id = list.names().get(key)
  return id === undefined ? undefined : list.at(id)
}
