// CapturedTopology: the parts of a host of which there is nothing but what its tools printed.
//
//   lspci -vvv -xxxx, xenpm get-cpu-topology, xl info -n, /proc/cpuinfo  ->  Topology
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
import { cpuinfoPcpus, cpuinfoProcessor, xenpmPcpus, xlInfoPcpus } from './captured-pcpus.js'
import type { PlacedPcpu } from './chip-parts.js'
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
}

/** Which of them a text is; undefined when it is none. */
export function capturedKind(text: string): keyof CapturedTexts | undefined {
  if (/^CPU\s+core\s+socket\s+node\s*$/m.test(text)) return 'xenpm'
  if (/^nr_cpus\s*:/m.test(text) && /^xen_major\s*:/m.test(text)) return 'xlInfo'
  if (/^processor\s*: \d+$/m.test(text) && /^vendor_id\s*:/m.test(text)) return 'cpuinfo'
  return /^(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /m.test(text) ? 'lspci' : undefined
}

/** The parts of the host. Throws `XpvError` `fma.capture` for a text that does not tell of any. */
export function capturedTopology(texts: CapturedTexts): Topology {
  const { lspci, cpuinfo, xlInfo, xenpm } = texts
  const host = /^host\s*: (\S+)$/m.exec(xlInfo ?? '')?.[1]
  const pcpus = pcpusOf(texts)
  const pci = lspci === undefined ? unknown('lspci was not captured') : functionsOf(lspci)
  const noPcpus: Unknown = [['pcpus', 'neither xenpm, xl info nor /proc/cpuinfo was captured']]
  return assembleTopology({
    isMetal: cpuinfo !== undefined && xlInfo === undefined && xenpm === undefined,
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

function pcpusOf({ xenpm, xlInfo, cpuinfo }: CapturedTexts): readonly PlacedPcpu[] | undefined {
  if (xenpm !== undefined) return checked(xenpmPcpus(xenpm), 'xenpm get-cpu-topology')
  if (xlInfo !== undefined) return checked(xlInfoPcpus(xlInfo), 'xl info -n')
  if (cpuinfo !== undefined) return checked(cpuinfoPcpus(cpuinfo), 'cat /proc/cpuinfo')
  return undefined
}

function functionsOf(lspci: string): Obs<readonly PciListing[]> {
  return known(checked(parseLspci(lspci), 'lspci -vvv -xxxx'), 'tool')
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
