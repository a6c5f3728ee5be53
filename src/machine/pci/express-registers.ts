// The registers of the PCI Express capability: what a link can do and does, which errors a
// function reports and which it has seen.
//
// Source: PCI Express Base 3.0 section 7.8; offsets are from the start of the capability.
import { fieldOf, type PciRegister, plain, type RegisterValue, register } from './register.js'

/** What kind of port or device a function is: field `type` of FLAGS. */
export const PORT_TYPES = {
  0: 'Endpoint',
  1: 'Legacy Endpoint',
  4: 'Root Port',
  5: 'Upstream Port',
  6: 'Downstream Port',
  7: 'PCI-Express to PCI/PCI-X Bridge',
  8: 'PCI/PCI-X to PCI-Express Bridge',
  9: 'Root Complex Integrated Endpoint',
  10: 'Root Complex Event Collector',
} as const

/** A function at the end of a link. */
export const ENDPOINT = 0
/** The same, of an older sort. */
export const LEGACY_ENDPOINT = 1
/** Where a hierarchy begins, and where all its error messages end. */
export const ROOT_PORT = 4
/** The port of a switch towards the root. */
export const UPSTREAM_PORT = 5
/** A port of a switch away from the root. */
export const DOWNSTREAM_PORT = 6
/** Where errors of devices inside the root complex are collected. */
export const EVENT_COLLECTOR = 10

/** PCI Express capabilities register. */
export const FLAGS = register(['Express', 0x02, 2], 'what sort of function it is', [
  ['version', 0, 4, 'ro', '1 without, 2 with the second set of registers'],
  [
    'type',
    4,
    4,
    'ro',
    '0 endpoint, 4 root port, 5 upstream, 6 downstream port, 10 event collector',
  ],
  ['slot', 8, 1, 'ro', 'the port ends in a slot'],
  ['message', 9, 5, 'ro', 'which MSI or MSI-X message tells of slot and root events'],
])

/** Device capabilities. */
export const DEVICE_CAPABILITIES = register(['DevCap', 0x04, 4], 'what the function can do', [
  ['MaxPayload', 0, 3, 'ro', 'largest payload: 128 bytes << n'],
  ['PhantFunc', 3, 2, 'ro', 'bits of the function number used as tags'],
  ['ExtTag', 5, 1, 'ro', '8-bit tags'],
  ['L0s', 6, 3, 'ro', 'latency of leaving L0s it can bear'],
  ['L1', 9, 3, 'ro', 'latency of leaving L1 it can bear'],
  ['AttnBtn', 12, 1, 'ro', 'has an attention button'],
  ['AttnInd', 13, 1, 'ro', 'has an attention indicator'],
  ['PwrInd', 14, 1, 'ro', 'has a power indicator'],
  ['RBE', 15, 1, 'ro', 'role-based error reporting: advisory non-fatal errors are correctable'],
  ['SlotPower', 18, 8, 'ro', 'power its slot gives, in units of the scale'],
  ['SlotPowerScale', 26, 2, 'ro', '1, 0.1, 0.01 or 0.001 W'],
  ['FLReset', 28, 1, 'ro', 'one function alone can be reset'],
])

/** Device control: which errors are told. */
export const DEVICE_CONTROL = register(['DevCtl', 0x08, 2], 'which errors the function reports', [
  ['CorrErr', 0, 1, 'rw', 'sends ERR_COR for correctable errors'],
  ['NonFatalErr', 1, 1, 'rw', 'sends ERR_NONFATAL for non-fatal errors'],
  ['FatalErr', 2, 1, 'rw', 'sends ERR_FATAL for fatal errors'],
  ['UnsupReq', 3, 1, 'rw', 'reports unsupported requests'],
  ['RlxdOrd', 4, 1, 'rw', 'may relax the order of its requests'],
  ['MaxPayload', 5, 3, 'rw', 'largest payload sent: 128 bytes << n'],
  ['ExtTag', 8, 1, 'rw', 'uses 8-bit tags'],
  ['PhantFunc', 9, 1, 'rw', 'uses phantom functions'],
  ['AuxPwr', 10, 1, 'rws', 'may draw auxiliary power'],
  ['NoSnoop', 11, 1, 'rw', 'may ask for no snooping'],
  ['MaxReadReq', 12, 3, 'rw', 'largest read asked for: 128 bytes << n'],
  ['FLReset', 15, 1, 'ro', 'resets the function; reads 0'],
])

