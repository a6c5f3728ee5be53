// What `lspci -vv` says of the PCI Express capability.
//
// Held to lspci 3.9.0: its own decode of the same bytes. Left out: device readiness (DRS).
import {
  DEVICE_CAPABILITIES,
  DEVICE_CAPABILITIES_2,
  DEVICE_CONTROL,
  DEVICE_CONTROL_2,
  DEVICE_STATUS,
  DOWNSTREAM_PORT,
  ENDPOINT,
  EVENT_COLLECTOR,
  FLAGS,
  isRoot,
  LEGACY_ENDPOINT,
  LINK_CAPABILITIES,
  LINK_CAPABILITIES_2,
  LINK_CONTROL,
  LINK_CONTROL_2,
  LINK_STATUS,
  LINK_STATUS_2,
  PORT_TYPES,
  ROOT_CAPABILITIES,
  ROOT_CONTROL,
  ROOT_PORT,
  ROOT_STATUS,
  SLOT_CAPABILITIES,
  SLOT_CONTROL,
  SLOT_STATUS,
  UPSTREAM_PORT,
} from './express-registers.js'
import type { PciListing } from './listing.js'
import { flags, hex } from './lspci-format.js'
import { hasMemoryRegion } from './lspci-header.js'
import { fieldOf, type PciRegister, type RegisterValue, readRegister } from './register.js'

/** A PCI Express to PCI bridge, an endpoint inside the root complex. */
const PCI_BRIDGE = 7
const INSIDE_ROOT = 9
const PCIX_BRIDGE = 8
/** Functions whose link goes away from the root. */
const DOWNWARDS: readonly number[] = [ROOT_PORT, DOWNSTREAM_PORT, PCIX_BRIDGE]
/** Functions that may ask for atomic operations. */
const ASKING: readonly number[] = [ENDPOINT, LEGACY_ENDPOINT, ROOT_PORT, INSIDE_ROOT]
/** Functions with a read completion boundary. */
const BOUNDED: readonly number[] = [ENDPOINT, LEGACY_ENDPOINT, ROOT_PORT, PCI_BRIDGE]

/** Reads registers of one capability. */
type Read = (register: PciRegister) => RegisterValue

/** The first line, and with `-vv` the registers. */
export function expressLines(listing: PciListing, at: number, verbose: number): readonly string[] {
  const { bytes, id } = listing
  const read: Read = (register) => readRegister(bytes, at, register)
  const about = read(FLAGS)
  const type = fieldOf(about, 'type')
  const title = titleLine(about, verbose)
  if (verbose < 2) return [title]
  const hasLink = type !== INSIDE_ROOT && type !== EVENT_COLLECTOR
  const hasSlot = fieldOf(about, 'slot') === 1
  return [
    title,
    ...device(read, type),
    ...(hasLink ? link(read, type) : []),
    ...(hasSlot && DOWNWARDS.includes(type) ? slot(read) : []),
    ...(isRoot(type) ? root(read) : []),
    ...(fieldOf(about, 'version') > 1 ? device2(read, type, hasMemoryRegion(bytes)) : []),
    ...(fieldOf(about, 'version') > 1 && hasLink ? link2(read, type, (id & 0xff) === 0) : []),
  ].map((line, i) => (i === 0 ? line : `\t${line}`))
}

function titleLine(about: RegisterValue, verbose: number): string {
  const type = fieldOf(about, 'type')
  const names: Readonly<Record<number, string>> = PORT_TYPES
  const version = verbose > 1 ? ` (v${fieldOf(about, 'version')})` : ''
  const hasSlotFlag = DOWNWARDS.includes(type)
  const slotFlag = hasSlotFlag ? ` (${flags(about, 'Slot=slot')})` : ''
  const message = hex(fieldOf(about, 'message'), 2)
  return `Express${version} ${names[type] ?? `Unknown type ${type}`}${slotFlag}, MSI ${message}`
}

// ---- Device.

const L0S = ['<64ns', '<128ns', '<256ns', '<512ns', '<1us', '<2us', '<4us']
const L1 = ['<1us', '<2us', '<4us', '<8us', '<16us', '<32us', '<64us']
const payload = (code: number): number => 128 << code
const WATTS = [1, 10, 100, 1000]

function power(value: RegisterValue, name: string): string {
  const watts = fieldOf(value, name) / (WATTS[fieldOf(value, `${name}Scale`)] ?? 1)
  return `${Number(watts.toPrecision(6))}W`
}

