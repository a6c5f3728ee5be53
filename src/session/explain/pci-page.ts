// PCI pages: a register of PCI configuration space, and a number read from one.
//
//   DevSta?  UESta?                  ->  its place, each field with what writing it does
//   explain(0x00004000, 'UESta')     ->  the same with the value of each field
//   explain(0x10d38086, 'pci')       ->  vendor and device, as the first dword has them
//
// Source: PCI Local Bus 3.0, section 6; PCI Express Base 3.0, section 7.
import { table } from '../../base/table.js'
import { aerRegisters } from '../../machine/pci/aer-registers.js'
import {
  DEVICE_CAPABILITIES,
  DEVICE_CAPABILITIES_2,
  DEVICE_CONTROL,
  DEVICE_CONTROL_2,
  DEVICE_STATUS,
  FLAGS,
  LINK_CAPABILITIES,
  LINK_CAPABILITIES_2,
  LINK_CONTROL,
  LINK_CONTROL_2,
  LINK_STATUS,
  LINK_STATUS_2,
  ROOT_CAPABILITIES,
  ROOT_CONTROL,
  SLOT_CAPABILITIES,
  SLOT_CONTROL,
  SLOT_STATUS,
} from '../../machine/pci/express-registers.js'
import { BRIDGE_HEADER, DEVICE_HEADER } from '../../machine/pci/header-registers.js'
import { deviceText } from '../../machine/pci/pci-names.js'
import { fieldOf, type PciField, type PciRegister } from '../../machine/pci/register.js'
import { Explanation } from './explanation.js'

/** Registers with the block they are in; of two with one name the first is meant. */
const REGISTERS: readonly (readonly [block: string, register: PciRegister])[] = [
  ...aerRegisters(true).map((each) => ['Advanced Error Reporting', each] as const),
  ...[
    FLAGS,
    DEVICE_CAPABILITIES,
    DEVICE_CONTROL,
    DEVICE_STATUS,
    LINK_CAPABILITIES,
    LINK_CONTROL,
    LINK_STATUS,
    SLOT_CAPABILITIES,
    SLOT_CONTROL,
    SLOT_STATUS,
    ROOT_CONTROL,
    ROOT_CAPABILITIES,
    DEVICE_CAPABILITIES_2,
    DEVICE_CONTROL_2,
    LINK_CAPABILITIES_2,
    LINK_CONTROL_2,
    LINK_STATUS_2,
  ].map((each) => ['the Express capability', each] as const),
  ...DEVICE_HEADER.map((each) => ['the header', each] as const),
  ...BRIDGE_HEADER.map((each) => ['the header of a bridge', each] as const),
]

const SOURCE = "PCI Local Bus 3.0, section 6; PCI Express Base 3.0, section 7; names are lspci's"

/** Names of all registers, each once. */
export const PCI_REGISTER_NAMES: readonly string[] = [
  ...new Set(REGISTERS.map(([, { name }]) => name)),
]

/** The page of a register, or of a value of it; undefined for a name that none has. */
export function pciRegisterPage(name: string, value?: bigint): Explanation | undefined {
  const wanted = name.toLowerCase()
  const found = REGISTERS.find(([, register]) => register.name.toLowerCase() === wanted)
  if (found === undefined) return undefined
  const [block, register] = found
  const raw = value === undefined ? undefined : Number(BigInt.asUintN(8 * register.bytes, value))
  const rows = register.fields.map((field) => [
    bitsOf(field),
    field.name,
    ...(raw === undefined ? [] : [fieldOf({ register, raw }, field.name)]),
    field.access,
    field.doc,
  ])
  const columns = [
    { name: 'bits', align: 'right' as const },
    'field',
    ...(raw === undefined ? [] : [{ name: 'value', isHex: true }]),
    'access',
    { name: 'meaning', wraps: true },
  ]
  const digits = 2 * register.bytes
  const is = raw === undefined ? '' : ` = 0x${raw.toString(16).padStart(digits, '0')}`
  return new Explanation({
    subject: `${register.name}${is}`,
    parts: [
      `${register.name}${is}: ${register.doc}`,
      `${register.bytes} bytes at 0x${register.offset.toString(16)} of ${block}`,
      rows.length === 0 ? undefined : table(columns, rows),
      rows.length === 0 ? undefined : ACCESS,
    ],
    source: SOURCE,
    next: [`hostbridge.rootPorts[0].registers.${register.name}`],
    json: { name: register.name, block, offset: register.offset, raw },
  })
}

const ACCESS = 'rw1c is cleared by writing a 1; an s at the end: a reset does not change it'

/** The page of the first dword of a function: who made it, what it is. */
export function pciIdentityPage(value: bigint): Explanation {
  const [vendor, device] = [Number(value & 0xffffn), Number((value >> 16n) & 0xffffn)]
  const hex = (id: number): string => id.toString(16).padStart(4, '0')
  return new Explanation({
    subject: `${hex(vendor)}:${hex(device)}`,
    parts: [`${hex(vendor)}:${hex(device)}  ${deviceText(vendor, device, 0)}`],
    source: SOURCE,
    next: ['hostbridge', 'lspci -nn'],
    json: { vendor, device },
  })
}

function bitsOf({ low, bits }: PciField): string {
  return bits === 1 ? `${low}` : `${low + bits - 1}:${low}`
}
