// hc FMRI: a piece of hardware by its place in the tree of the host.
//
//   hc://:product-id=X4600:serial=1234/motherboard=0/chip=0/core=1/strand=0
//   hc:///motherboard=0/chip=0/memory-controller=0/dimm=2/rank=0/physaddr=12345000
//   hc:///chassis=0/bay=3?indicator=locate
//
// Holds: at most 20 pairs; an id may have slashes: a pair begins at the last slash before `=`. An
// address, in hexadecimal, ends the path; a facility (a sensor, a lamp) comes last.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/hc.c; protocol.h.
import {
  type Authority,
  authorityFromNvlist,
  authorityOrNone,
  authorityToNvlist,
  parseAuthority,
  printAuthority,
} from './authority.js'
import { type FmriScheme, parseHex } from './fmri-scheme.js'
import {
  listMember,
  listsMember,
  type NvList,
  nv,
  nvlist,
  stringMember,
  unsignedMember,
} from './nvlist.js'

/** One step of a path: `chip=0`. */
export interface HcPair {
  readonly name: string
  readonly id: string
}

/** Hardware by its place. */
export interface HcFmri {
  readonly scheme: 'hc'
  readonly authority?: Authority | undefined
  readonly serial?: string | undefined
  readonly part?: string | undefined
  readonly revision?: string | undefined
  readonly path: readonly HcPair[]
  /** In bytes: within the piece (`offset`), or of the host (`physaddr`); those of its ASRU are
   *  printed where it has none itself. */
  readonly offset?: bigint | undefined
  readonly physaddr?: bigint | undefined
  readonly asruOffset?: bigint | undefined
  readonly asruPhysaddr?: bigint | undefined
  readonly facility?: { readonly type: string; readonly name: string } | undefined
}

/** Pairs that a path has at most. */
const MOST_HC_PAIRS = 20

export const HC: FmriScheme<HcFmri> = {
  example: 'hc:///motherboard=0/chip=0',
  print: printHc,
  parse: parseHc,
  toNvlist: hcToNvlist,
  fromNvlist: hcFromNvlist,
}

function printHc(fmri: HcFmri): string {
  const { authority, serial, part, revision, path, facility } = fmri
  let text = authority === undefined ? 'hc://' : `hc://${printAuthority(authority)}`
  if (serial !== undefined) text += `:serial=${serial}`
  if (part !== undefined) text += `:part=${part}`
  if (revision !== undefined) text += `:revision=${revision}`
  for (const { name, id } of path) text += `/${name}=${id}`
  if (path.length === 0) text += '/'
  text += printAddress(fmri)
  return facility === undefined ? text : `${text}?${facility.type}=${facility.name}`
}

function printAddress({ offset, asruOffset, physaddr, asruPhysaddr }: HcFmri): string {
  const within = offset ?? asruOffset
  const address = physaddr ?? asruPhysaddr
  if (within !== undefined) return `/offset=${within.toString(16)}`
  return address === undefined ? '' : `/physaddr=${address.toString(16)}`
}

function parseHc(text: string): HcFmri | undefined {
  const slash = text.indexOf('/')
  const parts = slash < 0 ? undefined : parseAuthority(text.slice(0, slash))
  const [body = '', ...facilities] = text.slice(slash + 1).split('?')
  const facility = facilities.length === 0 ? undefined : parseFacility(facilities)
  const pairs = parsePairs(body)
  if (parts === undefined || pairs === undefined || facility === null) return undefined
  const taken = takeAddress(pairs)
  if (taken === undefined || taken.path.length > MOST_HC_PAIRS) return undefined
  const [serial, part, revision] = ['serial', 'part', 'revision'].map((name) =>
    takePart(parts, name),
  )
  const authority = authorityOrNone(parts)
  return { scheme: 'hc', authority, serial, part, revision, ...taken, facility }
}

function takePart(parts: Map<string, string>, name: string): string | undefined {
  const value = parts.get(name)
  parts.delete(name)
  return value
}

