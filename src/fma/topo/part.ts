// Part: how one piece of hardware is put below another: what it inherits, and what is said of it
// that nobody knows.
//
//   { name: 'core', id: 1 } below chip 0  ->  FRU and label of chip 0, unless it has its own
//
// Holds: a part that is no FRU is part of the one above it, and lies where that does. What is not
// known is a property of the group `xpv-unknown`: its name, and the reason.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/topo_fmri.c (what is inherited).
import type { Fmri } from '../event/fmri.js'
import type { HcFmri, HcPair } from '../event/fmri-hc.js'
import { privateGroup, type TopoGroup, type TopoPart, type TopoProperty } from './topology.js'

/** Where parts are put: below what, and whose FRU and label they have. */
export interface Site {
  readonly path: readonly HcPair[]
  readonly authority: HcFmri['authority']
  readonly fru?: Fmri | undefined
  readonly label?: string | undefined
}

/** A part, by what it has itself. */
export interface OwnFacts {
  readonly name: string
  readonly id: number
  readonly serial?: string | undefined
  readonly part?: string | undefined
  /** It can be replaced by itself; true is its own resource. */
  readonly fru?: true | Fmri | undefined
  readonly label?: string | undefined
  readonly asru?: 'resource' | Fmri | undefined
  readonly groups?: readonly TopoGroup[]
  readonly unknown?: Unknown
}

/** What is not known, and why not. */
export type Unknown = readonly (readonly [what: string, reason: string])[]

/** Makes a part, and below it what `children` makes. */
export function partAt(
  site: Site,
  own: OwnFacts,
  children: (inside: Site) => readonly TopoPart[] = () => [],
): TopoPart {
  const { name, id, unknown = [] } = own
  const serial = own.serial === undefined ? undefined : cleanText(own.serial)
  const part = own.part === undefined ? undefined : cleanText(own.part)
  const path = [...site.path, { name, id: String(id) }]
  const resource: HcFmri = { scheme: 'hc', authority: site.authority, serial, part, path }
  const fru = own.fru === true ? resource : (own.fru ?? site.fru)
  const label = own.label ?? site.label
  const groups = [...(own.groups ?? []), ...(unknown.length > 0 ? [unknownGroup(unknown)] : [])]
  const below = children({ ...site, path, fru, label })
  const asru = own.asru === 'resource' ? resource : own.asru
  return { name, id, serial, part, fru, label, asru, groups, children: below }
}

/** A name or number as an FMRI can carry it: without what its grammar uses. */
export function cleanText(text: string): string {
  return text.trim().replace(/[^!-~]|[/:=?]/g, '-')
}

function unknownGroup(unknown: Unknown): TopoGroup {
  const properties = unknown.map(([name, value]): TopoProperty => text(name, value))
  return privateGroup('xpv-unknown', properties)
}

/** A property that is a text. */
export const text = (name: string, value: string): TopoProperty => ({ name, type: 'string', value })

/** A property that is a number, of the type illumos gives it. */
export const number = (
  name: string,
  type: 'int32' | 'uint32' | 'uint64',
  value: number,
): TopoProperty => ({ name, type, value: BigInt(value) })
