// Data text: data with bigints and maps as one line of text, and back: what a checkpoint is.
//
//   { at: 5n, list: Map {a -> 1} }  <->  {"at":{"$n":"5"},"list":{"$m":[["a",1]]}}
//
// Holds: reading gives what was written, but that a member of an object which was undefined is
// missing. A member whose name begins with `$` is written with one more.
import { XpvError } from '../../base/error.js'

/** Writes data as one line. */
export function printData(data: unknown): string {
  return JSON.stringify(toJson(data))
}

function toJson(data: unknown): unknown {
  if (data === undefined) return { $u: 0 }
  if (typeof data === 'bigint') return { $n: String(data) }
  if (typeof data === 'number' && !Number.isFinite(data)) return { $d: String(data) }
  if (Object.is(data, -0)) return { $d: '-0' }
  if (data === null || typeof data !== 'object') return data
  if (data instanceof Map) return { $m: [...data].map((pair) => pair.map(toJson)) }
  if (Array.isArray(data)) return data.map(toJson)
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.startsWith('$') ? `$${name}` : name, toJson(value)]),
  )
}

/** Reads what `printData` wrote. Throws XpvError `fma.data` for anything else. */
export function parseData(text: string): unknown {
  try {
    return fromJson(JSON.parse(text))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new XpvError('fma.data', `not what the fault manager wrote: ${why}`)
  }
}

function fromJson(json: unknown): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(fromJson)
  const members = Object.entries(json)
  const [name, value] = members[0] ?? []
  if (members.length === 1 && name === '$u') return undefined
  if (members.length === 1 && name === '$n') return BigInt(value as string)
  if (members.length === 1 && name === '$d') return Number(value)
  if (members.length === 1 && name === '$m') {
    return new Map((value as [unknown, unknown][]).map(([k, v]) => [fromJson(k), fromJson(v)]))
  }
  return Object.fromEntries(
    members.map(([key, one]) => [key.startsWith('$') ? key.slice(1) : key, fromJson(one)]),
  )
}
