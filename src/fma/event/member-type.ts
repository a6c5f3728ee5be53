// Member types: what type a member has that fmdump prints without saying so.
//
//   'ena' -> uint64      'certainty' -> uint8      'fault-status' -> uint8[]      'x' -> undefined
//
// Text and JSON keep the number and lose its type. The protocol's own members are known by name;
// any other number becomes the widest type that it was printed as, so that printing it again gives
// the same bytes. Source: illumos-gate usr/src/uts/common/sys/fm/protocol.h, fmd_protocol.c.
import { fits, isWide, type NarrowType, type NvValue, type WideType } from './nvlist.js'

type NumberType = NarrowType | WideType

const NAMES: Readonly<Record<NumberType, string>> = {
  byte: '',
  int8: '',
  uint8: `version certainty fault-status cpumask cachetype __ttl bank_number`,
  int16: '',
  uint16: `cachebit error_code model_specific_error_code bdf device_id vendor_id rev_id dev_type
    source-id`,
  int32: 'mod-id',
  uint32: `cpuid cacheindex cacheway hc-list-sz fault-list-sz pri rc-status error_count`,
  int64: 'diag-time line pid ctid',
  uint64: `ena physaddr offset asru-offset asru-physaddr pool vdev __tod ip IA32_MCG_STATUS
    IA32_MCi_STATUS IA32_MCi_ADDR IA32_MCi_MISC bank_msr_offset`,
  hrtime: '',
}

const TYPE_OF: ReadonlyMap<string, NumberType> = new Map(
  Object.entries(NAMES).flatMap(([type, names]) =>
    names.split(/\s+/).map((name): [string, NumberType] => [name, type as NumberType]),
  ),
)

/** Members that are true or false, though text prints them as numbers. */
const BOOLEANS: ReadonlySet<string> = new Set(
  `message retire response __injected faulty repaired replaced acquitted resolved unusable
    machine_check_in_progress privileged overflow error_uncorrected error_enabled
    processor_context_corrupt source-valid fault-has-asru time_assumed`.split(/\s+/),
)

/** Members that are strings, even of digits. */
const STRINGS: ReadonlySet<string> = new Set(
  `class scheme hc-name hc-id hc-root serial part revision facility-name facility-type unum
    component device-path devid target-port-l0id mod-name mod-version mod-desc pkg-inst
    pkg-basedir pkg-version svc-name svc-instance svc-contract-id scope system-fqn path root token
    module file func uuid code severity location product-id product-sn chassis-id domain-id
    server-id host-id disp compound_errorname threshold_based_error_status`.split(/\s+/),
)

/** Members that are arrays even when one element is printed. */
const ARRAYS: ReadonlySet<string> = new Set(['fault-status', 'diag-time', '__tod'])

/** Whether a member of this name is true or false. */
export function isBooleanMember(name: string): boolean {
  return BOOLEANS.has(name)
}

/** Whether a member of this name is a string, whatever it looks like. */
export function isStringMember(name: string): boolean {
  return STRINGS.has(name)
}

/** How numbers were written: in hexadecimal, in decimal with a sign where there is one, or in a
 *  way that says neither (JSON). */
type Written = 'unsigned' | 'signed' | 'either'

/** Whole numbers that were written, as one value (`one`) or as an array: of the type their name
 *  has, where they fit it and it is written so; else of 64 bits. Undefined where even those do not
 *  do. */
export function numberMember(
  name: string,
  values: readonly bigint[],
  { written, one }: { readonly written: Written; readonly one: boolean },
): NvValue | undefined {
  const kind = typeFor(name, values, written)
  if (kind === undefined) return undefined
  const plain: readonly (number | bigint)[] = isWide(kind) ? values : values.map(Number)
  const single = one && !ARRAYS.has(name)
  return (single ? { kind, value: plain[0] } : { kind: `${kind}[]`, value: plain }) as NvValue
}

function typeFor(
  name: string,
  values: readonly bigint[],
  written: Written,
): NumberType | undefined {
  const known = TYPE_OF.get(name)
  const so = known?.startsWith('int') === (written === 'signed') || written === 'either'
  if (known !== undefined && so && values.every((value) => fits(known, value))) return known
  const signed = written === 'signed' || values.some((value) => value < 0n)
  const widest = signed ? 'int64' : 'uint64'
  return values.every((value) => fits(widest, value)) ? widest : undefined
}