function device(read: Read, type: number): readonly string[] {
  const can = read(DEVICE_CAPABILITIES)
  const does = read(DEVICE_CONTROL)
  const isEndpoint = type === ENDPOINT || type === LEGACY_ENDPOINT
  const bears = isEndpoint
    ? `, Latency L0s ${L0S[fieldOf(can, 'L0s')] ?? 'unlimited'}` +
      `, L1 ${L1[fieldOf(can, 'L1')] ?? 'unlimited'}`
    : ''
  const hasButtons = isEndpoint || type === UPSTREAM_PORT || type === PCI_BRIDGE
  const hasReset = isEndpoint || type === INSIDE_ROOT
  const hasPower = type === ENDPOINT || type === UPSTREAM_PORT || type === PCI_BRIDGE
  const reset = hasReset && fieldOf(can, 'FLReset') === 1
  return [
    `DevCap:\tMaxPayload ${payload(fieldOf(can, 'MaxPayload'))} bytes, ` +
      `PhantFunc ${2 ** fieldOf(can, 'PhantFunc') - 1}${bears}`,
    `\t${flags(can, 'ExtTag')}${hasButtons ? ` ${flags(can, 'AttnBtn AttnInd PwrInd')}` : ''}` +
      ` ${flags(can, 'RBE')}${hasReset ? ` ${flags(can, 'FLReset')}` : ''}` +
      `${hasPower ? ` SlotPowerLimit ${power(can, 'SlotPower')}` : ''}`,
    `DevCtl:\t${flags(does, 'CorrErr NonFatalErr FatalErr UnsupReq')}`,
    `\t${flags(does, 'RlxdOrd ExtTag PhantFunc AuxPwr NoSnoop')}` +
      `${type === PCI_BRIDGE ? ` ${flags(does, 'BrConfRtry=FLReset')}` : ''}` +
      `${reset ? ` ${flags(does, 'FLReset')}` : ''}`,
    `\tMaxPayload ${payload(fieldOf(does, 'MaxPayload'))} bytes, ` +
      `MaxReadReq ${payload(fieldOf(does, 'MaxReadReq'))} bytes`,
    `DevSta:\t${flags(
      read(DEVICE_STATUS),
      'CorrErr NonFatalErr FatalErr UnsupReq AuxPwr TransPend',
    )}`,
  ]
}

// ---- Link.

const SPEEDS = ['unknown', '2.5GT/s', '5GT/s', '8GT/s', '16GT/s', '32GT/s', '64GT/s']
const speed = (code: number): string => SPEEDS[code] ?? 'unknown'
const STATES = ['not supported', 'L0s', 'L1', 'L0s L1']
const STATES_ON = ['Disabled', 'L0s Enabled', 'L1 Enabled', 'L0s L1 Enabled']

function link(read: Read, type: number): readonly string[] {
  const can = read(LINK_CAPABILITIES)
  const does = read(LINK_CONTROL)
  const is = read(LINK_STATUS)
  const boundary = BOUNDED.includes(type)
    ? ` RCB ${fieldOf(does, 'RCB') === 1 ? 128 : 64} bytes,`
    : ''
  const isDown = DOWNWARDS.includes(type)
  const compared = (name: string): string => {
    const difference = fieldOf(is, name) - fieldOf(can, name)
    if (difference > 0) return ' (overdriven)'
    return difference < 0 && !isDown ? ' (downgraded)' : ''
  }
  return [
    `LnkCap:\tPort #${fieldOf(can, 'Port')}, Speed ${speed(fieldOf(can, 'Speed'))}, ` +
      `Width x${fieldOf(can, 'Width')}, ASPM ${STATES[fieldOf(can, 'ASPM')]}${exits(can)}`,
    `\t${flags(can, 'ClockPM Surprise LLActRep BwNot ASPMOptComp')}`,
    `LnkCtl:\tASPM ${STATES_ON[fieldOf(does, 'ASPM')]};${boundary} ` +
      flags(does, 'Disabled CommClk'),
    `\t${flags(does, 'ExtSynch ClockPM AutWidDis BWInt AutBWInt')}`,
    `LnkSta:\tSpeed ${speed(fieldOf(is, 'Speed'))}${compared('Speed')}, ` +
      `Width x${fieldOf(is, 'Width')}${compared('Width')}`,
    `\t${flags(is, 'TrErr Train SlotClk DLActive BWMgmt ABWMgmt')}`,
  ]
}

function exits(can: RegisterValue): string {
  const states = fieldOf(can, 'ASPM')
  const parts = [
    ...((states & 1) === 1 ? [`L0s ${L0S[fieldOf(can, 'L0s')] ?? 'unlimited'}`] : []),
    ...((states & 2) === 2 ? [`L1 ${L1[fieldOf(can, 'L1')] ?? 'unlimited'}`] : []),
  ]
  return parts.length === 0 ? '' : `, Exit Latency ${parts.join(', ')}`
}

// ---- Slot and root.

const INDICATORS = ['Unknown', 'On', 'Blink', 'Off']

