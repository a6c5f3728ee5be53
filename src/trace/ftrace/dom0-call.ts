// Dom0Call: the lines that kprobes print of one call into privcmd, put together.
//
//   memory_op  op=13 mop=12 mcmd=6 nr=64 order=9 dom=3 ┐
//   multicall  op=13 ncalls=1 mop=12 m0=0x6 m1=0x7f..  ├ one call: memory_op populate_physmap
//   hypercall  op=13 a0=0x7f.. a1=0x1                  ┘ (inside a multicall)
//
// Holds: what no line said stays unknown. A structure behind a null address was not read, whatever
// the probe printed. Source: Linux privcmd_ioctl; libxencall wraps memory_op in a one-entry
// multicall.

import { type CallShape, callShape, hypercallGroup } from '../../machine/hypercall.js'
import { ARG_SIZES, type ArgSource, type CallArg } from '../../machine/hypercall-arguments.js'
import { CALL_NONE } from '../../machine/observation.js'
import type { FtraceRecord } from './ftrace-record.js'
import { DEVICE_FIELDS, DEVICE_PROBES, KPROBES, type Kprobe, type Piece } from './kprobes.js'
import { MemoryImage } from './memory-image.js'

const HYPERCALL_IOCTL_NR = 0x5000
const MULTICALL = 13
const MEMORY_OP = 12
const MEMORY_COMMAND_MASK = 0x3f
const ENTRY_ARGS = 16

/** A call with everything its lines said. */
export interface ResolvedCall {
  readonly ioctl: number
  readonly op: number
  readonly subop: number
  readonly inMulticall: boolean
  readonly shape: CallShape
  /** In the shape's order; undefined where not recorded. */
  readonly args: readonly (bigint | undefined)[]
}

/** One call while its lines come in. */
export class Dom0Call {
  readonly pid: number
  readonly comm: string
  /** The ioctl; CALL_NONE for a file operation. */
  readonly ioctl: number
  /** Number of a file operation in FILE_CALLS; CALL_NONE for an ioctl. */
  readonly #fileCall: number
  #op: number | undefined
  readonly #seen = new Set<string>()
  readonly #images: { [K in Piece['of']]?: MemoryImage } = {}
  #resolved: ResolvedCall | undefined
  /** The vcpu that printed the last line. */
  vcpu: number
  /** Set once no more lines can come. */
  closed = false
  /** What the call returned, when it did. */
  result: bigint | undefined

  constructor(first: FtraceRecord) {
    this.pid = first.pid
    this.comm = first.comm
    this.vcpu = first.vcpu
    this.ioctl = numberOf(first, 'cmd')
    const device = DEVICE_PROBES.get(first.name)
    this.#fileCall = device?.fileCall ?? CALL_NONE
    if (device !== undefined) this.#copy(first, DEVICE_FIELDS)
  }

