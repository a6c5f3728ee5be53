// mem FMRI: memory by the name of its unit, and maybe an address: how a page is named.
//
//   mem:///unum=/SYS/MB/P0/B0/D0/offset=1000
//   mem:///motherboard=0/chip=0/memory-controller=0/dimm=1/rank=0/physaddr=12345000
//
// Holds: a unit that is an hc path is shown as that path; other names are escaped, a space as a
// comma (so a name with spaces does not come back). Of two addresses the offset is shown.
// Source: illumos-gate usr/src/lib/fm/topo/libtopo/common/mem.c; protocol.h.
import { escapeUri, type FmriScheme, parseHex, unescapeUri } from './fmri-scheme.js'
import { type NvList, nv, nvlist, stringMember, unsignedMember } from './nvlist.js'

/** Memory by the name of its unit. */
export interface MemFmri {
  readonly scheme: 'mem'
  /** `hc:///…` or a name of the platform's. */
  readonly unum: string
  /** Of the chips of the unit; not printed. */
  readonly serials?: readonly string[] | undefined
  readonly offset?: bigint | undefined
  readonly physaddr?: bigint | undefined
}

export const MEM: FmriScheme<MemFmri> = {
  example: 'mem:///unum=DIMM0/physaddr=12345000',
  print: ({ unum, offset, physaddr }) => {
    const within = offset === undefined ? undefined : `/offset=${offset.toString(16)}`
    const address = physaddr === undefined ? '' : `/physaddr=${physaddr.toString(16)}`
    return `mem:///${printUnit(unum)}${within ?? address}`
  },
  parse: (text) => {
    const found = /^\/(.+?)(?:\/(offset|physaddr)=([0-9a-fA-F]+))?$/.exec(text)
    if (found === null) return undefined
    const [, unit = '', kind, digits = ''] = found
    const unum = parseUnit(unit)
    const address = parseHex(digits)
    if (unum === undefined || (kind !== undefined && address === undefined)) return undefined
    return { scheme: 'mem', unum, ...(kind === undefined ? {} : { [kind]: address }) }
  },
  toNvlist: ({ unum, serials, offset, physaddr }) =>
    nvlist({
      version: nv.uint8(0),
      scheme: nv.string('mem'),
      unum: nv.string(unum),
      serial: serials && nv.strings(serials),
      offset: offset === undefined ? undefined : nv.uint64(offset),
      physaddr: physaddr === undefined ? undefined : nv.uint64(physaddr),
    }),
  fromNvlist: (list) => {
    const unum = stringMember(list, 'unum')
    if (unum === undefined) return undefined
    const [offset, physaddr] = [
      unsignedMember(list, 'offset', 64),
      unsignedMember(list, 'physaddr', 64),
    ]
    return { scheme: 'mem', unum, serials: serialsOf(list), offset, physaddr }
  },
}

function printUnit(unum: string): string {
  const [, path] = /^hc:\/\/[^/]*\/(.+)$/.exec(unum) ?? []
  return path ?? `unum=${escapeUri(unum.replace(/: /g, ':').replace(/ /g, ','))}`
}

function parseUnit(text: string): string | undefined {
  return text.startsWith('unum=') ? unescapeUri(text.slice(5)) : `hc:///${text}`
}

/** One serial number may come as a plain string. */
function serialsOf(list: NvList): readonly string[] | undefined {
  const member = list.get('serial')
  if (member?.kind === 'string[]') return member.value
  return member?.kind === 'string' ? [member.value] : undefined
}
