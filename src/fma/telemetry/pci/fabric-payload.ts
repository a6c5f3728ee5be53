// FabricPayload: the registers of one function as ereport.io.pci.fabric carries them.
//
//   bdf device_id vendor_id ... pci_status ... pcie_ue_status ... remainder severity
//
// Holds: members stand in the order in which the kernel puts them; what its source does not tell is
// not there. Source: illumos-gate pcie_fault.c (pf_send_ereport), without what only I/O
// virtualisation and PCI-X add.
import type { NvList } from '../../event/nvlist.js'
import { BRIDGE_TO_PCI, type FabricErrors, type UncorrectableErrors } from './fabric-errors.js'
import { RegisterPayload } from './register-payload.js'
import { secondaryTargetOf, type TlpTarget, targetOf } from './tlp-target.js'

/** Type of a function of conventional PCI. */
const CONVENTIONAL = 0x101
/** No function has this id. */
const NO_ID = 0xffff

/** What an ereport of a whole function adds. `remainder` is how many of the same look are still to
 *  come; `root` the root port above, where it was looked at. */
export function fabricPayload(
  of: FabricErrors,
  around: { remainder: number; severity: number; root: FabricErrors | undefined },
): NvList {
  const payload = new RegisterPayload()
  putDevice(payload, of)
  putPci(payload, of)
  putErrors(payload, of)
  putTarget(payload, UE, targetOf(of))
  putSecondary(payload, of, around.root)
  putRoot(payload, of)
  payload.u32('remainder', around.remainder)
  payload.u32('severity', around.severity)
  return payload.list
}

function putDevice(payload: RegisterPayload, of: FabricErrors): void {
  const { id, ids, type, expressAt, aerAt } = of
  const isWhole = expressAt !== undefined
  payload.u16('bdf', id)
  payload.u16('device_id', ids?.device)
  payload.u16('vendor_id', ids?.vendor)
  payload.u8('rev_id', ids?.revision)
  if (isWhole) payload.u16('dev_type', type === undefined ? CONVENTIONAL : type << 4)
  payload.u16('pcie_off', expressAt)
  if (isWhole) payload.u16('pcix_off', 0)
  payload.u16('aer_off', aerAt)
  if (isWhole) payload.u16('ecc_ver', 0)
}

function putPci(payload: RegisterPayload, { pci, bridge, express }: FabricErrors): void {
  payload.u16('pci_status', pci?.status)
  payload.u16('pci_command', pci?.command)
  payload.u16('pci_bdg_sec_status', bridge?.status)
  payload.u16('pci_bdg_ctrl', bridge?.control)
  payload.u16('pcie_status', express?.status)
  payload.u16('pcie_command', express?.control)
  payload.u32('pcie_dev_cap', express?.capabilities)
}

function putErrors(payload: RegisterPayload, { uncorrectable, correctable }: FabricErrors): void {
  if (uncorrectable !== undefined) putSide(payload, UE, uncorrectable)
  payload.u32('pcie_ce_status', correctable?.status)
  payload.u32('pcie_ce_mask', correctable?.mask)
}

/** What members of one side of a function are called. */
const names = (prefix: string, control: string) => ({
  control,
  status: `${prefix}_status`,
  mask: `${prefix}_mask`,
  severity: `${prefix}_sev`,
  header: [0, 1, 2, 3].map((n) => `${prefix}_hdr${n}`),
  way: `${prefix}_tgt_trans`,
  address: `${prefix}_tgt_addr`,
  id: `${prefix}_tgt_bdf`,
})
const UE = names('pcie_ue', 'pcie_adv_ctl')
const SUE = names('pcie_sue', 'pcie_sue_adv_ctl')

function putSide(payload: RegisterPayload, name: typeof UE, of: UncorrectableErrors): void {
  payload.u32(name.control, of.control)
  payload.u32(name.status, of.status)
  payload.u32(name.mask, of.mask)
  payload.u32(name.severity, of.severity)
  const { header } = of
  if (header === undefined) return
  for (let n = 0; n < 4; n++) payload.u32(name.header[n] ?? '', header[n])
}

function putTarget(payload: RegisterPayload, name: typeof UE, target: TlpTarget | undefined): void {
  if (target === undefined) return
  payload.u32(name.way, target.way)
  payload.u64(name.address, target.address)
  payload.u16(name.id, target.id ?? NO_ID)
}

function putSecondary(
  payload: RegisterPayload,
  of: FabricErrors,
  root: FabricErrors | undefined,
): void {
  if (of.type !== BRIDGE_TO_PCI || of.secondary === undefined) return
  putSide(payload, SUE, of.secondary)
  putTarget(payload, SUE, secondaryTargetOf(of, root))
}

function putRoot(payload: RegisterPayload, { rootControl, root, slot }: FabricErrors): void {
  payload.u32('pcie_rp_status', rootControl?.status)
  payload.u16('pcie_rp_control', rootControl?.control)
  payload.u32('pcie_adv_rp_status', root?.status)
  payload.u32('pcie_adv_rp_command', root?.command)
  payload.u16('pcie_adv_rp_ce_src_id', root?.correctableSource)
  payload.u16('pcie_adv_rp_ue_src_id', root?.uncorrectableSource)
  payload.slot(slot)
}
