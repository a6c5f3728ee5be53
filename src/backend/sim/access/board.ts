// What the firmware of a simulated host says of its hardware. The numbers come from its seed: a
// fork is the same hardware, a second host is not.
//
// Holds: a chip's number is MSR_PPIN, where the processor has it and the era lets dom0 have it. The
// form of it is illumos': iv0-INTC-<signature>-<PPIN>. Source: illumos-gate
// usr/src/uts/i86pc/cpu/generic_cpu/gcpu_main.c; xen/arch/x86/platform_hypercall.c.
import { Prng } from '../../../base/prng.js'
import type { BoardFacts, ChipFacts, DimmFacts } from '../../../machine/board-facts.js'
import type { MemoryMap } from '../../../machine/memory-map.js'
import { known, type Obs, unknown } from '../../../machine/obs.js'
import { type Era, isMetal } from '../era.js'
import type { HostConfig } from '../host-config.js'
import { type Processor, processorNamed } from '../processor.js'

const MSR_PPIN = 0x4f

/** What is asked for. */
export interface BoardParts {
  readonly era: Era
  readonly host: HostConfig
  readonly memory: MemoryMap
  /** What is in a register of a pcpu. */
  readonly read: (pcpu: number, msr: number) => bigint | undefined
}

/** The board of a simulated host. */
export function boardFacts(parts: BoardParts): BoardFacts {
  const { host, memory } = parts
  const random = new Prng(host.seed)
  const sockets = Array.from({ length: host.sockets }, (_, socket) => socket)
  return {
    product: 'xpv-sim',
    productSerial: `XPV${hex8(random)}`,
    chassis: `XPV${hex8(random)}`,
    label: 'MB',
    chips: sockets.map((socket) => chipFacts(parts, socket)),
    dimms: sockets.flatMap((socket) => dimmsOf(memory, socket, random)),
  }
}

const hex8 = (random: Prng): string => random.next().toString(16).toUpperCase().padStart(8, '0')

function chipFacts(parts: BoardParts, socket: number): ChipFacts {
  return { label: `CPU ${socket}`, serial: chipSerial(parts, socket) }
}

function chipSerial({ era, host, read }: BoardParts, socket: number): Obs<string> {
  const processor = processorNamed(host.processor ?? era.processor)
  if (!processor.hasPpin) return unknown('this processor has no number that software can read')
  const byHypercall = era.toolstack === 'xl'
  if (!isMetal(era) && !byHypercall) {
    return unknown('MSR_PPIN has it, which the hypervisor keeps to itself')
  }
  const ppin = read(socket * host.coresPerSocket * host.threadsPerCore, MSR_PPIN)
  if (ppin === undefined) return unknown('MSR_PPIN cannot be read')
  const vendor = processor.vendor === 'intel' ? 'INTC' : 'AMD'
  const signature = signatureOf(processor).toString(16)
  return known(`iv0-${vendor}-${signature}-${ppin.toString(16)}`, 'sim')
}

/** As CPUID leaf 1 has it in EAX. */
function signatureOf({ family, model, stepping }: Processor): number {
  const base = Math.min(family, 15)
  return (
    ((family - base) << 20) | ((model >> 4) << 16) | (base << 8) | ((model & 15) << 4) | stepping
  )
}

function dimmsOf(memory: MemoryMap, socket: number, random: Prng): readonly DimmFacts[] {
  const { channels, dimmsPerChannel } = memory.shape
  return Array.from({ length: channels * dimmsPerChannel }, (_, n) => {
    const [channel, dimm] = [Math.floor(n / dimmsPerChannel), n % dimmsPerChannel]
    const slot = `${String.fromCharCode(0x41 + channel)}${dimm}`
    return {
      socket,
      channel,
      dimm,
      label: `CPU ${socket} DIMM ${slot}`,
      serial: hex8(random),
      part: `XPV-ECC-${Math.round(memory.dimmBytes / 2 ** 20)}`,
    }
  })
}
