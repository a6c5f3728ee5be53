// The registers of small capabilities: power management, MSI and MSI-X, subsystem id, access
// control services.
//
// Source: PCI Local Bus 3.0 section 6.8, PCI Power Management 1.2 section 3.2, PCI Express Base
// 3.0 section 7.16.
import { type PciRegister, plain, register } from './register.js'

/** Power management capabilities. */
export const POWER_CAPABILITIES = register(['PMC', 0x02, 2], 'power states it knows', [
  ['version', 0, 3, 'ro', 'version of the capability'],
  ['PMEClk', 3, 1, 'ro', 'needs the clock to signal'],
  ['DSI', 5, 1, 'ro', 'needs initialisation of its own'],
  ['AuxCurrent', 6, 3, 'ro', 'auxiliary current it draws'],
  ['D1', 9, 1, 'ro', 'state D1'],
  ['D2', 10, 1, 'ro', 'state D2'],
  ['PME', 11, 5, 'ro', 'states from which it can signal: D0, D1, D2, D3hot, D3cold'],
])

/** Power management control and status. */
export const POWER_STATUS = register(['PMCSR', 0x04, 2], 'power state it is in', [
  ['state', 0, 2, 'rw', 'D0 to D3'],
  ['NoSoftRst', 3, 1, 'ro', 'keeps its state from D3 to D0'],
  ['PME-Enable', 8, 1, 'rws', 'may signal'],
  ['DSel', 9, 4, 'rw', 'which data'],
  ['DScale', 13, 2, 'ro', 'scale of the data'],
  ['PME', 15, 1, 'rw1cs', 'has signalled'],
])

/** MSI message control. */
export const MSI_CONTROL = register(['MSI', 0x02, 2], 'message-signalled interrupts', [
  ['Enable', 0, 1, 'rw', 'interrupts are messages, INTx is off'],
  ['Capable', 1, 3, 'ro', 'messages it can have: 1 << n'],
  ['Count', 4, 3, 'rw', 'messages it has: 1 << n'],
  ['64bit', 7, 1, 'ro', 'addresses of 64 bits'],
  ['Maskable', 8, 1, 'ro', 'each message can be masked'],
])

/** The registers of an MSI capability, whose layout its control says. */
export function msiRegisters(control: number): readonly PciRegister[] {
  const wide = (control & 0x80) !== 0
  const maskable = (control & 0x100) !== 0
  const data = wide ? 0x0c : 0x08
  return [
    MSI_CONTROL,
    plain(['Address', 0x04, 4], 'rw', 'where a message is written: 0xfee00000 and up'),
    ...(wide ? [plain(['Address upper', 0x08, 4], 'rw', 'upper half of the address')] : []),
    plain(['Data', data, 2], 'rw', 'what is written: the vector'),
    ...(maskable ? [plain(['Masking', data + 4, 4], 'rw', 'messages that are held back')] : []),
    ...(maskable ? [plain(['Pending', data + 8, 4], 'ro', 'messages that were held back')] : []),
  ]
}

/** MSI-X message control. */
export const MSIX_CONTROL = register(['MSI-X', 0x02, 2], 'message-signalled interrupts, a table', [
  ['Count', 0, 11, 'ro', 'entries of the table, less one'],
  ['Masked', 14, 1, 'rw', 'all messages are held back'],
  ['Enable', 15, 1, 'rw', 'interrupts are messages, INTx is off'],
])

const place = (name: string, offset: number): PciRegister =>
  register([name, offset, 4], 'where it is', [
    ['BAR', 0, 3, 'ro', 'in which region'],
    ['offset', 3, 29, 'ro', 'at which offset, in units of 8 bytes'],
  ])

/** Where the table of messages is. */
export const MSIX_TABLE = place('Vector table', 0x04)
/** Where the bits of pending messages are. */
export const MSIX_PENDING = place('PBA', 0x08)

/** The registers of an MSI-X capability. */
export const MSIX_REGISTERS: readonly PciRegister[] = [MSIX_CONTROL, MSIX_TABLE, MSIX_PENDING]

/** The registers of the power management capability. */
export const POWER_REGISTERS: readonly PciRegister[] = [POWER_CAPABILITIES, POWER_STATUS]

/** Subsystem of a bridge, whose header has no place for it. */
export const SUBSYSTEM_REGISTERS: readonly PciRegister[] = [
  plain(['Subsystem vendor', 0x04, 2], 'ro', 'who made the board'),
  plain(['Subsystem device', 0x06, 2], 'ro', 'which board of the vendor'),
]

const ACS_BITS = [
  ['SrcValid', 'checks that a request names its real source'],
  ['TransBlk', 'blocks requests with translated addresses'],
  ['ReqRedir', 'requests between peers go up to the root'],
  ['CmpltRedir', 'completions between peers go up to the root'],
  ['UpstreamFwd', 'forwards upwards what came back down'],
  ['EgressCtrl', 'blocks by egress vector'],
  ['DirectTrans', 'translated requests between peers go direct'],
] as const

/** Access control services: what can be checked. */
export const ACS_CAPABILITY = register(
  ['ACSCap', 0x04, 2],
  'what can be checked between peers',
  ACS_BITS.map(([name, doc], bit) => [name, bit, 1, 'ro', doc]),
)

/** Access control services: what is checked. */
export const ACS_CONTROL = register(
  ['ACSCtl', 0x06, 2],
  'what is checked between peers',
  ACS_BITS.map(([name, doc], bit) => [name, bit, 1, 'rw', doc]),
)
