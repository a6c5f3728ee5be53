// Log filter: which records of a log fmdump shows.
//
//   -c 'ereport.cpu.*' -c list.suspect -t 12:00   ->  (class or class) and after
//
// Holds: of the same kind one must hold, of different kinds all. Source: illumos-gate usr/src/lib/
// fm/libfmd_log/common/{fmd_log,fmd_filter}.c.
import {
  integersMember,
  listsMember,
  type NvList,
  type NvValue,
  stringMember,
} from '../event/nvlist.js'
import type { LogRecord } from '../fmd/input.js'
import type { ShellPattern } from './shell-pattern.js'

/** One thing that is asked of a record. */
export type LogFilter =
  /** A pattern of the shell for the class of the record, or of a suspect in it. */
  | { readonly kind: 'class'; readonly pattern: ShellPattern }
  | { readonly kind: 'after' | 'before'; readonly timeNs: bigint }
  | { readonly kind: 'uuid'; readonly uuid: string }
  /** A member that is there, with that value when one is given. */
  | { readonly kind: 'member'; readonly path: string; readonly value?: MemberValue }
  /** People are told of it; `listsOnly` lets everything else pass. */
  | { readonly kind: 'told'; readonly listsOnly: boolean }

/** What a member is compared with: a string by the expression, a number by its value. */
export interface MemberValue {
  readonly text: string
  readonly expression: RegExp
}

/** Whether a record passes. */
export function passes(record: LogRecord, filters: readonly LogFilter[]): boolean {
  const kinds = new Set(filters.map(({ kind }) => kind))
  return [...kinds].every((kind) =>
    filters.some((filter) => filter.kind === kind && holds(record, filter)),
  )
}

function holds({ event: members, timeNs }: LogRecord, filter: LogFilter): boolean {
  switch (filter.kind) {
    case 'class':
      return classesOf(members).some((name) => filter.pattern.test(name))
    case 'after':
      return timeNs >= filter.timeNs
    case 'before':
      return timeNs <= filter.timeNs
    case 'uuid':
      return stringMember(members, 'uuid') === filter.uuid
    case 'member':
      return hasMember(members, filter.path, filter.value)
    case 'told':
      return (filter.listsOnly && !isList(members)) || members.get('message') === undefined
        ? true
        : integersOf(members.get('message'))[0] !== 0n
  }
}

const isList = (members: NvList): boolean =>
  stringMember(members, 'class')?.startsWith('list.') === true

function classesOf(members: NvList): readonly string[] {
  const suspects = isList(members) ? (listsMember(members, 'fault-list') ?? []) : []
  return [members, ...suspects].flatMap((each) => stringMember(each, 'class') ?? [])
}

function hasMember(members: NvList, path: string, value: MemberValue | undefined): boolean {
  const found = memberAlong(members, path)
  if (found === undefined || value === undefined) return found !== undefined
  const { member, index } = found
  if (member.kind.endsWith('[]') !== (index !== undefined)) return false
  if (member.kind === 'string') return value.expression.test(member.value)
  if (member.kind === 'string[]') return value.expression.test(member.value[index ?? 0] ?? '')
  const number = wholeNumber(value.text.trim())
  return number !== undefined && integersOf(member)[index ?? 0] === number
}

/** A member along a path, `fault-list[0].asru.scheme`; of an array of lists the first one is meant
 *  where no index is said. */
function memberAlong(
  members: NvList,
  path: string,
): { readonly member: NvValue; readonly index: number | undefined } | undefined {
  const [, name = '', at, rest] =
    /^\s*([^.[\]]+?)\s*(?:\[\s*(\w+)\s*\])?(?:\.(.*))?$/.exec(path) ?? []
  const member = members.get(name)
  const index = at === undefined ? undefined : Number(wholeNumber(at) ?? -1n)
  if (member === undefined) return undefined
  if (rest === undefined || rest.trim() === '') {
    const isArray = member.kind.endsWith('[]')
    return index !== undefined && !isArray ? undefined : { member, index }
  }
  const below =
    member.kind === 'nvlist'
      ? member.value
      : member.kind === 'nvlist[]'
        ? member.value[index ?? 0]
        : undefined
  return below === undefined ? undefined : memberAlong(below, rest)
}

/** The numbers of a member, a truth being 0 or 1; none for what has no whole numbers. */
function integersOf(member: NvValue | undefined): readonly bigint[] {
  if (member === undefined) return []
  const { kind } = member
  if (kind === 'boolean') return [member.value ? 1n : 0n]
  if (kind === 'boolean[]') return member.value.map((each) => (each ? 1n : 0n))
  if (!/^(u?int(8|16|32|64)|byte)(\[\])?$/.test(kind)) return []
  const list: NvList = new Map([['value', member]])
  return integersMember(list, 'value') ?? [BigInt((member as { readonly value: bigint }).value)]
}

/** A number as C reads it: decimal, 0x hexadecimal, 0 octal. */
function wholeNumber(text: string): bigint | undefined {
  const [, sign, digits = ''] = /^([-+]?)(0x[\da-f]+|\d+)$/i.exec(text) ?? []
  if (digits === '' || (/^0[0-7]*[89]/.test(digits) && digits.length > 1)) return undefined
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}
