// The registers of the header: the first 64 bytes of every function, of type 0 (a device) or 1 (a
// bridge).
//
// Source: PCI Local Bus 3.0 section 6.2, PCI-to-PCI Bridge 1.2 section 3.2, PCI Express Base 3.0
// section 7.5.
import { type PciRegister, plain, register } from './register.js'

/** Command: what a function may do on the bus. */
export const COMMAND = register(['Control', 0x04, 2], 'what the function may do on the bus', [
  ['I/O', 0, 1, 'rw', 'answers in I/O space'],
  ['Mem', 1, 1, 'rw', 'answers in memory space'],
  ['BusMaster', 2, 1, 'rw', 'may send requests of its own'],
  ['SpecCycle', 3, 1, 'ro', 'special cycles; 0 on PCI Express'],
  ['MemWINV', 4, 1, 'ro', 'memory write and invalidate; 0 on PCI Express'],
  ['VGASnoop', 5, 1, 'ro', 'VGA palette snoop; 0 on PCI Express'],
  ['ParErr', 6, 1, 'rw', 'poisoned data is reported in Status as a master data parity error'],
  ['Stepping', 7, 1, 'ro', 'address stepping; 0 on PCI Express'],
  ['SERR', 8, 1, 'rw', 'fatal and non-fatal errors are reported, whatever DevCtl says'],
  ['FastB2B', 9, 1, 'ro', 'fast back-to-back; 0 on PCI Express'],
  ['DisINTx', 10, 1, 'rw', 'the function may not assert INTx'],
])

/** Status: what has happened, in the terms of conventional PCI. */
export const STATUS = register(['Status', 0x06, 2], 'what happened, in the terms of PCI', [
  ['INTx', 3, 1, 'ro', 'an INTx interrupt is pending'],
  ['Cap', 4, 1, 'ro', 'there is a list of capabilities'],
  ['66MHz', 5, 1, 'ro', '66 MHz; 0 on PCI Express'],
  ['UDF', 6, 1, 'ro', 'user definable features'],
  ['FastB2B', 7, 1, 'ro', 'fast back-to-back; 0 on PCI Express'],
  ['ParErr', 8, 1, 'rw1c', 'master data parity error: a poisoned completion or write'],
  ['DEVSEL', 9, 2, 'ro', 'device select timing: fast, medium, slow'],
  ['>TAbort', 11, 1, 'rw1c', 'signalled target abort: completed a request with completer abort'],
  ['<TAbort', 12, 1, 'rw1c', 'received target abort: got a completion with completer abort'],
  ['<MAbort', 13, 1, 'rw1c', 'received master abort: got a completion with unsupported request'],
  ['>SERR', 14, 1, 'rw1c', 'signalled system error: sent ERR_FATAL or ERR_NONFATAL'],
  ['<PERR', 15, 1, 'rw1c', 'detected parity error: received a poisoned TLP'],
])

/** Secondary status of a bridge: the same for the link below it. */
export const SECONDARY_STATUS = register(
  ['Secondary status', 0x1e, 2],
  'what happened on the secondary side of a bridge',
  [
    ['66MHz', 5, 1, 'ro', '66 MHz; 0 on PCI Express'],
    ['FastB2B', 7, 1, 'ro', 'fast back-to-back; 0 on PCI Express'],
    ['ParErr', 8, 1, 'rw1c', 'master data parity error on the secondary side'],
    ['DEVSEL', 9, 2, 'ro', 'device select timing'],
    ['>TAbort', 11, 1, 'rw1c', 'signalled target abort'],
    ['<TAbort', 12, 1, 'rw1c', 'received target abort'],
    ['<MAbort', 13, 1, 'rw1c', 'received master abort'],
    ['<SERR', 14, 1, 'rw1c', 'received system error: ERR_FATAL or ERR_NONFATAL came from below'],
    ['<PERR', 15, 1, 'rw1c', 'detected parity error: a poisoned TLP came from below'],
  ],
)

/** Bridge control. */
export const BRIDGE_CONTROL = register(['BridgeCtl', 0x3e, 2], 'what a bridge forwards', [
  ['Parity', 0, 1, 'rw', 'poisoned TLPs from below are reported in Secondary status'],
  ['SERR', 1, 1, 'rw', 'error messages from below are forwarded upwards'],
  ['NoISA', 2, 1, 'rw', 'of I/O only the first 256 bytes of each KiB are forwarded'],
  ['VGA', 3, 1, 'rw', 'VGA addresses are forwarded'],
  ['VGA16', 4, 1, 'rw', 'VGA I/O addresses are decoded in 16 bits'],
  ['MAbort', 5, 1, 'ro', 'master abort mode; 0 on PCI Express'],
  ['>Reset', 6, 1, 'rw', 'resets everything below'],
  ['FastB2B', 7, 1, 'ro', 'fast back-to-back; 0 on PCI Express'],
  ['PriDiscTmr', 8, 1, 'ro', 'primary discard timer; 0 on PCI Express'],
  ['SecDiscTmr', 9, 1, 'ro', 'secondary discard timer; 0 on PCI Express'],
  ['DiscTmrStat', 10, 1, 'ro', 'discard timer status; 0 on PCI Express'],
  ['DiscTmrSERREn', 11, 1, 'ro', 'discard timer SERR#; 0 on PCI Express'],
])

