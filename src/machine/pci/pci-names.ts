// PciNames: names of vendors, devices, boards and classes: those of the simulated host and of the
// recorded ones. Everything else is told by number.
//
//   8086:25d8  ->  'Intel Corporation', '5000P Chipset Memory Controller Hub'
//
// Source: names as the PCI id database (pci.ids) has them.

/** Four hexadecimal digits. */
export const hex4 = (n: number): string => n.toString(16).padStart(4, '0')

const VENDORS: Readonly<Record<number, string>> = {
  4096: 'Broadcom / LSI',
  4130: 'Advanced Micro Devices, Inc. [AMD]',
  4215: 'QLogic Corp.',
  4238: 'Oracle/SUN',
  4277: 'PLX Technology, Inc.',
  4318: 'NVIDIA Corporation',
  6900: 'Red Hat, Inc.',
  6966: 'Red Hat, Inc.',
  32902: 'Intel Corporation',
}

const DEVICES: Readonly<Record<string, string>> = {
  '1000:0058': 'SAS1068E PCI-Express Fusion-MPT SAS',
  '1022:1100': 'K8 [Athlon64/Opteron] HyperTransport Technology Configuration',
  '1022:1101': 'K8 [Athlon64/Opteron] Address Map',
  '1022:1102': 'K8 [Athlon64/Opteron] DRAM Controller',
  '1022:1103': 'K8 [Athlon64/Opteron] Miscellaneous Control',
  '1077:2432': 'ISP2432-based 4Gb Fibre Channel to PCI Express HBA',
  '10b5:8532': 'PEX 8532  Versatile PCI Express Switch',
  '10de:0051': 'CK804 ISA Bridge',
  '10de:0052': 'CK804 SMBus',
  '10de:005d': 'CK804 PCIE Bridge',
  '10de:005e': 'CK804 Memory Controller',
  '1af4:1001': 'Virtio block device',
  '1af4:1009': 'Virtio filesystem',
  '1af4:1044': 'Virtio 1.0 RNG',
  '1b36:000c': 'QEMU PCIe Root port',
  '8086:0953': 'PCIe Data Center SSD',
  '8086:105e': '82571EB/82571GB Gigabit Ethernet Controller D0/D1 (copper applications)',
  '8086:10d3': '82574L Gigabit Network Connection',
  '8086:25d8': '5000P Chipset Memory Controller Hub',
  '8086:25e4': '5000 Series Chipset PCI Express x4 Port 4',
  '8086:25e6': '5000 Series Chipset PCI Express x4 Port 6',
  '8086:25f7': '5000 Series Chipset PCI Express x8 Port 2-3',
  '8086:2670': '631xESB/632xESB/3100 Chipset LPC Interface Controller',
  '8086:269b': '631xESB/632xESB/3100 Chipset SMBus Controller',
  '8086:2918': '82801IB (ICH9) LPC Interface Controller',
  '8086:2922': '82801IR/IO/IH (ICH9R/DO/DH) 6 port SATA Controller [AHCI mode]',
  '8086:2930': '82801I (ICH9 Family) SMBus Controller',
  '8086:29c0': '82G33/G31/P35/P31 Express DRAM Controller',
  '8086:3500': '6311ESB/6321ESB PCI Express Upstream Port',
  '8086:3510': '6311ESB/6321ESB PCI Express Downstream Port E1',
  '8086:3514': '6311ESB/6321ESB PCI Express Downstream Port E2',
}

/** By device, then by board. */
const BOARDS: Readonly<Record<string, string>> = {
  '1af4:1001/1af4:0002': 'Virtio block device',
  '1af4:1009/1af4:0009': 'Virtio filesystem',
  '1b36:000c/1b36:0000': 'QEMU PCIe Root port',
  '8086:0953/8086:3702': 'DC P3700 SSD',
  '8086:10d3/8086:0000': '82574L Gigabit Network Connection',
  '8086:105e/8086:115e': 'PRO/1000 PT Dual Port Server Adapter',
  '8086:2918/1af4:1100': 'QEMU Virtual Machine',
  '8086:2922/1af4:1100': 'QEMU Virtual Machine',
  '8086:2930/1af4:1100': 'QEMU Virtual Machine',
  '8086:29c0/1af4:1100': 'QEMU Virtual Machine',
}

const BASE_CLASSES: readonly string[] = [
  'Unclassified device',
  'Mass storage controller',
  'Network controller',
  'Display controller',
  'Multimedia controller',
  'Memory controller',
  'Bridge',
  'Communication controller',
  'Generic system peripheral',
  'Input device controller',
  'Docking station',
  'Processor',
  'Serial bus controller',
]

