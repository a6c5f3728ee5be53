// Payload: what an ereport says, as constraints ask for it.
//
//   payloadprop("bank")   payloadprop("resource[0].hc-specific.physaddr")   payloadprop("detector")
//
// Holds: whole numbers are 64 unsigned bits; a hardware FMRI is the path of its part; class, ENA
// and detector are members as any other. An ereport that an engine made says nothing.
// Source: illumos-gate usr/src/cmd/fm/modules/common/eversholt/platform.c.
import { type Ereport, ereportToNvlist } from '../event/ereport.js'
import { fmriToNvlist } from '../event/fmri.js'
import {
  listsMember,
  memberAt,
  type NvList,
  type NvValue,
  nv,
  stringMember,
} from '../event/nvlist.js'
import type { Value } from './value.js'

/** One member, or one element of one. Undefined when there is none, or it has no value that
 *  constraints know: an array as a whole, for one. */
export function payloadValue(ereport: Ereport | undefined, name: string): Value {
  const member = memberOf(ereport, name)
  return member && plainValue(member)
}

/** Whether there is a member of this name, whatever it is. */
export function payloadDefined(ereport: Ereport | undefined, name: string): boolean {
  return ereport !== undefined && (name === 'detector' || memberOf(ereport, name) !== undefined)
}

/** All values of a member: of an array its elements; of lists, those that are hardware FMRIs. */
export function payloadValues(ereport: Ereport | undefined, name: string): readonly Value[] {
  const member = memberOf(ereport, name)
  if (member === undefined || !('value' in member)) return []
  if (!Array.isArray(member.value))
    return [plainValue(member)].filter((value) => value !== undefined)
  if (member.kind === 'nvlist[]' && member.value.length === 1) {
    const part = partOf(member.value[0] as NvList)
    return part === undefined ? [] : [part]
  }
  const kind = member.kind.slice(0, -2)
  const elements = (member.value as readonly unknown[]).map((value) => ({ kind, value }) as NvValue)
  return elements.map(plainValue).filter((value) => value !== undefined)
}

function memberOf(ereport: Ereport | undefined, name: string): NvValue | undefined {
  if (ereport === undefined) return undefined
  const own = ereport.payload.get(name)
  if (own !== undefined) return own
  if (name === 'detector') return nv.list(fmriToNvlist(ereport.detector))
  const isPath = name.includes('.') || name.includes('[')
  if (!isPath && !OWN.has(name)) return undefined
  const list = isPath && !name.startsWith('detector') ? ereport.payload : ereportToNvlist(ereport)
  return memberAt(list, name.replaceAll(/\s*\[\s*(\d+)\s*\]/g, '[$1]'))
}

const OWN = new Set(['class', 'ena', '__injected', '__ttl', '__tod'])

function plainValue(member: NvValue): Value {
  switch (member.kind) {
    case 'flag':
      return 1n
    case 'boolean':
      return member.value ? 1n : 0n
    case 'string':
      return member.value
    case 'nvlist':
      return partOf(member.value)
    case 'double':
      return undefined
    default: {
      const { value } = member
      if (typeof value === 'bigint') return BigInt.asUintN(64, value)
      return typeof value === 'number' ? BigInt.asUintN(64, BigInt(value)) : undefined
    }
  }
}

/** The last list that was read, and its part: many constraints ask for one member in turn. */
let last: { readonly list: NvList; readonly part: Value } | undefined

/** The path of a hardware FMRI. */
function partOf(list: NvList): Value {
  if (last?.list !== list) last = { list, part: readPart(list) }
  return last.part
}

function readPart(list: NvList): Value {
  if (stringMember(list, 'scheme') !== 'hc') return undefined
  let key: string | undefined
  for (const pair of listsMember(list, 'hc-list') ?? []) {
    const name = stringMember(pair, 'hc-name')
    const id = stringMember(pair, 'hc-id')
    if (name === undefined || id === undefined) continue
    key = key === undefined ? `${name}${id}` : `${key}/${name}${id}`
  }
  return key === undefined ? undefined : { key, place: undefined }
}
