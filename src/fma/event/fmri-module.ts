// FMRIs of software pieces: modules of the fault manager, kernel modules, packages.
//
//   fmd:///module/eft                          a module of fmd: who diagnosed
//   mod:///mod-name=e1000g/mod-id=57           a kernel module
//   pkg://:host-id=1/SUNWcsu                   a package
//
// Holds: the string is for people: versions, packages and descriptions are in the nvlist only.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/{fmd,mod,pkg}.c; protocol.h.
import {
  type Authority,
  authorityFromNvlist,
  authorityOrNone,
  authorityToNvlist,
  parseAuthority,
  printAuthority,
} from './authority.js'
import { type FmriScheme, parseDecimal } from './fmri-scheme.js'
import { listMember, type NvList, nv, nvlist, stringMember, unsignedMember } from './nvlist.js'

/** A module of the fault manager. */
export interface FmdFmri {
  readonly scheme: 'fmd'
  readonly name: string
  readonly version?: string | undefined
  readonly authority?: Authority | undefined
}

/** A kernel module. */
export interface ModFmri {
  readonly scheme: 'mod'
  readonly name: string
  readonly id: number
  readonly description?: string | undefined
  /** The package it came in. */
  readonly pkg?: PkgFmri | undefined
  readonly authority?: Authority | undefined
}

/** A package. */
export interface PkgFmri {
  readonly scheme: 'pkg'
  readonly name: string
  readonly basedir?: string | undefined
  readonly version?: string | undefined
  readonly authority?: Authority | undefined
}

const text = (value: string | undefined) => (value === undefined ? undefined : nv.string(value))

/** Authority and the rest, of `authority/rest`. */
function split(body: string): { authority: Authority | undefined; rest: string } | undefined {
  const slash = body.indexOf('/')
  const parts = slash < 0 ? undefined : parseAuthority(body.slice(0, slash))
  if (parts === undefined) return undefined
  return { authority: authorityOrNone(parts), rest: body.slice(slash + 1) }
}

export const FMD: FmriScheme<FmdFmri> = {
  example: 'fmd:///module/eft',
  print: ({ name }) => `fmd:///module/${name}`,
  parse: (body) => {
    const [, name] = /^\/module\/(.+)$/.exec(body) ?? []
    return name === undefined ? undefined : { scheme: 'fmd', name }
  },
  toNvlist: ({ name, version, authority }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('fmd'),
      authority: authorityToNvlist(authority),
      'mod-name': nv.string(name),
      'mod-version': text(version),
    }),
  fromNvlist: (list) => {
    const name = stringMember(list, 'mod-name')
    const authority = authorityFromNvlist(listMember(list, 'authority'))
    const version = stringMember(list, 'mod-version')
    return name === undefined ? undefined : { scheme: 'fmd', name, version, authority }
  },
}

export const MOD: FmriScheme<ModFmri> = {
  example: 'mod:///mod-name=e1000g/mod-id=57',
  print: ({ authority, name, id }) =>
    `mod://${printAuthority(authority)}/mod-name=${name}/mod-id=${id}`,
  parse: (body) => {
    const { authority, rest } = split(body) ?? {}
    const [, name, digits = ''] = /^mod-name=(.+)\/mod-id=(\d+)$/.exec(rest ?? '') ?? []
    const id = parseDecimal(digits, 0x7fff_ffff)
    if (name === undefined || id === undefined) return undefined
    return { scheme: 'mod', name, id, authority }
  },
  toNvlist: ({ authority, name, id, description, pkg }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('mod'),
      authority: authorityToNvlist(authority),
      'mod-pkg': pkg && nv.list(PKG.toNvlist(pkg)),
      'mod-name': nv.string(name),
      'mod-id': nv.int32(id),
      'mod-desc': text(description),
    }),
  fromNvlist: (list) => {
    const [name, id] = [stringMember(list, 'mod-name'), unsignedMember(list, 'mod-id', 31)]
    if (name === undefined || id === undefined) return undefined
    const authority = authorityFromNvlist(listMember(list, 'authority'))
    const description = stringMember(list, 'mod-desc')
    return { scheme: 'mod', name, id: Number(id), description, pkg: pkgOf(list), authority }
  },
}

function pkgOf(list: NvList): PkgFmri | undefined {
  const member = listMember(list, 'mod-pkg')
  return member && PKG.fromNvlist(member)
}

export const PKG: FmriScheme<PkgFmri> = {
  example: 'pkg:///SUNWcsu',
  print: ({ authority, name }) => `pkg://${printAuthority(authority)}/${name}`,
  parse: (body) => {
    const { authority, rest = '' } = split(body) ?? {}
    return rest === '' ? undefined : { scheme: 'pkg', name: rest, authority }
  },
  toNvlist: ({ authority, name, basedir, version }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('pkg'),
      authority: authorityToNvlist(authority),
      'pkg-basedir': text(basedir),
      'pkg-inst': nv.string(name),
      'pkg-version': text(version),
    }),
  fromNvlist: (list) => {
    const name = stringMember(list, 'pkg-inst')
    if (name === undefined) return undefined
    const authority = authorityFromNvlist(listMember(list, 'authority'))
    const [basedir, version] = ['pkg-basedir', 'pkg-version'].map((n) => stringMember(list, n))
    return { scheme: 'pkg', name, basedir, version, authority }
  },
}
