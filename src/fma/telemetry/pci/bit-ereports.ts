// BitEreports: one ereport for each error that the registers of a function tell of, without its
// time and place: what diagnosis works with.
//
//   UESta CmpltTO MalfTLP, first MalfTLP with its header
//     ->  pciex.tl.mtlp source-id=0x0301 source-valid=true, pciex.tl.cto source-valid=false
//
// Holds: only the error that the first-error pointer names has a source, and is followed to whom it
// was about; errors that were there before make none. Source: illumos-gate
// cmd/fm/modules/common/fabric-xlate/fx_fabric.c. There a header that names nobody gives the source
// 0xffff; here it gives none.
import { LEGACY_ENDPOINT, ROOT_PORT } from '../../../machine/pci/express-registers.js'
import { type NvList, type NvValue, nv, nvlist } from '../../event/nvlist.js'
import {
  BRIDGE_CLASSES,
  BRIDGE_CONTROL_CLASSES,
  CORRECTABLE_CLASSES,
  DEVICE_CLASSES,
  type ErrorClass,
  MADE_UP_ROOT_CLASSES,
  PCI_CLASSES,
  ROOT_CLASSES,
  SECONDARY_CLASSES,
  UNCORRECTABLE_CLASSES,
} from './error-classes.js'
import type { FabricErrors, UncorrectableErrors } from './fabric-errors.js'
import { firstBit, secondaryTargetOf, type TlpTarget, targetOf } from './tlp-target.js'

/** One error. */
export interface BitEreport {
  readonly said: { readonly class: string; readonly payload: NvList }
  /** Where it was noticed: at the function, at the root of its hierarchy, or at whom it was
   *  about. */
  readonly at: 'function' | 'root' | TlpTarget
}

/** Where a function is. */
export interface BitContext {
  /** No root port of the hierarchy tells of messages: they are made up of what functions say. */
  readonly isRootMadeUp: boolean
  /** The root port above, where it was looked at. */
  readonly root: FabricErrors | undefined
  /** Whether there is a function of this number: a header that names another is not believed. */
  readonly isThere: (id: number) => boolean
}

const COMPLETION_TIMEOUT = 1 << 14
const SLOT_PRESENT = 0x40
/** Bits of RootSta. */
const FIRST_FATAL = 0x10
const FATAL_MESSAGE = 0x40
const NON_FATAL_MESSAGE = 0x20
const CORRECTABLE_MESSAGE = 0x01
const UNCORRECTABLE_MESSAGE = 0x04
const SEVERAL_UNCORRECTABLE = 0x08

/** The errors of one function, in the order in which illumos tells of them. */
export function bitEreports(of: FabricErrors, context: BitContext): readonly BitEreport[] {
  return [
    ...conventional(of),
    ...correctable(of),
    ...uncorrectable(of, context),
    ...secondary(of, context),
    ...withoutAer(of),
    ...messages(of),
    ...(context.isRootMadeUp ? madeUpMessages(of) : []),
  ]
}

const set = (classes: readonly ErrorClass[], bits: number): readonly ErrorClass[] =>
  bits === 0 ? [] : classes.filter((each) => (bits & each.bits) !== 0)

const named = (leaf: string): string => `ereport.io.${leaf}`

function conventional({ pci, bridge, new: fresh }: FabricErrors): readonly BitEreport[] {
  const own = nvlist({
    'pci-status': pci && nv.uint16(pci.status),
    'pci-command': pci && nv.uint16(pci.command),
  })
  const below = nvlist({
    'pci-sec-status': bridge && nv.uint16(bridge.status),
    'pci-bdg-ctrl': bridge && nv.uint16(bridge.control),
  })
  return [
    ...set(PCI_CLASSES, fresh.pci).map(({ leaf }) => found(leaf, own)),
    ...set(BRIDGE_CLASSES, fresh.bridge).map(({ leaf }) => found(leaf, below)),
    ...set(BRIDGE_CONTROL_CLASSES, fresh.bridgeControl).map(({ leaf }) => found(leaf, below)),
  ]
}

const found = (leaf: string, payload: NvList): BitEreport => ({
  said: { class: named(leaf), payload },
  at: 'function',
})

function correctable(of: FabricErrors): readonly BitEreport[] {
  const payload = nvlist({
    ...deviceStatus(of),
    'ce-status': of.correctable && nv.uint32(of.correctable.status),
  })
  return set(CORRECTABLE_CLASSES, of.new.correctable).map(({ leaf }) => found(leaf, payload))
}

const deviceStatus = ({ express }: FabricErrors): Record<string, NvValue | undefined> => ({
  'dev-status': express && nv.uint16(express.status),
})

function uncorrectable(of: FabricErrors, { isThere }: BitContext): readonly BitEreport[] {
  const { uncorrectable: errors, slot } = of
  if (errors === undefined) return []
  const isSlotEmpty = slot !== undefined && (slot.status & SLOT_PRESENT) === 0
  const target = believed(targetOf(of), isThere)
  return set(UNCORRECTABLE_CLASSES, of.new.uncorrectable).flatMap((error) => {
    // Who took the card out has not broken it.
    if (error.bits === COMPLETION_TIMEOUT && isSlotEmpty) return []
    const isFirst = isFirstOf(errors, error)
    const payload = nvlist({
      ...slotMembers(of),
      ...deviceStatus(of),
      'ue-status': nv.uint32(errors.status),
      'ue-severity': errors.severity === undefined ? undefined : nv.uint32(errors.severity),
      'adv-ctl': errors.control === undefined ? undefined : nv.uint32(errors.control),
      ...sourceMembers(isFirst ? target : undefined),
    })
    return [...aboutTarget(error, isFirst ? target : undefined), found(error.leaf, payload)]
  })
}