/** Latency timer: of conventional PCI; 0 on PCI Express. */
export const LATENCY = plain(['Latency', 0x0d, 1], 'ro', 'latency timer; 0 on PCI Express')
/** Cache line size in units of four bytes. */
export const CACHE_LINE = plain(['Cache Line Size', 0x0c, 1], 'rw', 'in units of four bytes')
/** Header type: layout of the header, and whether the device has more functions. */
export const HEADER_TYPE = register(['Header type', 0x0e, 1], 'layout of the header', [
  ['layout', 0, 7, 'ro', '0 a device, 1 a bridge, 2 a CardBus bridge'],
  ['multifunction', 7, 1, 'ro', 'the device has more functions than this'],
])
/** Where the list of capabilities begins. */
export const CAPABILITIES = plain(['Capabilities', 0x34, 1], 'ro', 'first of the capabilities')

/** What both layouts have. */
const COMMON: readonly PciRegister[] = [
  plain(['Vendor', 0x00, 2], 'ro', 'who made it; ffff where nothing answers'),
  plain(['Device', 0x02, 2], 'ro', 'which of the vendor it is'),
  COMMAND,
  STATUS,
  plain(['Revision', 0x08, 1], 'ro', 'revision of the device'),
  plain(['ProgIf', 0x09, 1], 'ro', 'programming interface within the class'),
  plain(['Class', 0x0a, 2], 'ro', 'base class and subclass'),
  CACHE_LINE,
  LATENCY,
  HEADER_TYPE,
  register(['BIST', 0x0f, 1], 'built-in self test', [
    ['result', 0, 4, 'ro', 'of the last test; 0 passed'],
    ['running', 6, 1, 'ro', 'the test runs'],
    ['capable', 7, 1, 'ro', 'there is one'],
  ]),
  CAPABILITIES,
  plain(['Interrupt', 0x3c, 1], 'rw', 'interrupt line, as the firmware routed the pin'),
  plain(['Pin', 0x3d, 1], 'ro', 'interrupt pin: 0 none, 1 INTA ... 4 INTD'),
]

const bar = (n: number): PciRegister =>
  register([`Region ${n}`, 0x10 + 4 * n, 4], 'base address of a region; its size is hardwired', [
    ['space', 0, 1, 'ro', '0 memory, 1 I/O'],
    ['type', 1, 2, 'ro', 'of memory: 0 32-bit, 2 64-bit'],
    ['prefetchable', 3, 1, 'ro', 'of memory: reads have no side effects'],
    ['address', 4, 28, 'rw', 'the address'],
  ])

const ROM_FIELDS = [
  ['enable', 0, 1, 'rw', 'the ROM answers'],
  ['address', 11, 21, 'rw', 'its address'],
] as const

/** The header of a device. */
export const DEVICE_HEADER: readonly PciRegister[] = [
  ...COMMON,
  ...[0, 1, 2, 3, 4, 5].map(bar),
  plain(['Subsystem vendor', 0x2c, 2], 'ro', 'who made the board'),
  plain(['Subsystem device', 0x2e, 2], 'ro', 'which board of the vendor'),
  register(['Expansion ROM', 0x30, 4], 'base address of the boot ROM', ROM_FIELDS),
  plain(['Min Gnt', 0x3e, 1], 'ro', 'burst it wants, in 250 ns'),
  plain(['Max Lat', 0x3f, 1], 'ro', 'how often it wants the bus, in 250 ns'),
]

/** The header of a bridge: of a root port, of a switch's ports. */
export const BRIDGE_HEADER: readonly PciRegister[] = [
  ...COMMON,
  ...[0, 1].map(bar),
  plain(['Primary', 0x18, 1], 'rw', 'the bus above'),
  plain(['Secondary', 0x19, 1], 'rw', 'the bus right below'),
  plain(['Subordinate', 0x1a, 1], 'rw', 'the last bus below'),
  plain(['Secondary latency', 0x1b, 1], 'ro', 'latency timer below; 0 on PCI Express'),
  register(['I/O base', 0x1c, 1], 'first I/O port forwarded', [
    ['type', 0, 4, 'ro', '0 16-bit, 1 32-bit'],
    ['address', 4, 4, 'rw', 'in units of 4 KiB'],
  ]),
  register(['I/O limit', 0x1d, 1], 'last I/O port forwarded', [
    ['type', 0, 4, 'ro', '0 16-bit, 1 32-bit'],
    ['address', 4, 4, 'rw', 'in units of 4 KiB'],
  ]),
  SECONDARY_STATUS,
  ...windowPair('Memory', 0x20),
  ...windowPair('Prefetchable', 0x24),
  plain(['Prefetchable base upper', 0x28, 4], 'rw', 'upper half of the address'),
  plain(['Prefetchable limit upper', 0x2c, 4], 'rw', 'upper half of the address'),
  plain(['I/O base upper', 0x30, 2], 'rw', 'upper half of the port'),
  plain(['I/O limit upper', 0x32, 2], 'rw', 'upper half of the port'),
  register(['Expansion ROM', 0x38, 4], 'base address of the boot ROM', ROM_FIELDS),
  BRIDGE_CONTROL,
]

function windowPair(name: string, offset: number): readonly PciRegister[] {
  return ['base', 'limit'].map((end, i) =>
    register([`${name} ${end}`, offset + 2 * i, 2], `${end} of a window forwarded downwards`, [
      ['type', 0, 4, 'ro', '0 32-bit, 1 64-bit'],
      ['address', 4, 12, 'rw', 'in units of 1 MiB'],
    ]),
  )
}
