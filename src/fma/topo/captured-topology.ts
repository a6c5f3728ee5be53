// CapturedTopology: the parts of a host of which there is nothing but what its tools printed.
//
//   lspci -vvv -xxxx, xenpm get-cpu-topology, xl info -n, /proc/cpuinfo, /sys  ->  Topology
//
// Holds: a text that is not what it should be is refused; what no text tells is not there, and the
// motherboard says so.
import { XpvError } from '../../base/error.js'
import { known, type Obs, unknown } from '../../machine/obs.js'
import { CLASSIC_BYTES } from '../../machine/pci/config-space.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { parseLspci } from '../../machine/pci/parse-lspci.js'
import { printRequesterId } from '../../machine/pci/requester-id.js'
import { assembleTopology } from './assemble.js'
import {
  cpuinfoPcpus,
  cpuinfoProcessor,
  type PcpuRow,
  placed,
  xenpmPcpus,
  xlInfoPcpus,
} from './captured-pcpus.js'
import { isFmtopoText, parseFmtopo } from './fmtopo-text.js'
import type { Unknown } from './part.js'
import type { Topology } from './topology.js'

/** What tools printed on a host. */
export interface CapturedTexts {
  /** `lspci -xxxx`; with `-xxx` or `-x` less is known. */
  readonly lspci?: string | undefined
  /** `xenpm get-cpu-topology` */
  readonly xenpm?: string | undefined
  /** `xl info -n`, or `xl info`. */
  readonly xlInfo?: string | undefined
  /** `/proc/cpuinfo` */
  readonly cpuinfo?: string | undefined
  /** `fmtopo -V`, or `fmtopo -p`: it tells of all parts, so it is not mixed with others. */
  readonly fmtopo?: string | undefined
  /** Of /sys, with the bytes of its files. */
  readonly sysfs?: SysfsCapture | undefined
}

/** What /sys of Linux shows. */
export interface SysfsCapture {
  readonly functions: readonly PciListing[]
  /** Where a dom0 looks, these are vcpus. */
  readonly processors: readonly PcpuRow[]
  readonly isDom0: boolean
}

/** Which of them a text is; undefined when it is none. */
export function capturedKind(text: string): Exclude<keyof CapturedTexts, 'sysfs'> | undefined {
  if (isFmtopoText(text)) return 'fmtopo'
  if (/^CPU\s+core\s+socket\s+node\s*$/m.test(text)) return 'xenpm'
  if (/^nr_cpus\s*:/m.test(text) && /^xen_major\s*:/m.test(text)) return 'xlInfo'
  if (/^processor\s*: \d+$/m.test(text) && /^vendor_id\s*:/m.test(text)) return 'cpuinfo'
  return /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /m.test(text) ? 'lspci' : undefined
}

/** The parts of the host. Throws `XpvError` `fma.capture` for a text that does not tell of any. */
export function capturedTopology(texts: CapturedTexts): Topology {
  const { cpuinfo, xlInfo, xenpm, sysfs, fmtopo } = texts
  if (fmtopo !== undefined) return parseFmtopo(fmtopo)
  const host = /^host\s*: (\S+)$/m.exec(xlInfo ?? '')?.[1]
  const [pcpus, pci] = [pcpusOf(texts), functionsOf(texts)]
  const isMetal = xlInfo === undefined && xenpm === undefined && sysfs?.isDom0 !== true
  const noPcpus: Unknown = [['pcpus', 'nothing that lists them was captured: xl info -n']]
  return assembleTopology({
    isMetal: isMetal && pcpus !== undefined,
    host: host === undefined ? unknown('xl info was not captured') : known(host, 'tool'),
    processor:
      cpuinfo === undefined ? unknown('/proc/cpuinfo was not captured') : cpuinfoProcessor(cpuinfo),
    pcpus: pcpus ?? [],
    board: unknown('what the firmware says was not captured'),
    memory: unknown('no capture tells which DIMM an address is on'),
    pci,
    missing: [...(pcpus === undefined ? noPcpus : []), ...unread(pci)],
  })
}

/** Of a dom0 only what the hypervisor says: in its own files are vcpus. */
function pcpusOf({ xenpm, xlInfo, cpuinfo, sysfs }: CapturedTexts) {
  if (xenpm !== undefined) return checked(xenpmPcpus(xenpm), 'xenpm get-cpu-topology')
  if (xlInfo !== undefined) return checked(xlInfoPcpus(xlInfo), 'xl info -n')
  if (sysfs?.isDom0 === true) return undefined
  if (sysfs !== undefined && sysfs.processors.length > 0) return placed(sysfs.processors)
  if (cpuinfo !== undefined) return checked(cpuinfoPcpus(cpuinfo), 'cat /proc/cpuinfo')
  return undefined
}

function functionsOf({ lspci, sysfs }: CapturedTexts): Obs<readonly PciListing[]> {
  if (lspci !== undefined) return known(checked(parseLspci(lspci), 'lspci -vvv -xxxx'), 'tool')
  const isThere = sysfs !== undefined && sysfs.functions.length > 0
  return isThere ? known(sysfs.functions, 'sysfs') : unknown('lspci was not captured')
}

function checked<T>(items: readonly T[], command: string): readonly T[] {
  if (items.length > 0) return items
  throw new XpvError('fma.capture', `this is not what ${command} prints`, `${command} > FILE`)
}

/** Functions of which less than all was printed: capabilities are behind the first 64 bytes. */
function unread(pci: Obs<readonly PciListing[]>): Unknown {
  if (pci.kind === 'unknown') return []
  const short = pci.value.filter(({ bytes }) => bytes.length < CLASSIC_BYTES)
  if (short.length === 0) return []
  const which = short.map(({ id }) => printRequesterId(id)).join(' ')
  return [['capabilities', `lspci without -xxx, or not by root, shows none: ${which}`]]
}