/** Device status: errors seen, reported or not. */
export const DEVICE_STATUS = register(['DevSta', 0x0a, 2], 'errors seen, reported or not', [
  ['CorrErr', 0, 1, 'rw1c', 'a correctable error was detected'],
  ['NonFatalErr', 1, 1, 'rw1c', 'a non-fatal error was detected'],
  ['FatalErr', 2, 1, 'rw1c', 'a fatal error was detected'],
  ['UnsupReq', 3, 1, 'rw1c', 'an unsupported request was received'],
  ['AuxPwr', 4, 1, 'ro', 'draws auxiliary power'],
  ['TransPend', 5, 1, 'ro', 'requests are outstanding'],
])

/** Link capabilities. */
export const LINK_CAPABILITIES = register(['LnkCap', 0x0c, 4], 'what the link can do', [
  ['Speed', 0, 4, 'ro', '1 2.5, 2 5, 3 8, 4 16, 5 32, 6 64 GT/s'],
  ['Width', 4, 6, 'ro', 'lanes'],
  ['ASPM', 10, 2, 'ro', 'power states it can use: 1 L0s, 2 L1'],
  ['L0s', 12, 3, 'ro', 'latency of leaving L0s'],
  ['L1', 15, 3, 'ro', 'latency of leaving L1'],
  ['ClockPM', 18, 1, 'ro', 'its reference clock may be stopped'],
  ['Surprise', 19, 1, 'ro', 'reports a link that goes down by surprise'],
  ['LLActRep', 20, 1, 'ro', 'reports whether the data link layer is active'],
  ['BwNot', 21, 1, 'ro', 'tells of changes of bandwidth'],
  ['ASPMOptComp', 22, 1, 'ro', 'ASPM is optional'],
  ['Port', 24, 8, 'ro', 'number of the port'],
])

/** Link control. */
export const LINK_CONTROL = register(['LnkCtl', 0x10, 2], 'how the link is used', [
  ['ASPM', 0, 2, 'rw', 'power states in use: 1 L0s, 2 L1'],
  ['RCB', 3, 1, 'ro', 'read completion boundary: 0 64, 1 128 bytes'],
  ['Disabled', 4, 1, 'rw', 'the link is down'],
  ['Retrain', 5, 1, 'ro', 'trains the link again; reads 0'],
  ['CommClk', 6, 1, 'rw', 'both ends share a clock'],
  ['ExtSynch', 7, 1, 'rw', 'longer synchronisation'],
  ['ClockPM', 8, 1, 'rw', 'the reference clock is stopped when idle'],
  ['AutWidDis', 9, 1, 'rw', 'the width is not changed by the hardware'],
  ['BWInt', 10, 1, 'rw', 'interrupt on a change of bandwidth'],
  ['AutBWInt', 11, 1, 'rw', 'interrupt on an autonomous change of bandwidth'],
])

/** Link status. */
export const LINK_STATUS = register(['LnkSta', 0x12, 2], 'what the link does', [
  ['Speed', 0, 4, 'ro', '1 2.5, 2 5, 3 8, 4 16, 5 32, 6 64 GT/s'],
  ['Width', 4, 6, 'ro', 'lanes in use'],
  ['TrErr', 10, 1, 'ro', 'training failed'],
  ['Train', 11, 1, 'ro', 'the link trains'],
  ['SlotClk', 12, 1, 'ro', 'uses the clock of the slot'],
  ['DLActive', 13, 1, 'ro', 'the data link layer is active'],
  ['BWMgmt', 14, 1, 'rw1c', 'the bandwidth was changed'],
  ['ABWMgmt', 15, 1, 'rw1c', 'the hardware changed the bandwidth by itself'],
])