function slot(read: Read): readonly string[] {
  const can = read(SLOT_CAPABILITIES)
  const does = read(SLOT_CONTROL)
  const is = read(SLOT_STATUS)
  const light = (name: string): string => `${name} ${INDICATORS[fieldOf(does, name)]}`
  return [
    `SltCap:\t${flags(can, 'AttnBtn PwrCtrl MRL AttnInd PwrInd HotPlug Surprise')}`,
    `\tSlot #${fieldOf(can, 'Slot')}, PowerLimit ${power(can, 'PowerLimit')}; ` +
      flags(can, 'Interlock NoCompl'),
    `SltCtl:\tEnable: ${flags(does, 'AttnBtn PwrFlt MRL PresDet CmdCplt HPIrq LinkChg')}`,
    `\tControl: ${light('AttnInd')}, ${light('PwrInd')}, ${flags(does, 'Power Interlock')}`,
    `SltSta:\tStatus: ${flags(is, 'AttnBtn PowerFlt MRL CmdCplt PresDet Interlock')}`,
    `\tChanged: ${flags(is, 'MRL=MRLChanged PresDet=PresDetChanged LinkState')}`,
  ]
}

function root(read: Read): readonly string[] {
  const is = read(ROOT_STATUS)
  const control = 'ErrCorrectable ErrNon-Fatal ErrFatal PMEIntEna CRSVisible'
  return [
    `RootCap: ${flags(read(ROOT_CAPABILITIES), 'CRSVisible')}`,
    `RootCtl: ${flags(read(ROOT_CONTROL), control)}`,
    `RootSta: PME ReqID ${hex(fieldOf(is, 'PME ReqID'), 4)}, ${flags(is, 'PMEStatus PMEPending')}`,
  ]
}

// ---- The second set.

const RANGES: Readonly<Record<number, string>> = {
  0: 'Not Supported',
  1: 'Range A',
  2: 'Range B',
  3: 'Range AB',
  6: 'Range BC',
  7: 'Range ABC',
  14: 'Range BCD',
  15: 'Range ABCD',
}
const TIMEOUTS: Readonly<Record<number, string>> = {
  0: '50us to 50ms',
  1: '50us to 100us',
  2: '1ms to 10ms',
  5: '16ms to 55ms',
  6: '65ms to 210ms',
  9: '260ms to 900ms',
  10: '1s to 3.5s',
  13: '4s to 13s',
  14: '17s to 64s',
}
const FLUSHES = ['Not Supported', 'Via message', 'Via WAKE#', 'Via message/WAKE#']
const FLUSHES_ON = ['Disabled', 'Via message A', 'Via message B', 'Via WAKE#']
const REDUCTIONS = ['Not Supported', 'Dev Specific', 'Form Factor Dev Specific', 'Reserved']
const LIGHTWEIGHT = ['Not Supported', '64byte cachelines', '128byte cachelines', 'Reserved']

function device2(read: Read, type: number, hasMemory: boolean): readonly string[] {
  const can = read(DEVICE_CAPABILITIES_2)
  const does = read(DEVICE_CONTROL_2)
  const isDown = type === ROOT_PORT || type === DOWNSTREAM_PORT
  const isPort = isDown || type === UPSTREAM_PORT
  const prefixes = fieldOf(can, 'EETLPPrefix') === 1
  const most = prefixes ? `, MaxEETLPPrefixes ${fieldOf(can, 'MaxEETLPPrefixes') || 4}` : ''
  const completes = type === ROOT_PORT || hasMemory
  const atomics = [
    ...(isPort ? ['Routing'] : []),
    ...(completes ? ['32bit', '64bit', '128bitCAS'] : []),
  ]
  const blocks = [...(ASKING.includes(type) ? ['ReqEn'] : []), ...(isPort ? ['EgressBlck'] : [])]
  const list = (value: RegisterValue, names: readonly string[]): string =>
    names.length === 0 ? '' : ` ${flags(value, names.join(' '))}`
  return [
    `DevCap2: Completion Timeout: ${RANGES[fieldOf(can, 'Timeout')] ?? 'Unknown'}, ` +
      flags(can, 'TimeoutDis NROPrPrP LTR'),
    `\t ${flags(can, '10BitTagComp 10BitTagReq')} OBFF ${FLUSHES[fieldOf(can, 'OBFF')]}, ` +
      `${flags(can, 'ExtFmt EETLPPrefix')}${most}`,
    `\t EmergencyPowerReduction ${REDUCTIONS[fieldOf(can, 'EmergencyPowerReduction')]}, ` +
      flags(can, 'EmergencyPowerReductionInit'),
    `\t ${flags(can, 'FRS')}` +
      `${type === ROOT_PORT ? ` LN System CLS ${LIGHTWEIGHT[fieldOf(can, 'LNSystemCLS')]},` : ''}` +
      `${type === ENDPOINT || type === ROOT_PORT ? ` ${hints(can)}` : ''}` +
      `${isDown ? ` ${flags(can, 'ARIFwd')}` : ''}`,
    ...(atomics.length === 0 ? [] : [`\t AtomicOpsCap:${list(can, atomics)}`]),
    `DevCtl2: Completion Timeout: ${TIMEOUTS[fieldOf(does, 'Timeout')] ?? 'Unknown'}, ` +
      `${flags(does, 'TimeoutDis LTR 10BitTagReq')} OBFF ${FLUSHES_ON[fieldOf(does, 'OBFF')]},` +
      `${isDown ? ` ${flags(does, 'ARIFwd')}` : ''}`,
    ...(blocks.length === 0 ? [] : [`\t AtomicOpsCtl:${list(does, blocks)}`]),
  ]
}

