// FMRIs of storage pools, and of hardware that only has an old name.
//
//   zfs://pool=1f2e3d4c5b6a7988/vdev=1a2b       zfs://pool=tank/vdev=1a2b
//   legacy-hc:///component=MB
//
// Holds: a pool that is 1 to 16 hexadecimal digits is its number; else its name, which only the
// host that has the pool can make a number of. Source: illumos-gate libtopo, zfs.c, legacy_hc.c.
import { XpvError } from '../../base/error.js'
import { escapeUri, type FmriScheme, parseHex, unescapeUri } from './fmri-scheme.js'
import { nv, nvlist, stringMember, unsignedMember } from './nvlist.js'

/** A storage pool, or one device of it. */
export interface ZfsFmri {
  readonly scheme: 'zfs'
  readonly pool: bigint | string
  readonly vdev?: bigint | undefined
}

/** Hardware by a name that no tree has. */
export interface LegacyHcFmri {
  readonly scheme: 'legacy-hc'
  readonly component: string
}

export const ZFS: FmriScheme<ZfsFmri> = {
  example: 'zfs://pool=1f2e3d4c/vdev=1a2b',
  print: ({ pool, vdev }) => {
    const device = vdev === undefined ? '' : `/vdev=${vdev.toString(16)}`
    return `zfs://pool=${typeof pool === 'bigint' ? pool.toString(16) : pool}${device}`
  },
  parse: (body) => {
    const found = /^pool=([^/=]+)(?:\/vdev=([0-9a-f]{1,16}))?$/.exec(body)
    if (found === null) return undefined
    const [, pool = '', vdev] = found
    const device = vdev === undefined ? undefined : parseHex(vdev)
    return { scheme: 'zfs', pool: parseHex(pool) ?? pool, vdev: device }
  },
  toNvlist: ({ pool, vdev }) => {
    if (typeof pool === 'string') {
      const message = `the number of the pool "${pool}" is not known`
      throw new XpvError('fma.fmri-pool', message, 'zfs://pool=1f2e3d4c')
    }
    return nvlist({
      version: nv.uint8(0),
      scheme: nv.string('zfs'),
      pool: nv.uint64(pool),
      vdev: vdev === undefined ? undefined : nv.uint64(vdev),
    })
  },
  fromNvlist: (list) => {
    const [pool, vdev] = [unsignedMember(list, 'pool', 64), unsignedMember(list, 'vdev', 64)]
    return pool === undefined ? undefined : { scheme: 'zfs', pool, vdev }
  },
}

export const LEGACY_HC: FmriScheme<LegacyHcFmri> = {
  example: 'legacy-hc:///component=MB',
  print: ({ component }) => `legacy-hc:///component=${escapeUri(component)}`,
  parse: (body) => {
    const [, escaped] = /^\/component=(.+)$/.exec(body) ?? []
    const component = escaped === undefined ? undefined : unescapeUri(escaped)
    return component === undefined ? undefined : { scheme: 'legacy-hc', component }
  },
  toNvlist: ({ component }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('legacy-hc'),
      component: nv.string(component),
    }),
  fromNvlist: (list) => {
    const component = stringMember(list, 'component')
    return component === undefined ? undefined : { scheme: 'legacy-hc', component }
  },
}
