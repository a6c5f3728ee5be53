// The one table of registers: every register there is a meaning of, by number and by name.
//
//   msrNamed('IA32_MC4_STATUS')   msrNamed('mc4_status')   msrNamed(0x411)   ->  the same register
//
// Holds: no two registers of one vendor share a number, no two share a name. Drives values,
// decoding, help and completion.
import { XpvError } from '../../base/error.js'
import { nearest } from '../../base/nearest.js'
import { AMD_REGISTERS } from './amd-registers.js'
import { MACHINE_CHECK_REGISTERS } from './machine-check-registers.js'
import { MEMORY_REGISTERS } from './memory-registers.js'
import type { MsrDefinition } from './msr.js'
import type { MsrReference } from './msr-reference.js'
import { POWER_REGISTERS } from './power-registers.js'
import { APIC_REGISTERS, PROCESSOR_REGISTERS } from './processor-registers.js'

/** Every register, ascending by number. */
export const MSRS: readonly MsrDefinition[] = [
  ...PROCESSOR_REGISTERS,
  ...APIC_REGISTERS,
  ...MACHINE_CHECK_REGISTERS,
  ...POWER_REGISTERS,
  ...MEMORY_REGISTERS,
  ...AMD_REGISTERS,
].sort((a, b) => a.address - b.address)

const BY_ADDRESS: ReadonlyMap<number, MsrDefinition> = new Map(
  MSRS.map((m): [number, MsrDefinition] => [m.address, m]),
)
const BY_NAME: ReadonlyMap<string, MsrDefinition> = new Map(
  MSRS.flatMap((m): [string, MsrDefinition][] => [
    [m.name, m],
    [withoutPrefix(m.name), m],
  ]),
)

/** The other names of registers: what people say, older manuals, other systems. */
const ALIASES: Readonly<Record<string, string>> = {
  TSC: 'IA32_TIME_STAMP_COUNTER',
  UCODE_REV: 'IA32_BIOS_SIGN_ID',
  PATCH_LEVEL: 'IA32_BIOS_SIGN_ID',
  EFER: 'IA32_EFER',
  MCG_EXT_CTL: 'IA32_MCG_EXT_CTL',
  THERM_CONTROL: 'IA32_CLOCK_MODULATION',
  FEAT_CTL: 'IA32_FEATURE_CONTROL',
  SHADOW_GS_BASE: 'IA32_KERNEL_GS_BASE',
  SFMASK: 'IA32_FMASK',
}

/** The register of a number; undefined where the table has none. */
export function msrAt(address: number): MsrDefinition | undefined {
  return BY_ADDRESS.get(address)
}

/** The register somebody means. Throws `XpvError` `msr.unknown`, with the nearest name. */
export function msrNamed(reference: MsrReference): MsrDefinition {
  const address = msrAddress(reference)
  const found = address === undefined ? byName(String(reference)) : msrAt(address)
  if (found !== undefined) return found
  const near = nearest(withoutPrefix(String(reference).toUpperCase()), [...BY_NAME.keys()])
  const meant = near === undefined ? undefined : BY_NAME.get(near)?.name
  throw new XpvError(
    'msr.unknown',
    address === undefined
      ? `no register is called ${reference}`
      : `no register with number 0x${address.toString(16)} is known`,
    address === undefined ? meant : undefined,
  )
}

/** The number somebody means, known or not: `0x179`, `377`, 0x179. Undefined for a name. */
export function msrAddress(reference: MsrReference): number | undefined {
  if (typeof reference !== 'string') return Number(reference)
  return /^(0x[0-9a-f]+|\d+)$/i.test(reference.trim()) ? Number(reference) : undefined
}

/** Every name that a register is found by, in capitals. */
export function msrNames(): readonly string[] {
  const full = MSRS.map(({ name }) => name)
  return [...new Set([...full, ...full.map(withoutPrefix), ...Object.keys(ALIASES)])]
}

function byName(name: string): MsrDefinition | undefined {
  const upper = name.trim().toUpperCase()
  const alias = ALIASES[withoutPrefix(upper)]
  return BY_NAME.get(upper) ?? BY_NAME.get(withoutPrefix(upper)) ?? BY_NAME.get(alias ?? '')
}

function withoutPrefix(name: string): string {
  return name.replace(/^(IA32|MSR|AMD64)_/, '')
}
