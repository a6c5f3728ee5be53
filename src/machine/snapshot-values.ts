// The values of a snapshot: everything of a host that somebody may want to compare, by the words
// that get at it.
//
//   domains[1].memoryBytes  536870912 bytes      pcpus[1].banks[8].status  0x8c00004000010091
//
// Holds: what is not known is left out; so is what changes by itself, as counters of time do.
import type { DomainFacts, HostAccess, VcpuFacts } from './host-access.js'
import { hex64 } from './msr/msr-value.js'
import { isKnown, valueOr } from './not-known.js'
import type { Obs } from './obs.js'
import { PciFunction } from './pci-function.js'
import { quantity, type Unit } from './quantity.js'
import { rangesText } from './ranges.js'

/** One value. */
export interface SnapshotValue {
  readonly value: string | number | boolean
  readonly unit?: Unit
}

/** A kept value as a person reads it. */
export function snapshotText({ value, unit }: SnapshotValue): string {
  if (typeof value === 'number' && unit !== undefined) return quantity(value, unit)
  return String(value)
}

type Entry = readonly [path: string, value: SnapshotValue]

/** All values of a host now. */
export function snapshotValues(access: HostAccess): ReadonlyMap<string, SnapshotValue> {
  return new Map([
    ...xenValues(access),
    ...access.domains().items.flatMap((domain) => domainValues(access, domain)),
    ...pcpuValues(access),
    ...bridgeValues(access),
  ])
}

function xenValues(access: HostAccess): readonly Entry[] {
  const { freeBytes, version } = access.hypervisor()
  return [...entry('xen.version', version), ...entry('xen.freeBytes', freeBytes, 'bytes')]
}

function domainValues(access: HostAccess, domain: DomainFacts): readonly Entry[] {
  const at = `domains[${domain.domid}]`
  const { name, type, state, memoryBytes, maxVcpus, weight, capPercent } = domain
  const ports = access.ports(domain.domid)
  const grants = access.grants(domain.domid)
  return [
    ...entry(`${at}.name`, name),
    ...entry(`${at}.type`, type),
    ...entry(`${at}.state`, state),
    ...entry(`${at}.memoryBytes`, memoryBytes, 'bytes'),
    ...entry(`${at}.maxVcpus`, maxVcpus),
    ...entry(`${at}.weight`, weight),
    ...entry(`${at}.capPercent`, capPercent, 'percent'),
    ...entry(
      `${at}.ports.rows.length`,
      mapped(ports, (all) => all.length),
    ),
    ...entry(
      `${at}.mappedGrants`,
      mapped(grants, (all) => all.mapped),
    ),
    ...access.vcpus(domain.domid).items.flatMap((vcpu) => vcpuValues(at, vcpu)),
  ]
}

function vcpuValues(domain: string, { vcpu, state, pcpu, affinity }: VcpuFacts): readonly Entry[] {
  const at = `${domain}.vcpus[${vcpu}]`
  return [
    ...entry(`${at}.state`, state),
    ...entry(`${at}.pcpu`, pcpu),
    ...entry(`${at}.affinity`, mapped(affinity, rangesText)),
  ]
}

function pcpuValues(access: HostAccess): readonly Entry[] {
  return access.pcpus().items.flatMap(({ pcpu, isOnline }) => {
    const banks = valueOr(access.banks(pcpu))
    const held = isKnown(banks) ? banks.banks.filter(({ status }) => status !== 0n) : []
    return [
      ...entry(`pcpus[${pcpu}].isOnline`, isOnline),
      ...held.map(({ bank, status }): Entry => {
        return [`pcpus[${pcpu}].banks[${bank}].status`, { value: hex64(status) }]
      }),
    ]
  })
}

function bridgeValues(access: HostAccess): readonly Entry[] {
  const listings = valueOr(access.pci())
  if (!isKnown(listings)) return []
  return listings.flatMap((listing) => {
    const { id, registers } = new PciFunction(listing, listings)
    return Object.entries(registers).map(([name, { raw, register, set }]): Entry => {
      const hex = `0x${raw.toString(16).padStart(2 * register.bytes, '0')}`
      const value = set.length === 0 ? hex : `${hex} (${set.join(' ')})`
      return [`hostbridge.at('${id}').registers['${name}']`, { value }]
    })
  })
}

function entry(path: string, of: Obs<string | number | boolean>, unit?: Unit): readonly Entry[] {
  if (of.kind === 'unknown') return []
  return [[path, unit === undefined ? { value: of.value } : { value: of.value, unit }]]
}

function mapped<T, U>(of: Obs<T>, to: (value: T) => U): Obs<U> {
  return of.kind === 'known' ? { ...of, value: to(of.value) } : of
}