const CLASSES: Readonly<Record<number, string>> = {
  256: 'SCSI storage controller',
  262: 'SATA controller',
  263: 'Serial Attached SCSI controller',
  264: 'Non-Volatile memory controller',
  512: 'Ethernet controller',
  1408: 'Memory controller',
  1536: 'Host bridge',
  1537: 'ISA bridge',
  1540: 'PCI bridge',
  3075: 'USB controller',
  3076: 'Fibre Channel',
  3077: 'SMBus',
}

const INTERFACES: Readonly<Record<string, string>> = {
  '0106/01': 'AHCI 1.0',
  '0108/02': 'NVM Express',
  '0604/00': 'Normal decode',
}

/** Vendor and device, as `lspci` names them; numbers where they have no name. */
function deviceName(vendor: number, device: number): string {
  const known = DEVICES[`${hex4(vendor)}:${hex4(device)}`]
  const by = VENDORS[vendor]
  if (by === undefined) return `Device ${hex4(vendor)}:${hex4(device)}`
  return `${by} ${known ?? `Device ${hex4(device)}`}`
}

/** A board, as `lspci` names it: one without a name has that of its device. */
function boardName(
  of: { readonly vendor: number; readonly device: number },
  vendor: number,
  device: number,
): string {
  const board = `${hex4(vendor)}:${hex4(device)}`
  const known = BOARDS[`${hex4(of.vendor)}:${hex4(of.device)}/${board}`]
  const by = VENDORS[vendor]
  if (by === undefined) return `Device ${board}`
  const listed = DEVICES[`${hex4(of.vendor)}:${hex4(of.device)}`]
  return `${by} ${known ?? listed ?? `Device ${hex4(device)}`}`
}

/** Vendor and device apart, as `lspci -mm` writes them: names, numbers or both. */
export function deviceParts(
  vendor: number,
  device: number,
  numeric: number,
): readonly [vendor: string, device: string] {
  const id = `${hex4(vendor)}:${hex4(device)}`
  return [
    part(VENDORS[vendor] ?? `Vendor ${hex4(vendor)}`, vendor, numeric),
    part(DEVICES[id] ?? `Device ${hex4(device)}`, device, numeric),
  ]
}

/** The same of a board. */
export function boardParts(
  of: { readonly vendor: number; readonly device: number },
  [vendor, device]: readonly [number, number],
  numeric: number,
): readonly [vendor: string, device: string] {
  const listed = `${hex4(of.vendor)}:${hex4(of.device)}`
  const board = BOARDS[`${listed}/${hex4(vendor)}:${hex4(device)}`]
  const by = VENDORS[vendor]
  const name = by === undefined ? undefined : (board ?? DEVICES[listed])
  return [
    part(by ?? `Unknown vendor ${hex4(vendor)}`, vendor, numeric),
    part(name ?? `Device ${hex4(device)}`, device, numeric),
  ]
}

/** A name, its number, or both; one that ends in its number has it once. */
function part(name: string, id: number, numeric: number): string {
  if (numeric === 0) return name
  if (numeric === 1) return hex4(id)
  return `${name.endsWith(` ${hex4(id)}`) ? name.slice(0, -5) : name} [${hex4(id)}]`
}

/** A class, as `lspci` names it: a subclass without a name by its base class and number. */
export function className(code: number): string {
  const known = CLASSES[code]
  if (known !== undefined) return known
  const base = BASE_CLASSES[code >>> 8]
  return base === undefined ? `Class ${hex4(code)}` : `${base} [${hex4(code)}]`
}

/** A programming interface; undefined where it has no name. */
export function interfaceName(code: number, progIf: number): string | undefined {
  return INTERFACES[`${hex4(code)}/${progIf.toString(16).padStart(2, '0')}`]
}

/** A device as `lspci` writes it: by name, by numbers (`-n`), or by both (`-nn`). */
export function deviceText(vendor: number, device: number, numeric: number): string {
  const ids = `${hex4(vendor)}:${hex4(device)}`
  return numeric === 1 ? ids : named(deviceName(vendor, device), ids, numeric)
}

/** A board as `lspci` writes it. */
export function boardText(
  of: { readonly vendor: number; readonly device: number },
  [vendor, device]: readonly [number, number],
  numeric: number,
): string {
  const ids = `${hex4(vendor)}:${hex4(device)}`
  return numeric === 1 ? ids : named(boardName(of, vendor, device), ids, numeric)
}

/** The numbers behind a name; not twice where it is only numbers. */
function named(name: string, ids: string, numeric: number): string {
  return numeric > 1 ? `${name.endsWith(ids) ? 'Device' : name} [${ids}]` : name
}
