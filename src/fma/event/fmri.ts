// FMRI: the name of what can be at fault or notice a fault: hardware, memory, modules, services.
//
//   'hc:///motherboard=0/chip=0'  <->  { scheme: 'hc', path: [...] }  <->  an nvlist in an event
//
// Holds: parse(print(x)) is x, as far as the string says it; the nvlist keeps all. An FMRI that
// cannot be understood is refused, never guessed. Source: illumos-gate protocol.h and libtopo.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { CPU, type CpuFmri } from './fmri-cpu.js'
import { DEV, type DevFmri } from './fmri-dev.js'
import { HC, type HcFmri } from './fmri-hc.js'
import { MEM, type MemFmri } from './fmri-mem.js'
import { FMD, type FmdFmri, MOD, type ModFmri, PKG, type PkgFmri } from './fmri-module.js'
import type { FmriScheme } from './fmri-scheme.js'
import { SVC, type SvcFmri, SW, type SwFmri } from './fmri-service.js'
import { LEGACY_HC, type LegacyHcFmri, ZFS, type ZfsFmri } from './fmri-storage.js'
import { type NvList, stringMember } from './nvlist.js'

/** A name, by its scheme. */
export type Fmri =
  | HcFmri
  | CpuFmri
  | MemFmri
  | DevFmri
  | FmdFmri
  | ModFmri
  | PkgFmri
  | SvcFmri
  | SwFmri
  | ZfsFmri
  | LegacyHcFmri

type SchemeName = Fmri['scheme']
type Of<S extends SchemeName> = Extract<Fmri, { scheme: S }>

const SCHEMES: { readonly [S in SchemeName]: FmriScheme<Of<S>> } = {
  hc: HC,
  cpu: CPU,
  mem: MEM,
  dev: DEV,
  fmd: FMD,
  mod: MOD,
  pkg: PKG,
  svc: SVC,
  sw: SW,
  zfs: ZFS,
  'legacy-hc': LEGACY_HC,
}

/** The scheme that an FMRI is of. */
const schemeOf = (fmri: Fmri): FmriScheme<Fmri> => SCHEMES[fmri.scheme] as FmriScheme<Fmri>

/** The string of an FMRI, as libtopo forms it. */
export function printFmri(fmri: Fmri): string {
  return schemeOf(fmri).print(fmri)
}

/** Reads the string of an FMRI. Throws XpvError `fma.fmri` or `fma.fmri-scheme`. */
export function parseFmri(text: string): Fmri {
  const [, name = '', body = ''] = /^([a-z][a-z-]*):\/\/(.*)$/s.exec(text) ?? []
  if (name === '') throw refused('fma.fmri', `"${text}" is no FMRI`, HC.example)
  const scheme = knownScheme(name)
  const fmri = scheme.parse(body)
  if (fmri !== undefined) return fmri
  throw refused('fma.fmri', `"${text}" is no ${name} FMRI`, scheme.example)
}

/** The nvlist that events carry for an FMRI. Throws XpvError `fma.fmri-pool` for a storage pool of
 *  which only the name is known. */
export function fmriToNvlist(fmri: Fmri): NvList {
  return schemeOf(fmri).toNvlist(fmri)
}

/** Reads an FMRI from an event. Throws XpvError `fma.fmri` or `fma.fmri-scheme`. */
export function fmriFromNvlist(list: NvList): Fmri {
  const name = stringMember(list, 'scheme')
  if (name === undefined) throw refused('fma.fmri', 'an FMRI without a scheme')
  const fmri = knownScheme(name).fromNvlist(list)
  if (fmri !== undefined) return fmri
  const members = [...list.keys()].join(', ')
  throw refused('fma.fmri', `no ${name} FMRI has only the members ${members}`)
}

function knownScheme(name: string): FmriScheme<Fmri> {
  if (Object.hasOwn(SCHEMES, name)) return SCHEMES[name as SchemeName] as FmriScheme<Fmri>
  const names = Object.keys(SCHEMES)
  const hint = nearest(name, names) ?? names.join(', ')
  throw refused('fma.fmri-scheme', `no scheme is called "${name}"`, hint)
}

const refused = (code: string, message: string, hint?: string): XpvError =>
  new XpvError(code, message, hint)
