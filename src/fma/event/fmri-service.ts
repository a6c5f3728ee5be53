// FMRIs of services and of places in software.
//
//   svc://scope@host/network/ssh:default@42
//   sw:///:root=/a:path=/usr/lib/libc.so.1#:file=malloc.c:func=malloc:line=12
//
// Holds: a service's instance and contract may be missing. Of a place in software the token is
// shown, or else file, function and line. Source: illumos-gate libtopo/common/{svc,sw}.c.
import {
  type Authority,
  authorityFromNvlist,
  authorityOrNone,
  authorityToNvlist,
  parseAuthority,
  printAuthority,
} from './authority.js'
import type { FmriScheme } from './fmri-scheme.js'
import { integerMember, listMember, type NvList, nv, nvlist, stringMember } from './nvlist.js'

/** A service of the service manager. */
export interface SvcFmri {
  readonly scheme: 'svc'
  readonly name: string
  readonly instance?: string | undefined
  readonly contract?: string | undefined
  readonly scope?: string | undefined
  readonly system?: string | undefined
}

/** A place in software. */
export interface SwFmri {
  readonly scheme: 'sw'
  readonly authority?: Authority | undefined
  readonly path: string
  readonly root?: string | undefined
  readonly site?: SwSite | undefined
  /** Who ran it (process, zone, stack), as it came; not printed. */
  readonly context?: NvList | undefined
}

/** Where in a file. */
interface SwSite {
  readonly token?: string | undefined
  readonly module?: string | undefined
  readonly file?: string | undefined
  readonly func?: string | undefined
  readonly line?: bigint | undefined
}

const text = (value: string | undefined) => (value === undefined ? undefined : nv.string(value))

export const SVC: FmriScheme<SvcFmri> = {
  example: 'svc:///network/ssh:default',
  print: ({ scope, system, name, instance, contract }) => {
    const whose = `${scope === undefined ? '' : `${scope}@`}${system ?? ''}`
    const which = `${instance === undefined ? '' : `:${instance}`}`
    return `svc://${whose}/${name}${which}${contract === undefined ? '' : `@${contract}`}`
  },
  parse: (body) => {
    const found = /^(?:([^@/:]+)@)?([^@/:]+)?\/([^:@]+)(?::([^:@]+))?(?:@([^:@]+))?$/.exec(body)
    if (found === null) return undefined
    const [, scope, system, name = '', instance, contract] = found
    return { scheme: 'svc', name, instance, contract, scope, system }
  },
  toNvlist: ({ scope, system, name, instance, contract }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('svc'),
      scope: text(scope),
      'system-fqn': text(system),
      'svc-name': nv.string(name),
      'svc-instance': text(instance),
      'svc-contract-id': text(contract),
    }),
  fromNvlist: (list) => {
    const name = stringMember(list, 'svc-name')
    if (name === undefined) return undefined
    return {
      scheme: 'svc',
      name,
      instance: stringMember(list, 'svc-instance'),
      contract: stringMember(list, 'svc-contract-id'),
      scope: stringMember(list, 'scope'),
      system: stringMember(list, 'system-fqn'),
    }
  },
}

export const SW: FmriScheme<SwFmri> = {
  example: 'sw:///:path=/usr/lib/libc.so.1',
  print: ({ authority, root, path, site }) => {
    const whole = `${root === undefined ? '' : `:root=${root}`}:path=${path}`
    return `sw://${printAuthority(authority)}/${whole}${printSite(site)}`
  },
  parse: (body) => {
    const slash = body.indexOf('/')
    const parts = slash < 0 ? undefined : parseAuthority(body.slice(0, slash))
    const found = /^(?::root=([^:#]*))?:path=([^:#]+)(#.*)?$/.exec(body.slice(slash + 1))
    const site = found?.[3] === undefined ? undefined : parseSite(found[3])
    if (parts === undefined || found === null || site === null) return undefined
    const [, root, path = ''] = found
    return { scheme: 'sw', authority: authorityOrNone(parts), path, root, site }
  },
  toNvlist: ({ authority, path, root, site, context }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('sw'),
      authority: authorityToNvlist(authority),
      object: nv.list(nvlist({ path: nv.string(path), root: text(root) })),
      site: site && nv.list(siteToNvlist(site)),
      context: context && nv.list(context),
    }),
  fromNvlist: (list) => {
    const object = listMember(list, 'object')
    const path = object && stringMember(object, 'path')
    if (object === undefined || path === undefined) return undefined
    const site = listMember(list, 'site')
    return {
      scheme: 'sw',
      authority: authorityFromNvlist(listMember(list, 'authority')),
      path,
      root: stringMember(object, 'root'),
      site: site && siteFromNvlist(site),
      context: listMember(list, 'context'),
    }
  },
}

function printSite(site: SwSite | undefined): string {
  if (site?.token !== undefined) return `#:token=${site.token}`
  if (site?.file === undefined) return ''
  const func = site.func === undefined ? '' : `:func=${site.func}`
  return `#:file=${site.file}${func}${site.line === undefined ? '' : `:line=${site.line}`}`
}

/** Null when it is no place. */
function parseSite(body: string): SwSite | null {
  const [, token] = /^#:token=([^:]+)$/.exec(body) ?? []
  if (token !== undefined) return { token }
  const pattern = /^#:file=([^:]+)(?::func=([^:]+))?(?::line=(-?\d{1,18}))?$/
  const [, file, func, line] = pattern.exec(body) ?? []
  if (file === undefined) return null
  return { file, func, line: line === undefined ? undefined : BigInt(line) }
}

function siteToNvlist({ token, module, file, func, line }: SwSite): NvList {
  return nvlist({
    token: text(token),
    module: text(module),
    file: text(file),
    func: text(func),
    line: line === undefined ? undefined : nv.int64(line),
  })
}

function siteFromNvlist(list: NvList): SwSite {
  const member = (name: string): string | undefined => stringMember(list, name)
  return {
    token: member('token'),
    module: member('module'),
    file: member('file'),
    func: member('func'),
    line: integerMember(list, 'line'),
  }
}
