// Headers that rules include, as far as rules use them: for where no illumos tree is at hand.
//
// Source: the names and values of illumos-gate usr/src/lib/fm/topo/libtopo/common/topo_hc.h and
// usr/src/uts/sun4v/io/px/px_err.h.
import type { SourceText } from './source.js'

const TOPO_HC = `
TOPO_PCI_BDF "BDF"
TOPO_PCI_CLASS "class-code"
TOPO_PCI_EXCAP "extended-capabilities"`

/** Fields of the error packets of a sun4v root complex. */
const PX_ERR = `
BLOCK_RSVD 0
BLOCK_HOSTBUS 1
BLOCK_MMU 2
BLOCK_INTR 3
BLOCK_PCIE 4
BLOCK_PORT 5
BLOCK_UNKNOWN 14
OP_RESERVED 0
OP_PIO 1
OP_DMA 2
OP_XLAT 1
OP_BYPASS 2
OP_TBW 3
OP_MSI32 1
OP_MSI64 2
OP_MSIQ 3
OP_PCIEMSG 4
OP_FIXED 5
OP_LINK 3
OP_UNKNOWN 14
PH_RESERVED 0
PH_ADDR 1
PH_DATA 2
PH_FC 1
PH_UNKNOWN 14
PH_IRR 15
CND_RESERVED 0
CND_ILL 1
CND_UNMAP 2
CND_INT 3
CND_UE 4
CND_OV 5
CND_PROT 5
CND_TO 5
CND_INV 6
CND_RCA 7
CND_RUR 8
CND_UC 9
CND_UNKNOWN 14
CND_IRR 15
DIR_RESERVED 0
DIR_READ 1
DIR_WRITE 2
DIR_RDWR 3
DIR_INGRESS 4
DIR_EGRESS 5
DIR_LINK 6
DIR_UNKNOWN 14
DIR_IRR 15`

const HEADERS: Readonly<Record<string, string>> = {
  'fm/topo_hc.h': TOPO_HC,
  'px_err.h': PX_ERR,
}

/** A header that rules are known to include; undefined for any other name. */
export function knownHeader(name: string): SourceText | undefined {
  const values = Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined
  if (values === undefined) return undefined
  return { name: `<${name}>`, text: `${values.trim().replace(/^/gm, '#define ')}\n` }
}