/** Slot capabilities. */
export const SLOT_CAPABILITIES = register(['SltCap', 0x14, 4], 'what the slot has', [
  ['AttnBtn', 0, 1, 'ro', 'an attention button'],
  ['PwrCtrl', 1, 1, 'ro', 'its power can be switched'],
  ['MRL', 2, 1, 'ro', 'a retention latch with a sensor'],
  ['AttnInd', 3, 1, 'ro', 'an attention indicator'],
  ['PwrInd', 4, 1, 'ro', 'a power indicator'],
  ['Surprise', 5, 1, 'ro', 'what is in it may vanish without notice'],
  ['HotPlug', 6, 1, 'ro', 'can be plugged while on'],
  ['PowerLimit', 7, 8, 'ro', 'power it gives, in units of the scale'],
  ['PowerLimitScale', 15, 2, 'ro', '1, 0.1, 0.01 or 0.001 W'],
  ['Interlock', 17, 1, 'ro', 'an electromechanical interlock'],
  ['NoCompl', 18, 1, 'ro', 'does not tell when a command is completed'],
  ['Slot', 19, 13, 'ro', 'number of the slot'],
])

/** Slot control. */
export const SLOT_CONTROL = register(['SltCtl', 0x18, 2], 'what is asked of the slot', [
  ['AttnBtn', 0, 1, 'rw', 'interrupt when the button is pressed'],
  ['PwrFlt', 1, 1, 'rw', 'interrupt on a power fault'],
  ['MRL', 2, 1, 'rw', 'interrupt when the latch moves'],
  ['PresDet', 3, 1, 'rw', 'interrupt when a card comes or goes'],
  ['CmdCplt', 4, 1, 'rw', 'interrupt when a command is completed'],
  ['HPIrq', 5, 1, 'rw', 'these are interrupts'],
  ['AttnInd', 6, 2, 'rw', '1 on, 2 blink, 3 off'],
  ['PwrInd', 8, 2, 'rw', '1 on, 2 blink, 3 off'],
  ['Power', 10, 1, 'rw', '0 on, 1 off'],
  ['Interlock', 11, 1, 'ro', 'toggles the interlock; reads 0'],
  ['LinkChg', 12, 1, 'rw', 'interrupt when the link goes up or down'],
])

/** Slot status. */
export const SLOT_STATUS = register(['SltSta', 0x1a, 2], 'what happened at the slot', [
  ['AttnBtn', 0, 1, 'rw1c', 'the button was pressed'],
  ['PowerFlt', 1, 1, 'rw1c', 'a power fault'],
  ['MRLChanged', 2, 1, 'rw1c', 'the latch moved'],
  ['PresDetChanged', 3, 1, 'rw1c', 'a card came or went'],
  ['CmdCplt', 4, 1, 'rw1c', 'a command was completed'],
  ['MRL', 5, 1, 'ro', 'the latch is open'],
  ['PresDet', 6, 1, 'ro', 'there is a card'],
  ['Interlock', 7, 1, 'ro', 'the interlock is engaged'],
  ['LinkState', 8, 1, 'rw1c', 'the link went up or down'],
])

/** Root control: errors that become System Errors. */
export const ROOT_CONTROL = register(['RootCtl', 0x1c, 2], 'errors that become System Errors', [
  ['ErrCorrectable', 0, 1, 'rw', 'a correctable error below is a System Error'],
  ['ErrNon-Fatal', 1, 1, 'rw', 'a non-fatal error below is a System Error'],
  ['ErrFatal', 2, 1, 'rw', 'a fatal error below is a System Error'],
  ['PMEIntEna', 3, 1, 'rw', 'interrupt on a power management event'],
  ['CRSVisible', 4, 1, 'rw', 'a device not yet ready is shown to software'],
])

