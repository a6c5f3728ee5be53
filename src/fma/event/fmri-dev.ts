// dev FMRI: a device by its path in the device tree.
//
//   dev:////pci@0,0/pci8086,2@1
//   dev:///:devid=id1,sd@n5000:target-port-l0id=w5000//pci@0,0/disk@0,0
//
// Holds: a path begins with a slash, of which those repeated are dropped when read.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/dev.c.
import type { FmriScheme } from './fmri-scheme.js'
import { nv, nvlist, stringMember } from './nvlist.js'

/** A device by its path. */
export interface DevFmri {
  readonly scheme: 'dev'
  readonly path: string
  readonly devid?: string | undefined
  readonly targetPort?: string | undefined
}

export const DEV: FmriScheme<DevFmri> = {
  example: 'dev:////pci@0,0/pci8086,2@1',
  print: ({ path, devid, targetPort }) => {
    const id = devid === undefined ? '' : `:devid=${devid}`
    const port = targetPort === undefined ? '' : `:target-port-l0id=${targetPort}`
    const ids = `${id}${port}`
    return `dev:///${ids}${ids === '' ? '' : '/'}${path}`
  },
  parse: (text) => {
    const [, ids = '', path] = /^\/((?::[^:/=]+=[^:/]+){1,2})?\/*(\/.*)$/s.exec(text) ?? []
    const known = new Map(ids.split(':').slice(1).map(nameAndValue))
    const [devid, targetPort] = ['devid', 'target-port-l0id'].map((name) => known.get(name))
    const named = Number(devid !== undefined) + Number(targetPort !== undefined)
    if (path === undefined || named !== ids.split(':').length - 1) return undefined
    return { scheme: 'dev', path, devid, targetPort }
  },
  toNvlist: ({ path, devid, targetPort }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('dev'),
      devid: devid === undefined ? undefined : nv.string(devid),
      'target-port-l0id': targetPort === undefined ? undefined : nv.string(targetPort),
      'device-path': nv.string(path),
    }),
  fromNvlist: (list) => {
    const path = stringMember(list, 'device-path')
    if (path === undefined) return undefined
    const [devid, targetPort] = ['devid', 'target-port-l0id'].map((n) => stringMember(list, n))
    return { scheme: 'dev', path, devid, targetPort }
  },
}

function nameAndValue(text: string): [string, string] {
  const equals = text.indexOf('=')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
