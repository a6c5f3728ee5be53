// The commands `rdmsr` and `wrmsr`: one register, from a vcpu of dom0, as msr-tools does it there,
// or with --pcpu by hypercall.
//
//   rdmsr -p 1 IA32_MCG_CAP       an instruction on dom0's vcpu 1, wherever that runs
//   rdmsr --pcpu 3 0x179          a hypercall that names the pcpu, where there is one
//
// Holds: a read that fails tells who refused it and where; no number is printed then.
// Source: msr-tools 1.3, rdmsr.c and wrmsr.c: options, output, exit status 4.
import { XpvError } from '../../base/error.js'
import type { HostAccess, MsrRoute, MsrUnknown } from '../../machine/host-access.js'
import type { DomainId, PcpuId, VcpuId } from '../../machine/ids.js'
import type { Machine } from '../../machine/machine.js'
import type { MsrRead, MsrWrite } from '../../machine/msr/msr-access.js'
import { MSRS, msrAddress, msrNamed } from '../../machine/msr/msr-table.js'
import type { Command, CommandIo } from '../command.js'
import { hostAccessOf } from './host-access-of.js'

/** The highest number that RDMSR takes. */
const HIGHEST = 0xffff_ffff
const MOST_VALUE = 2n ** 64n - 1n
/** What msr-tools exit with when a register is not to be had. */
const REFUSED = 4

/** Makes both for the machine that is open. */
export function msrCommands(machine: () => Machine): readonly Command[] {
  return [
    {
      name: 'rdmsr',
      summary: 'read a register from a vcpu of dom0, or with --pcpu by hypercall',
      usage: '[-p VCPU | --pcpu PCPU] [-a] [-x|-X|-d|-u|-o] [-0] [-c] [-f HIGH:LOW] REGISTER',
      examples: ['rdmsr IA32_MCG_CAP', 'rdmsr -a 0x179', 'rdmsr --pcpu 3 0x179'],
      complete: registerNames,
      run: async (argv, io) =>
        rdmsr(hostAccessOf(machine(), 'rdmsr'), readWords('rdmsr', argv), io),
    },
    {
      name: 'wrmsr',
      summary: 'write a register, as rdmsr reads it',
      usage: '[-p VCPU | --pcpu PCPU] REGISTER VALUE',
      examples: ['wrmsr -p 0 IA32_MC4_STATUS 0'],
      complete: registerNames,
      run: async (argv, io) =>
        wrmsr(hostAccessOf(machine(), 'wrmsr'), readWords('wrmsr', argv), io),
    },
  ]
}

const registerNames = (): readonly string[] => MSRS.map(({ name }) => name)

/** A command line, read. */
interface Words {
  readonly flags: ReadonlySet<string>
  readonly vcpu: number
  readonly pcpu: number | undefined
  readonly field: readonly [high: number, low: number]
  readonly rest: readonly string[]
}

function readWords(name: string, argv: readonly string[]): Words {
  const flags = new Set<string>()
  const rest: string[] = []
  const values = new Map<string, string>()
  const words = argv.flatMap((word) => (word.startsWith('--') ? word.split('=') : [word]))
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = { '-p': 'p', '--processor': 'p', '--pcpu': 'pcpu', '-f': 'f' }[word]
    if (option !== undefined) values.set(option, words.shift() ?? '')
    else if (/^-[axXduo0cr]+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter)
    else if (/^-/.test(word)) throw usage(name, `there is no option ${word}`)
    else rest.push(word)
  }
  return {
    flags,
    vcpu: whole(name, values.get('p') ?? '0'),
    pcpu: values.has('pcpu') ? whole(name, values.get('pcpu') ?? '') : undefined,
    field: fieldOf(name, values.get('f') ?? '63:0'),
    rest,
  }
}

const usage = (name: string, message: string): XpvError =>
  new XpvError(`${name}.usage`, message, `help ${name}`)

function whole(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw usage(name, `'${text}' is no number of a processor`)
}