/** Root capabilities. */
export const ROOT_CAPABILITIES = register(['RootCap', 0x1e, 2], 'what the root port can do', [
  ['CRSVisible', 0, 1, 'ro', 'can show that a device is not yet ready'],
])

/** Root status: power management events only; errors are in AER. */
export const ROOT_STATUS = register(['RootSta', 0x20, 4], 'power management events', [
  ['PME ReqID', 0, 16, 'ro', 'requester id of the last one'],
  ['PMEStatus', 16, 1, 'rw1c', 'one was received'],
  ['PMEPending', 17, 1, 'ro', 'another one waits'],
])

/** Device capabilities, second set. */
export const DEVICE_CAPABILITIES_2 = register(['DevCap2', 0x24, 4], 'what more it can do', [
  ['Timeout', 0, 4, 'ro', 'ranges of the completion timeout that can be chosen'],
  ['TimeoutDis', 4, 1, 'ro', 'the completion timeout can be switched off'],
  ['ARIFwd', 5, 1, 'ro', 'forwards to functions above 7'],
  ['Routing', 6, 1, 'ro', 'routes atomic operations'],
  ['32bit', 7, 1, 'ro', 'completes 32-bit atomic operations'],
  ['64bit', 8, 1, 'ro', 'completes 64-bit atomic operations'],
  ['128bitCAS', 9, 1, 'ro', 'completes 128-bit compare and swap'],
  ['NROPrPrP', 10, 1, 'ro', 'no relaxed ordering between ports'],
  ['LTR', 11, 1, 'ro', 'tells what latency it tolerates'],
  ['TPHComp', 12, 1, 'ro', 'completes requests with processing hints'],
  ['ExtTPHComp', 13, 1, 'ro', 'the same, extended'],
  ['LNSystemCLS', 14, 2, 'ro', 'lightweight notification'],
  ['10BitTagComp', 16, 1, 'ro', 'completes requests with 10-bit tags'],
  ['10BitTagReq', 17, 1, 'ro', 'uses 10-bit tags'],
  ['OBFF', 18, 2, 'ro', 'optimised buffer flush and fill'],
  ['ExtFmt', 20, 1, 'ro', 'TLPs of the 3-bit format'],
  ['EETLPPrefix', 21, 1, 'ro', 'end-to-end TLP prefixes'],
  ['MaxEETLPPrefixes', 22, 2, 'ro', 'how many; 0 means 4'],
  ['EmergencyPowerReduction', 24, 2, 'ro', 'reduces power in an emergency'],
  ['EmergencyPowerReductionInit', 26, 1, 'ro', 'must be initialised after that'],
  ['FRS', 31, 1, 'ro', 'function readiness status'],
])

/** Device control, second set. */
export const DEVICE_CONTROL_2 = register(['DevCtl2', 0x28, 2], 'what more is asked of it', [
  ['Timeout', 0, 4, 'rw', 'completion timeout: range'],
  ['TimeoutDis', 4, 1, 'rw', 'no completion timeout'],
  ['ARIFwd', 5, 1, 'rw', 'forwards to functions above 7'],
  ['ReqEn', 6, 1, 'rw', 'may send atomic operations'],
  ['EgressBlck', 7, 1, 'rw', 'blocks atomic operations on the way out'],
  ['LTR', 10, 1, 'rw', 'tells what latency it tolerates'],
  ['10BitTagReq', 12, 1, 'rw', 'uses 10-bit tags'],
  ['OBFF', 13, 2, 'rw', 'optimised buffer flush and fill'],
])