  /** Takes a line in. False when it belongs to another call: the end of this one was lost. */
  add(line: FtraceRecord): boolean {
    const probe = KPROBES.get(line.name)
    if (probe === undefined || this.#seen.has(line.name)) return false
    const op = this.#isHypercall() ? opOf(line) : undefined
    if (numberOf(line, 'cmd') !== this.ioctl) return false
    if (op !== undefined && this.#op !== undefined && op !== this.#op) return false
    this.#seen.add(line.name)
    this.vcpu = line.vcpu
    this.#op ??= op
    if (this.#isOwn(probe, line)) this.#copy(line, probe.fields)
    return true
  }

  /** Names the call and orders its arguments. */
  resolve(): ResolvedCall {
    const resolved = this.#resolved ?? this.#resolve()
    if (this.closed) this.#resolved = resolved
    return resolved
  }

  #resolve(): ResolvedCall {
    const inMulticall = this.#carriesMemoryOp()
    const op = inMulticall ? MEMORY_OP : (this.#op ?? CALL_NONE)
    const subop = this.#subop(op, inMulticall)
    const shape = callShape({ ioctl: this.ioctl, op, subop })
    const hasStruct = this.#hasStruct(op, inMulticall)
    const context = { op, subop, inMulticall, hasStruct }
    const args = shape.args.map((arg) => this.#arg(arg, context))
    return { ioctl: this.ioctl, op, subop, inMulticall, shape, args }
  }

  #isHypercall(): boolean {
    return (this.ioctl & 0xffff) === HYPERCALL_IOCTL_NR
  }

  #isOwn(probe: Kprobe, line: FtraceRecord): boolean {
    if (probe.op === undefined) {
      return (
        probe.ioctls?.some((nr) => (this.ioctl & 0xffff) === (HYPERCALL_IOCTL_NR | nr)) ?? false
      )
    }
    if (!this.#isHypercall() || this.#op !== probe.op) return false
    return probe.innerOp === undefined || line.fields.get('mop') === BigInt(probe.innerOp)
  }

  #copy(line: FtraceRecord, fields: Readonly<Record<string, Piece>>): void {
    for (const name in fields) {
      const piece = fields[name]
      const value = line.fields.get(name)
      if (piece !== undefined && value !== undefined) this.#image(piece.of).write(piece, value)
    }
  }

  #image(of: Piece['of']): MemoryImage {
    this.#images[of] ??= new MemoryImage()
    return this.#images[of]
  }

  #carriesMemoryOp(): boolean {
    if (this.#op !== MULTICALL) return false
    const count = this.#images.registers?.readNumber(8, 4) ?? 1
    return count === 1 && this.#images.struct?.read(0, 8) === BigInt(MEMORY_OP)
  }

  #subop(op: number, inMulticall: boolean): number {
    if (op === CALL_NONE) return this.#fileCall
    const { registers, struct } = this.#images
    if (inMulticall) return masked(struct?.readNumber(ENTRY_ARGS, 4))
    if (op === MEMORY_OP) return masked(registers?.readNumber(0, 4))
    const group = hypercallGroup(op)
    if (group === undefined) return CALL_NONE
    const place = group.subopIn === 'struct' ? struct : registers
    return place?.readNumber(0, 4) ?? CALL_NONE
  }

  #hasStruct(op: number, inMulticall: boolean): boolean {
    const pointer = hypercallGroup(op)?.pointer
    return pointer === undefined || this.#register(pointer, 8, inMulticall) !== 0n
  }

  #register(index: number, size: number, inMulticall: boolean): bigint | undefined {
    const { registers, struct } = this.#images
    return inMulticall
      ? struct?.read(ENTRY_ARGS + index * 8, size)
      : registers?.read(index * 8, size)
  }

  #arg(
    arg: CallArg,
    call: {
      readonly op: number
      readonly subop: number
      readonly inMulticall: boolean
      readonly hasStruct: boolean
    },
  ): bigint | undefined {
    const size = ARG_SIZES[arg.type]
    const source: ArgSource = arg.source
    switch (source.kind) {
      case 'register':
        return this.#register(source.index, size, call.inMulticall)
      case 'struct': {
        const memory = call.inMulticall ? this.#images.inner : this.#images.struct
        return call.hasStruct ? memory?.read(source.offset, size) : undefined
      }
      case 'pointee':
        return this.#images.pointee?.read(0, size)
      case 'op':
        return known(call.op)
      case 'subop':
        return known(call.subop)
      case 'ioctl':
        return known(this.ioctl)
    }
  }
}

function masked(command: number | undefined): number {
  return command === undefined ? CALL_NONE : command & MEMORY_COMMAND_MASK
}

function known(number: number): bigint | undefined {
  return number === CALL_NONE ? undefined : BigInt(number)
}

function opOf(line: FtraceRecord): number | undefined {
  const op = line.fields.get('op')
  return op === undefined ? undefined : Number(BigInt.asUintN(32, op))
}

function numberOf(line: FtraceRecord, field: string): number {
  const value = line.fields.get(field)
  return value === undefined ? CALL_NONE : Number(BigInt.asUintN(32, value))
}