function fieldOf(name: string, text: string): readonly [high: number, low: number] {
  const [, high = Number.NaN, low = Number.NaN] = /^(\d+):(\d+)$/.exec(text)?.map(Number) ?? []
  if (high <= 63 && low <= high) return [high, low]
  throw usage(name, `'${text}' are no bits of a register: -f 31:0`)
}

/** The register that is meant, by its name or its number. */
function addressOf(name: string, { rest }: Words, most: number): number {
  const [word, ...others] = rest
  if (word === undefined) throw usage(name, 'which register?')
  const tooMany = others[most - 1]
  if (tooMany !== undefined) throw usage(name, `${tooMany} is one word too many`)
  const address = msrAddress(word) ?? msrNamed(word).address
  if (address <= HIGHEST) return address
  throw usage(name, `no register has the number ${word}: they end at 0xffffffff`)
}

function routesOf(access: HostAccess, { flags, vcpu, pcpu }: Words): readonly MsrRoute[] {
  const kind = access.isMetal ? 'metal' : 'hypercall'
  if (pcpu !== undefined) return [{ kind, pcpu: pcpu as PcpuId }]
  const domid = 0 as DomainId
  if (!flags.has('a')) return [{ kind: 'vcpu', domid, vcpu: vcpu as VcpuId }]
  const all = access.vcpus(domid).items
  return all.map((each) => ({ kind: 'vcpu', domid, vcpu: each.vcpu }))
}

function rdmsr(access: HostAccess, words: Words, io: CommandIo): number {
  const address = addressOf('rdmsr', words, 1)
  let status = 0
  for (const route of routesOf(access, words)) {
    const read = access.readMsr(route, address)
    if (read.kind === 'read' || read.kind === 'virtualised') {
      io.write(`${valueText(read.value, words)}\n`)
    } else {
      io.warn(refusal('rdmsr', 'read', route, address, read))
      status = REFUSED
    }
  }
  return status
}

function wrmsr(access: HostAccess, words: Words, io: CommandIo): number {
  const address = addressOf('wrmsr', words, 2)
  const text = words.rest[1] ?? ''
  const value = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt(text) : undefined
  if (value === undefined || value > MOST_VALUE) throw usage('wrmsr', `'${text}' is no value`)
  let status = 0
  for (const route of routesOf(access, words)) {
    const written = access.writeMsr(route, address, value)
    const isDone = ['written', 'virtualised', 'write-dropped'].includes(written.kind)
    if (isDone) continue
    io.warn(refusal('wrmsr', 'set', route, address, written))
    status = REFUSED
  }
  return status
}

function refusal(
  name: string,
  verb: string,
  route: MsrRoute,
  address: number,
  outcome: MsrRead | MsrWrite | MsrUnknown,
): string {
  const which = route.kind === 'vcpu' ? `CPU ${route.vcpu}` : `pcpu ${route.pcpu}`
  const hex = `0x${address.toString(16).padStart(8, '0')}`
  const why = outcome.kind === 'unknown' ? outcome.reason : outcome.why
  return `${name}: ${which} cannot ${verb} MSR ${hex}\n  ${why}\n`
}

function valueText(value: bigint, { flags, field: [high, low] }: Words): string {
  const bits = (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n)
  const width = Math.ceil((high - low + 1) / 4)
  const pad = (text: string, digits: number): string =>
    flags.has('0') ? text.padStart(digits, '0') : text
  const prefix = (sign: string): string => (flags.has('c') ? sign : '')
  if (flags.has('d')) return String(high - low === 63 ? BigInt.asIntN(64, bits) : bits)
  if (flags.has('u')) return String(bits)
  if (flags.has('o')) return `${prefix('0')}${pad(bits.toString(8), Math.ceil((width * 4) / 3))}`
  const hex = pad(bits.toString(16), width)
  return flags.has('X') ? `${prefix('0X')}${hex.toUpperCase()}` : `${prefix('0x')}${hex}`
}
