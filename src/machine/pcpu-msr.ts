// PcpuMsr: one register of one pcpu: what it is, and what is in it, by the way one chooses.
//
//   pcpus[1].msr.IA32_MCG_CAP           ->  its fields, each with its meaning
//   pcpus[1].msr.IA32_MCG_CAP.read()    ->  by hypercall, on that pcpu; or ResourceOpDenied
//   pcpus[1].msr.IA32_MCG_CAP.hardware  ->  what the hardware holds, where anybody can see that

import { DESCRIBE, type Described, type Description, type MembersOf } from '../base/describe.js'
import { DISPLAY } from '../base/display.js'
import { type Page, page, type ShownAsPage } from '../base/page.js'
import { table } from '../base/table.js'
import type { HostAccess, MsrRoute } from './host-access.js'
import type { PcpuId } from './ids.js'
import type { MsrDefinition, MsrField } from './msr/msr.js'
import type { MsrReference } from './msr/msr-reference.js'
import { MSRS, msrNamed } from './msr/msr-table.js'
import type { MsrReading } from './msr-reading.js'
import { readMsr, writeMsr } from './msr-routes.js'
import type { MsrWriting } from './msr-writing.js'

/** One register of one pcpu. */
export class PcpuMsr implements ShownAsPage, Described {
  readonly pcpu: PcpuId
  readonly definition: MsrDefinition
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess, pcpu: PcpuId, definition: MsrDefinition) {
    this.#access = access
    this.pcpu = pcpu
    this.definition = definition
  }

  get name(): string {
    return this.definition.name
  }

  get address(): number {
    return this.definition.address
  }

  get fields(): readonly MsrField[] {
    return this.definition.fields
  }

  /** What the hardware holds, past all software. Throws `XpvError` `machine.not-known` where
   *  nobody can look, `GeneralProtectionFault` where there is no such register. */
  get hardware(): MsrReading {
    return readMsr(this.#access(), { kind: 'hardware', pcpu: this.pcpu }, this.address)
  }

  /** Asks the hypervisor to read it on this pcpu; without one, reads it there. Time passes. Throws
   *  `ResourceOpDenied`, on metal `GeneralProtectionFault`. */
  read(): MsrReading {
    return readMsr(this.#access(), this.#route(), this.address)
  }

  /** Asks the hypervisor to write it on this pcpu; without one, writes it there. Throws as `read`
   *  does. */
  write(value: bigint | number): MsrWriting {
    return writeMsr(this.#access(), this.#route(), this.address, BigInt(value))
  }

  toJSON(): unknown {
    return { pcpu: this.pcpu, ...this.definition }
  }

  [DESCRIBE](): Description {
    const name = `pcpus[${this.pcpu}].msr.${this.name}`
    return { name, summary: this.definition.doc, members: MSR_MEMBERS }
  }

  [DISPLAY](): Page {
    const { name, address, scope, access, doc, vendor, fields } = this.definition
    const rows = fields.map((field) => [bitsOf(field), field.name, field.unit ?? '', field.doc])
    const columns = [
      { name: 'bits', align: 'right' as const },
      'field',
      'unit',
      { name: 'meaning', wraps: true },
    ]
    return page(
      [
        `${name} (0x${address.toString(16)}) of pcpu ${this.pcpu}: ${doc}`,
        `  one a ${scope}, ${ACCESS[access]}${vendor === 'both' ? '' : `, ${vendor} only`}`,
        table(columns, rows),
        this.#ways(),
      ],
      this.toJSON(),
    )
  }

  #route(): MsrRoute {
    return { kind: this.#access().isMetal ? 'metal' : 'hypercall', pcpu: this.pcpu }
  }

  #ways(): string {
    return [
      'its value, by three ways:',
      `  dom0.vcpus[0].rdmsr('${this.name}')  an instruction, wherever that vcpu runs`,
      '  .read()     a hypercall that names this pcpu',
      '  .hardware   what is in it, past all software: where anybody can look',
    ].join('\n')
  }
}

const ACCESS = {
  ro: 'can only be read',
  rw: 'can be read and written',
  rw0: 'can be read; only 0 can be written',
  wo: 'can only be written',
} as const

const bitsOf = ({ high, low }: MsrField): string => (high === low ? `${high}` : `${high}:${low}`)

/** What each property and method of a register says. */
const MSR_MEMBERS: MembersOf<PcpuMsr> = {
  pcpu: 'whose it is',
  definition: 'its row in the table of registers',
  name: 'its name',
  address: 'its number',
  fields: 'its fields: name, bits, meaning, unit',
  hardware: 'what the hardware holds, past all software; nobody in the machine notices',
  read: 'asks the hypervisor to read it on this pcpu; few registers are given: read()',
  write: 'asks the hypervisor to write it on this pcpu: write(0n)',
}

/** The registers of a pcpu by name: `msr.IA32_MCG_CAP`, `msr.named('mcg_cap')`. */
export class PcpuMsrs implements ShownAsPage, Described {
  readonly pcpu: PcpuId
  readonly #access: () => HostAccess

  constructor(access: () => HostAccess, pcpu: PcpuId) {
    this.#access = access
    this.pcpu = pcpu
    for (const definition of definitionsFor(access())) {
      Object.defineProperty(this, definition.name, {
        get: () => new PcpuMsr(access, pcpu, definition),
        enumerable: true,
      })
    }
  }

  /** The register of a name, with or without its prefix, or of a number. Throws `XpvError`
   *  `msr.unknown`, with the nearest. */
  named(name: MsrReference): PcpuMsr {
    return new PcpuMsr(this.#access, this.pcpu, msrNamed(name))
  }

  toJSON(): unknown {
    return definitionsFor(this.#access())
  }

  [DESCRIBE](): Description {
    const registers = definitionsFor(this.#access()).map(({ name, doc }) => [name, doc])
    return {
      name: `pcpus[${this.pcpu}].msr`,
      summary: 'the registers of a pcpu, by name',
      members: {
        pcpu: 'whose they are',
        named: "the register of a name or number: named('mcg_cap'), named(0x179)",
        ...Object.fromEntries(registers),
      },
    }
  }

  [DISPLAY](): Page {
    const rows = definitionsFor(this.#access()).map(({ address, name, scope, doc }) => [
      `0x${address.toString(16)}`,
      name,
      scope,
      doc,
    ])
    const columns = ['number', 'name', 'one a', { name: 'meaning', wraps: true }]
    return page([`registers of pcpu ${this.pcpu}`, table(columns, rows)], this.toJSON())
  }
}

/** Lets registers be had by every name that `named` takes: `msr.TSC`; one that is
 *  spelled like a register and is none is refused. */
export function byEveryName(registers: PcpuMsrs): PcpuMsrs {
  return new Proxy(registers, {
    get: (target, key) => {
      if (typeof key === 'string' && !(key in target) && /^[A-Z][A-Z0-9_]*$/.test(key)) {
        return target.named(key)
      }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The registers of the vendor's processors; all where the vendor is not known. */
function definitionsFor(access: HostAccess): readonly MsrDefinition[] {
  const { processor } = access.hypervisor()
  if (processor.kind === 'unknown') return MSRS
  const { vendor } = processor.value
  return MSRS.filter((each) => each.vendor === 'both' || each.vendor === vendor)
}