/** Link capabilities, second set. */
export const LINK_CAPABILITIES_2 = register(['LnkCap2', 0x2c, 4], 'speeds of the link', [
  ['Speeds', 1, 7, 'ro', 'one bit for each: 2.5, 5, 8, 16, 32, 64 GT/s'],
  ['Crosslink', 8, 1, 'ro', 'two ports of one kind can be joined'],
  ['Retimer', 23, 1, 'ro', 'sees a retimer'],
  ['2Retimers', 24, 1, 'ro', 'sees two'],
  ['DRS', 31, 1, 'ro', 'device readiness status'],
])

/** Link control, second set. */
export const LINK_CONTROL_2 = register(['LnkCtl2', 0x30, 2], 'how the link is trained', [
  ['Target', 0, 4, 'rws', 'highest speed to train to'],
  ['EnterCompliance', 4, 1, 'rws', 'enters the compliance test'],
  ['SpeedDis', 5, 1, 'rws', 'the speed is not changed by the hardware'],
  ['Deemphasis', 6, 1, 'ro', 'de-emphasis of a port that can choose: 0 -6 dB, 1 -3.5 dB'],
  ['Margin', 7, 3, 'rws', 'transmit margin'],
  ['EnterModifiedCompliance', 10, 1, 'rws', 'sends the modified pattern'],
  ['ComplianceSOS', 11, 1, 'rws', 'sends skip ordered sets'],
  ['Preset', 12, 4, 'rws', 'preset, or de-emphasis, of the test'],
])

/** Link status, second set. */
export const LINK_STATUS_2 = register(['LnkSta2', 0x32, 2], 'how the link was trained', [
  ['Deemphasis', 0, 1, 'ro', '0 -6 dB, 1 -3.5 dB'],
  ['EqualizationComplete', 1, 1, 'ro', 'equalisation is done'],
  ['EqualizationPhase1', 2, 1, 'ro', 'phase 1 succeeded'],
  ['EqualizationPhase2', 3, 1, 'ro', 'phase 2 succeeded'],
  ['EqualizationPhase3', 4, 1, 'ro', 'phase 3 succeeded'],
  ['LinkEqualizationRequest', 5, 1, 'rw1c', 'the other end asks for equalisation'],
  ['Retimer', 6, 1, 'ro', 'there is a retimer'],
  ['2Retimers', 7, 1, 'ro', 'there are two'],
  ['Crosslink', 8, 2, 'ro', 'resolution of a crosslink'],
])

const ALWAYS = [FLAGS, DEVICE_CAPABILITIES, DEVICE_CONTROL, DEVICE_STATUS]
const LINK = [LINK_CAPABILITIES, LINK_CONTROL, LINK_STATUS]
const SLOT = [SLOT_CAPABILITIES, SLOT_CONTROL, SLOT_STATUS]
const ROOT = [ROOT_CONTROL, ROOT_CAPABILITIES, ROOT_STATUS]
const SECOND = [
  DEVICE_CAPABILITIES_2,
  DEVICE_CONTROL_2,
  plain(['DevSta2', 0x2a, 2], 'ro', 'nothing yet'),
  LINK_CAPABILITIES_2,
  LINK_CONTROL_2,
  LINK_STATUS_2,
]

/** Whether a type of function reports the errors below it: a root port, an event collector. */
export function isRoot(type: number): boolean {
  return type === ROOT_PORT || type === EVENT_COLLECTOR
}

/** The registers that a capability with these flags has. */
export function expressRegisters(flags: RegisterValue): readonly PciRegister[] {
  const type = fieldOf(flags, 'type')
  const insideRoot = type === 9 || type === EVENT_COLLECTOR
  return [
    ...ALWAYS,
    ...(insideRoot ? [] : LINK),
    ...(fieldOf(flags, 'slot') === 1 ? SLOT : []),
    ...(isRoot(type) ? ROOT : []),
    ...(fieldOf(flags, 'version') > 1 ? SECOND : []),
  ]
}
