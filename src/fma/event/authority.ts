// Authority: whose hardware or software an FMRI is about: product, serial number, chassis, server.
//
//   :product-id=Sun-Fire-X4600:server-id=atrium
//
// Holds: parts keep their order; those printed are strings. A part that names the thing itself
// (serial, part, revision) belongs to the FMRI, not here. Source: illumos-gate protocol.h; hc.c.
import { type NvList, type NvValue, nv, stringMember } from './nvlist.js'

/** Names of parts with their values, in order. */
export type Authority = ReadonlyMap<AuthorityName | (string & {}), string>

/** Parts that the protocol names. */
type AuthorityName =
  | 'product-id'
  | 'product-sn'
  | 'chassis-id'
  | 'domain-id'
  | 'server-id'
  | 'host-id'

/** `:name=value` of each part. */
export function printAuthority(authority: Authority | undefined): string {
  return [...(authority ?? [])].map(([name, value]) => `:${name}=${value}`).join('')
}

/** Reads `:name=value…`; undefined when that is not what it is. Nothing at all has no parts. */
export function parseAuthority(text: string): Map<string, string> | undefined {
  if (text === '') return new Map()
  if (!/^(:[^:=]+=[^:]*)+$/.test(text)) return undefined
  const parts = text.slice(1).split(':')
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
}

/** An authority as a member of an FMRI. */
export function authorityToNvlist(authority: Authority | undefined): NvValue | undefined {
  if (authority === undefined || authority.size === 0) return undefined
  const parts = [...authority].map(([name, value]): [string, NvValue] => [name, nv.string(value)])
  return nv.list(new Map([['version', nv.uint8(0)], ...parts]))
}

/** The parts that are strings; undefined when there are none. */
export function authorityFromNvlist(list: NvList | undefined): Authority | undefined {
  if (list === undefined) return undefined
  const parts = [...list.keys()].flatMap((name): [string, string][] => {
    const value = stringMember(list, name)
    return value === undefined ? [] : [[name, value]]
  })
  return parts.length === 0 ? undefined : new Map(parts)
}

/** None, rather than one without parts. */
export function authorityOrNone(parts: Map<string, string>): Authority | undefined {
  return parts.size === 0 ? undefined : parts
}
