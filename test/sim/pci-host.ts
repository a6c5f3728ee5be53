// A PCI Express hierarchy by itself, and what it said on the bus.
import { Bus } from '../../src/backend/sim/bus.js'
import { eraNamed } from '../../src/backend/sim/era.js'
import { Kernel } from '../../src/backend/sim/kernel.js'
import type { SimFunction } from '../../src/backend/sim/pci/function-spec.js'
import type { SignallingRules } from '../../src/backend/sim/pci/signalling.js'
import { PciExpress } from '../../src/backend/sim/pci.js'
import { HW_PCIE } from '../../src/machine/observation.js'
import { parseRequesterId, type RequesterId } from '../../src/machine/pci/requester-id.js'

export const id = (text: string): RequesterId => {
  const parsed = parseRequesterId(text)
  if (parsed === undefined) throw new Error(`no function ${text}`)
  return parsed
}

const KINDS = ['latched', 'message', 'root-latched', 'source-lost', 'interrupt', 'polled'] as const

export interface Said {
  readonly ns: number
  readonly kind: (typeof KINDS)[number]
  readonly at: number
  readonly status: number
  readonly source: number
  readonly uncorrectable: boolean
  readonly severity: number
  readonly register: number
  readonly header: readonly number[]
}

export interface PciHost {
  readonly kernel: Kernel
  readonly pci: PciExpress
  /** Lines of dom0's kernel. */
  readonly log: readonly string[]
  /** What was said since it was asked last. */
  said(): Said[]
}

export function pciHost(
  era = 'xen-4.20',
  parts: { functions?: readonly SimFunction[]; rules?: SignallingRules } = {},
): PciHost {
  const kernel = new Kernel()
  const bus = new Bus(() => kernel.now)
  const seenAt = () => ({ pcpu: 0, domid: 0, vcpu: 0 })
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const pci = new PciExpress({ kernel, bus, era: eraNamed(era), seed: 1, seenAt, log, ...parts })
  let said: Said[] = []
  bus.listen(
    (code) => code === HW_PCIE,
    (batch) => {
      for (let i = 0; i < batch.length; i++) {
        const at = batch.at[i] ?? 0
        const words = [...batch.words.subarray(at, at + (batch.extra[i] ?? 0))]
        const [what = 0, function_ = 0, status = 0, source = 0, bad, severity = 0, register = 0] =
          words
        said.push({
          ns: batch.ticks[i] ?? 0,
          kind: KINDS[what] ?? 'latched',
          at: function_,
          status,
          source,
          uncorrectable: bad === 1,
          severity,
          register,
          header: words.slice(7),
        })
      }
    },
  )
  return {
    kernel,
    pci,
    log: lines,
    said: () => {
      bus.flush()
      const taken = said
      said = []
      return taken
    },
  }
}