/** Extended without plain is reserved, and not told. */
function hints(can: RegisterValue): string {
  const isReserved = fieldOf(can, 'TPHComp') === 0 && fieldOf(can, 'ExtTPHComp') === 1
  return isReserved ? '' : flags(can, 'TPHComp ExtTPHComp')
}

const DEEMPHASIS = ['-6dB', '-3.5dB']
const CROSSLINKS = ['unsupported', 'Upstream Port', 'Downstream Port', 'incomplete']
const LOW_SWING = '200-400mV(full-swing)/100-200mV(half-swing)'
const MARGINS = [
  'Normal Operating Range',
  '800-1200mV(full-swing)/400-700mV(half-swing)',
  ...[LOW_SWING, LOW_SWING, LOW_SWING, LOW_SWING],
]
const PRESETS = [
  '-6dB de-emphasis, 0dB preshoot',
  '-3.5dB de-emphasis, 0dB preshoot',
  '-4.4dB de-emphasis, 0dB preshoot',
  '-2.5dB de-emphasis, 0dB preshoot',
  '0dB de-emphasis, 0dB preshoot',
  '0dB de-emphasis, 1.9dB preshoot',
  '0dB de-emphasis, 2.5dB preshoot',
  '-6.0dB de-emphasis, 3.5dB preshoot',
  '-3.5dB de-emphasis, 3.5dB preshoot',
  '0dB de-emphasis, 3.5dB preshoot',
]

function link2(read: Read, type: number, isFirst: boolean): readonly string[] {
  const can = read(LINK_CAPABILITIES_2)
  const does = read(LINK_CONTROL_2)
  const is = read(LINK_STATUS_2)
  const speeds = fieldOf(can, 'Speeds')
  const target = targetSpeed(fieldOf(does, 'Target'))
  const level = DEEMPHASIS[fieldOf(does, 'Deemphasis')]
  const chosen = type === DOWNSTREAM_PORT ? `, Selectable De-emphasis: ${level}` : ''
  const supported =
    `LnkCap2: Supported Link Speeds: ${speedRange(speeds)}, ` +
    flags(can, 'Crosslink Retimer 2Retimers DRS')
  const isTold = isFirst || !(type === ENDPOINT || type === LEGACY_ENDPOINT)
  const how = [
    ...(readsZero(can) ? [] : [supported]),
    `LnkCtl2: Target Link Speed: ${target}, ${flags(does, 'EnterCompliance SpeedDis')}${chosen}`,
    `\t Transmit Margin: ${MARGINS[fieldOf(does, 'Margin')] ?? 'Unknown'}, ` +
      flags(does, 'EnterModifiedCompliance ComplianceSOS'),
    `\t Compliance Preset/De-emphasis: ${PRESETS[fieldOf(does, 'Preset')] ?? 'Unknown'}`,
  ]
  return [
    ...(isTold ? how : []),
    `LnkSta2: Current De-emphasis Level: ${DEEMPHASIS[fieldOf(is, 'Deemphasis')]}, ` +
      flags(is, 'EqualizationComplete EqualizationPhase1'),
    `\t ${flags(is, 'EqualizationPhase2 EqualizationPhase3 LinkEqualizationRequest')}`,
    `\t ${flags(is, 'Retimer 2Retimers')} CrosslinkRes: ${CROSSLINKS[fieldOf(is, 'Crosslink')]}`,
  ]
}

/** Before the third revision of the specification the register did not exist. */
const readsZero = ({ raw }: RegisterValue): boolean => raw === 0

const targetSpeed = (code: number): string => (code === 0 ? '2.5GT/s' : (SPEEDS[code] ?? 'Unknown'))

/** From the slowest to the fastest. */
function speedRange(bits: number): string {
  const most = 32 - Math.clz32(bits)
  if (most > 5) return 'RsvdP'
  if (most === 0) return 'Unknown'
  return most === 1 ? speed(most) : `2.5-${speed(most)}`
}
