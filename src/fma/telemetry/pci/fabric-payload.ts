// FabricPayload: the registers of one function as ereport.io.pci.fabric carries them.
//
//   bdf device_id vendor_id ... pci_status ... pcie_ue_status ... remainder severity
//
// Holds: members stand in the order in which the kernel puts them; what its source does not tell is
// not there. Source: illumos-gate pcie_fault.c (pf_send_ereport), without what only I/O
// virtualisation and PCI-X add.
import { type NvList, type NvValue, nv, nvlist } from '../../event/nvlist.js'
import { BRIDGE_TO_PCI, type FabricErrors, type UncorrectableErrors } from './fabric-errors.js'
import { secondaryTargetOf, type TlpTarget, targetOf } from './tlp-target.js'

/** Type of a function of conventional PCI. */
const CONVENTIONAL = 0x101
/** No function has this id. */
const NO_ID = 0xffff

type Members = Record<string, NvValue | undefined>

/** What an ereport of a whole function adds. `remainder` is how many of the same look are still to
 *  come; `root` the root port above, where it was looked at. */
export function fabricPayload(
  of: FabricErrors,
  around: { remainder: number; severity: number; root: FabricErrors | undefined },
): NvList {
  const { remainder, severity, root } = around
  return nvlist({
    ...deviceMembers(of),
    ...pciMembers(of),
    ...errorMembers(of),
    ...targetMembers('pcie_ue', targetOf(of)),
    ...secondaryMembers(of, root),
    ...rootMembers(of),
    remainder: nv.uint32(remainder),
    severity: nv.uint32(severity),
  })
}

function deviceMembers({ id, ids, type, expressAt, aerAt }: FabricErrors): Members {
  const isWhole = expressAt !== undefined
  const kind = type === undefined ? CONVENTIONAL : type << 4
  return {
    bdf: nv.uint16(id),
    device_id: ids && nv.uint16(ids.device),
    vendor_id: ids && nv.uint16(ids.vendor),
    rev_id: ids?.revision === undefined ? undefined : nv.uint8(ids.revision),
    dev_type: isWhole ? nv.uint16(kind) : undefined,
    pcie_off: isWhole ? nv.uint16(expressAt) : undefined,
    pcix_off: isWhole ? nv.uint16(0) : undefined,
    aer_off: aerAt === undefined ? undefined : nv.uint16(aerAt),
    ecc_ver: isWhole ? nv.uint16(0) : undefined,
  }
}

function pciMembers({ pci, bridge, express }: FabricErrors): Members {
  return {
    pci_status: pci && nv.uint16(pci.status),
    pci_command: pci && nv.uint16(pci.command),
    pci_bdg_sec_status: bridge && nv.uint16(bridge.status),
    pci_bdg_ctrl: bridge && nv.uint16(bridge.control),
    pcie_status: express && nv.uint16(express.status),
    pcie_command: express && nv.uint16(express.control),
    pcie_dev_cap: maybe(express?.capabilities),
  }
}

function errorMembers({ uncorrectable, correctable }: FabricErrors): Members {
  return {
    ...(uncorrectable === undefined ? {} : sideMembers('pcie_ue', 'pcie_adv_ctl', uncorrectable)),
    pcie_ce_status: correctable && nv.uint32(correctable.status),
    pcie_ce_mask: maybe(correctable?.mask),
  }
}

function sideMembers(prefix: string, control: string, of: UncorrectableErrors): Members {
  const words = (of.header ?? []).map((word, n) => [`${prefix}_hdr${n}`, nv.uint32(word)] as const)
  return {
    [control]: maybe(of.control),
    [`${prefix}_status`]: nv.uint32(of.status),
    [`${prefix}_mask`]: maybe(of.mask),
    [`${prefix}_sev`]: maybe(of.severity),
    ...Object.fromEntries(words),
  }
}

const maybe = (value: number | undefined): NvValue | undefined =>
  value === undefined ? undefined : nv.uint32(value)

function targetMembers(prefix: string, target: TlpTarget | undefined): Members {
  if (target === undefined) return {}
  return {
    [`${prefix}_tgt_trans`]: nv.uint32(target.way),
    [`${prefix}_tgt_addr`]: nv.uint64(target.address),
    [`${prefix}_tgt_bdf`]: nv.uint16(target.id ?? NO_ID),
  }
}

function secondaryMembers(of: FabricErrors, root: FabricErrors | undefined): Members {
  if (of.type !== BRIDGE_TO_PCI || of.secondary === undefined) return {}
  return {
    ...sideMembers('pcie_sue', 'pcie_sue_adv_ctl', of.secondary),
    ...targetMembers('pcie_sue', secondaryTargetOf(of, root)),
  }
}

function rootMembers({ rootControl, root, slot }: FabricErrors): Members {
  return {
    pcie_rp_status: rootControl && nv.uint32(rootControl.status),
    pcie_rp_control: rootControl && nv.uint16(rootControl.control),
    pcie_adv_rp_status: root && nv.uint32(root.status),
    pcie_adv_rp_command: maybe(root?.command),
    pcie_adv_rp_ce_src_id: root && nv.uint16(root.correctableSource),
    pcie_adv_rp_ue_src_id: root && nv.uint16(root.uncorrectableSource),
    pcie_slot_cap: slot && nv.uint32(slot.capabilities),
    pcie_slot_control: slot && nv.uint16(slot.control),
    pcie_slot_status: slot && nv.uint16(slot.status),
  }
}