/** `type=name`; null when there is something else. */
function parseFacility(parts: readonly string[]): HcFmri['facility'] | null {
  const [, type, name] = /^([^=]+)=(.+)$/s.exec(parts.join('?')) ?? []
  return type === undefined || name === undefined ? null : { type, name }
}

function parsePairs(text: string): HcPair[] | undefined {
  const pieces = text.split('=')
  const pairs: HcPair[] = []
  let name = pieces[0] ?? ''
  for (const [i, piece] of pieces.entries()) {
    if (i === 0) continue
    const cut = i === pieces.length - 1 ? piece.length : piece.lastIndexOf('/')
    if (name === '' || name.includes('/') || cut < 0) return undefined
    pairs.push({ name, id: piece.slice(0, cut) })
    name = piece.slice(cut + 1)
  }
  return pairs.length > 0 && pairs.every(({ id }) => id !== '') ? pairs : undefined
}

/** Moves an address that ends a path out of it. */
function takeAddress(
  pairs: HcPair[],
): { path: HcPair[]; offset?: bigint; physaddr?: bigint } | undefined {
  const last = pairs.at(-1)
  if (last?.name !== 'offset' && last?.name !== 'physaddr') return { path: pairs }
  const value = parseHex(last.id)
  return value === undefined ? undefined : { path: pairs.slice(0, -1), [last.name]: value }
}

function hcToNvlist(fmri: HcFmri): NvList {
  const address = nvlist({
    offset: maybeUint64(fmri.offset),
    physaddr: maybeUint64(fmri.physaddr),
    'asru-offset': maybeUint64(fmri.asruOffset),
    'asru-physaddr': maybeUint64(fmri.asruPhysaddr),
  })
  const { facility } = fmri
  const lamp = facility && {
    'facility-name': nv.string(facility.name),
    'facility-type': nv.string(facility.type),
  }
  return nvlist({
    version: nv.uint8(0),
    scheme: nv.string('hc'),
    authority: authorityToNvlist(fmri.authority),
    serial: maybeString(fmri.serial),
    part: maybeString(fmri.part),
    revision: maybeString(fmri.revision),
    'hc-root': nv.string(''),
    'hc-list-sz': nv.uint32(fmri.path.length),
    'hc-list': nv.lists(fmri.path.map(pairToNvlist)),
    'hc-specific': address.size === 0 ? undefined : nv.list(address),
    facility: lamp && nv.list(nvlist(lamp)),
  })
}

const maybeString = (value: string | undefined) =>
  value === undefined ? undefined : nv.string(value)
const maybeUint64 = (value: bigint | undefined) =>
  value === undefined ? undefined : nv.uint64(value)
const pairToNvlist = ({ name, id }: HcPair): NvList =>
  nvlist({ 'hc-name': nv.string(name), 'hc-id': nv.string(id) })

function hcFromNvlist(list: NvList): HcFmri | undefined {
  const path = listsMember(list, 'hc-list')?.flatMap((pair): HcPair[] => {
    const [name, id] = [stringMember(pair, 'hc-name'), stringMember(pair, 'hc-id')]
    return name === undefined || id === undefined ? [] : [{ name, id }]
  })
  if (path === undefined) return undefined
  const address = listMember(list, 'hc-specific') ?? nvlist({})
  return {
    scheme: 'hc',
    authority: authorityFromNvlist(listMember(list, 'authority')),
    serial: stringMember(list, 'serial'),
    part: stringMember(list, 'part'),
    revision: stringMember(list, 'revision'),
    path,
    offset: unsignedMember(address, 'offset', 64),
    physaddr: unsignedMember(address, 'physaddr', 64),
    asruOffset: unsignedMember(address, 'asru-offset', 64),
    asruPhysaddr: unsignedMember(address, 'asru-physaddr', 64),
    facility: facilityFromNvlist(listMember(list, 'facility')),
  }
}

function facilityFromNvlist(list: NvList | undefined): HcFmri['facility'] {
  const type = list && stringMember(list, 'facility-type')
  const name = list && stringMember(list, 'facility-name')
  return type === undefined || name === undefined ? undefined : { type, name }
}
