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
import type { NvList } from '../../event/nvlist.js'
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
import { RegisterPayload } from './register-payload.js'
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

const found = (name: string, payload: NvList): BitEreport => ({
  said: { class: name, payload },
  at: 'function',
})

function conventional({ pci, bridge, new: fresh }: FabricErrors): readonly BitEreport[] {
  if ((fresh.pci | fresh.bridge | fresh.bridgeControl) === 0) return []
  const own = new RegisterPayload()
  own.u16('pci-status', pci?.status)
  own.u16('pci-command', pci?.command)
  const below = new RegisterPayload()
  below.u16('pci-sec-status', bridge?.status)
  below.u16('pci-bdg-ctrl', bridge?.control)
  return [
    ...set(PCI_CLASSES, fresh.pci).map((each) => found(each.class, own.list)),
    ...set(BRIDGE_CLASSES, fresh.bridge).map((each) => found(each.class, below.list)),
    ...set(BRIDGE_CONTROL_CLASSES, fresh.bridgeControl).map((each) =>
      found(each.class, below.list),
    ),
  ]
}

function correctable(of: FabricErrors): readonly BitEreport[] {
  if (of.new.correctable === 0) return []
  const payload = new RegisterPayload()
  payload.u16('dev-status', of.express?.status)
  payload.u32('ce-status', of.correctable?.status)
  return set(CORRECTABLE_CLASSES, of.new.correctable).map((each) => found(each.class, payload.list))
}

function uncorrectable(of: FabricErrors, { isThere }: BitContext): readonly BitEreport[] {
  const { uncorrectable: errors, slot } = of
  if (errors === undefined || of.new.uncorrectable === 0) return []
  const isSlotEmpty = slot !== undefined && (slot.status & SLOT_PRESENT) === 0
  const target = believed(targetOf(of), isThere)
  return set(UNCORRECTABLE_CLASSES, of.new.uncorrectable).flatMap((error) => {
    // Who took the card out has not broken it.
    if (error.bits === COMPLETION_TIMEOUT && isSlotEmpty) return []
    const about = isFirstOf(errors, error) ? target : undefined
    const payload = new RegisterPayload()
    payload.slot(slot)
    payload.u16('dev-status', of.express?.status)
    payload.u32('ue-status', errors.status)
    payload.u32('ue-severity', errors.severity)
    payload.u32('adv-ctl', errors.control)
    payload.source(about?.id ?? 0)
    return [...aboutTarget(error, about), found(error.class, payload.list)]
  })
}

function isFirstOf(errors: UncorrectableErrors, { bits }: ErrorClass): boolean {
  const first = firstBit(errors)
  return first !== undefined && (1 << first) >>> 0 === bits
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
  const payload = new RegisterPayload()
  payload.u64('pci-pa', target.address)
  return [{ said: { class: error.target, payload: payload.list }, at: target }]
}

function secondary(of: FabricErrors, { root, isThere }: BitContext): readonly BitEreport[] {
  const { secondary: errors } = of
  if (errors === undefined || of.new.secondary === 0) return []
  const target = believed(secondaryTargetOf(of, root), isThere)
  return set(SECONDARY_CLASSES, of.new.secondary).flatMap((error) => {
    const about = isFirstOf(errors, error) ? target : undefined
    const payload = new RegisterPayload()
    payload.u32('sue-status', errors.status)
    payload.source(about?.id ?? 0)
    return [...aboutTarget(error, about), found(error.class, payload.list)]
  })
}

/** A function that has no registers for single errors, and is no root port. */
function withoutAer(of: FabricErrors): readonly BitEreport[] {
  const { type, aerAt } = of
  if (aerAt !== 0 || type === LEGACY_ENDPOINT || type === ROOT_PORT) return []
  const payload = new RegisterPayload()
  payload.u16('dev-status', of.express?.status)
  return set(DEVICE_CLASSES, of.new.express).map((each) => found(each.class, payload.list))
}

function messages({ root, new: fresh }: FabricErrors): readonly BitEreport[] {
  if (root === undefined) return []
  const { status, correctableSource, uncorrectableSource } = root
  const isFirstFatal = (status & FIRST_FATAL) !== 0
  return set(ROOT_CLASSES, fresh.root).flatMap(({ bits, class: name }) => {
    if (bits === FATAL_MESSAGE && !isFirstFatal) return []
    if (bits === NON_FATAL_MESSAGE && isFirstFatal) return []
    const isFirst = bits === FATAL_MESSAGE || bits === NON_FATAL_MESSAGE
    const id = isFirst ? uncorrectableSource : bits === CORRECTABLE_MESSAGE ? correctableSource : 0
    const payload = new RegisterPayload()
    payload.u32('rc-status', status)
    if (id !== 0) payload.source(id)
    return [found(name, payload.list)]
  })
}

/** The messages that a function must have sent, told in its root's name. */
function madeUpMessages(of: FabricErrors): readonly BitEreport[] {
  const { id, type, express } = of
  if (express === undefined || type === LEGACY_ENDPOINT || type === ROOT_PORT) return []
  const status = messageStatus(express.status)
  const isOne = (status & SEVERAL_UNCORRECTABLE) === 0
  const payload = new RegisterPayload()
  payload.u32('rc-status', status)
  if (isOne) payload.source(id)
  return set(MADE_UP_ROOT_CLASSES, of.new.express).map((each) => ({
    said: { class: each.class, payload: payload.list },
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