function isFirstOf(errors: UncorrectableErrors, { bits }: ErrorClass): boolean {
  const first = firstBit(errors)
  return first !== undefined && (1 << first) >>> 0 === bits
}

function slotMembers({ slot }: FabricErrors): Record<string, NvValue | undefined> {
  return {
    pcie_slot_cap: slot && nv.uint32(slot.capabilities),
    pcie_slot_control: slot && nv.uint16(slot.control),
    pcie_slot_status: slot && nv.uint16(slot.status),
  }
}

function sourceMembers(target: TlpTarget | undefined): Record<string, NvValue> {
  const id = target?.id ?? 0
  return { 'source-id': nv.uint16(id), 'source-valid': nv.boolean(id !== 0) }
}

/** Some hardware logs a header in an order of its own: who is named must be there. */
function believed(
  target: TlpTarget | undefined,
  isThere: BitContext['isThere'],
): TlpTarget | undefined {
  return target?.id === undefined || isThere(target.id) ? target : undefined
}

function aboutTarget(error: ErrorClass, target: TlpTarget | undefined): readonly BitEreport[] {
  if (error.target === undefined || target === undefined || target.way === 0) return []
  const payload = nvlist({ 'pci-pa': nv.uint64(target.address) })
  return [{ said: { class: named(`pci.${error.target}`), payload }, at: target }]
}

function secondary(of: FabricErrors, { root, isThere }: BitContext): readonly BitEreport[] {
  const { secondary: errors } = of
  if (errors === undefined) return []
  const target = believed(secondaryTargetOf(of, root), isThere)
  return set(SECONDARY_CLASSES, of.new.secondary).flatMap((error) => {
    const about = isFirstOf(errors, error) ? target : undefined
    const payload = nvlist({ 'sue-status': nv.uint32(errors.status), ...sourceMembers(about) })
    return [...aboutTarget(error, about), found(error.leaf, payload)]
  })
}

/** A function that has no registers for single errors, and is no root port. */
function withoutAer(of: FabricErrors): readonly BitEreport[] {
  const { type, aerAt } = of
  if (aerAt !== 0 || type === LEGACY_ENDPOINT || type === ROOT_PORT) return []
  const payload = nvlist(deviceStatus(of))
  return set(DEVICE_CLASSES, of.new.express).map(({ leaf }) => found(leaf, payload))
}

function messages({ root, new: fresh }: FabricErrors): readonly BitEreport[] {
  if (root === undefined) return []
  const { status, correctableSource, uncorrectableSource } = root
  const isFirstFatal = (status & FIRST_FATAL) !== 0
  return set(ROOT_CLASSES, fresh.root).flatMap(({ bits, leaf }) => {
    if (bits === FATAL_MESSAGE && !isFirstFatal) return []
    if (bits === NON_FATAL_MESSAGE && isFirstFatal) return []
    const isFirst = bits === FATAL_MESSAGE || bits === NON_FATAL_MESSAGE
    const id = isFirst ? uncorrectableSource : bits === CORRECTABLE_MESSAGE ? correctableSource : 0
    const source = id === 0 ? {} : { 'source-id': nv.uint16(id), 'source-valid': nv.boolean(true) }
    return [found(leaf, nvlist({ 'rc-status': nv.uint32(status), ...source }))]
  })
}

/** The messages that a function must have sent, told in its root's name. */
function madeUpMessages(of: FabricErrors): readonly BitEreport[] {
  const { id, type, express } = of
  if (express === undefined || type === LEGACY_ENDPOINT || type === ROOT_PORT) return []
  const status = messageStatus(express.status)
  const isOne = (status & SEVERAL_UNCORRECTABLE) === 0
  const source = isOne ? { 'source-id': nv.uint16(id), 'source-valid': nv.boolean(true) } : {}
  const payload = nvlist({ 'rc-status': nv.uint32(status), ...source })
  return set(MADE_UP_ROOT_CLASSES, of.new.express).map(({ leaf }) => ({
    said: { class: named(leaf), payload },
    at: 'root',
  }))
}

/** RootSta as a root port would have it after these messages. */
function messageStatus(deviceStatus: number): number {
  const [isCorrectable, isNonFatal, isFatal] = [1, 2, 4].map((bit) => (deviceStatus & bit) !== 0)
  return (
    (isCorrectable ? CORRECTABLE_MESSAGE : 0) |
    (isNonFatal ? NON_FATAL_MESSAGE | UNCORRECTABLE_MESSAGE : 0) |
    (isFatal ? FATAL_MESSAGE | UNCORRECTABLE_MESSAGE : 0) |
    (isNonFatal && isFatal ? FIRST_FATAL | SEVERAL_UNCORRECTABLE : 0)
  )
}
