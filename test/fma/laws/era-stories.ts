// Stories of hosts that err: an era, some faults of pcpus, pages and devices, all by a seed; told
// to a simulated host that manages its faults by itself.

import type { SimMachine } from '../../../src/backend/sim/sim-machine.js'
import { XpvError } from '../../../src/base/error.js'
import type { LogName } from '../../../src/fma/fmd/input.js'
import { encodeLogRecord } from '../../../src/fma/fmd/log-format.js'
import type { FaultManagement } from '../../../src/fma/host/fault-management.js'
import { Dice } from '../../d/source-maker.js'
import { type Managed, managed } from '../host/managed.js'

/** What is wrong with a host, and what is innocent besides. */
export interface Story {
  readonly seed: number
  readonly era: string
  readonly msi: boolean
  readonly lines: readonly string[]
  readonly pcpus: ReadonlySet<number>
  readonly pages: ReadonlySet<bigint>
  readonly devices: ReadonlySet<string>
}

const ERAS = ['metal', 'metal', 'xvm-3.1', 'xvm-mca', 'xen-4.17', 'xen-4.20', 'xen-4.20']
const DEVICES = ['03:00.0', '04:00.0']
const ERRORS = ['BadTLP', 'BadDLLP', 'CmpltTO', 'Timeout', 'Rollover']
const LOGS: readonly LogName[] = ['error', 'fault', 'resource', 'info']
const PIECE_NS = 10e9
const PIECES = 12

/** The story of a seed. */
export function storyOf(seed: number): Story {
  const dice = new Dice(seed)
  const [pcpus, pages, devices] = [new Set<number>(), new Set<bigint>(), new Set<string>()]
  const rhythm = (): string =>
    `at=${dice.below(9)}s every=${dice.of([2, 5, 10, 15])}s times=${1 + dice.below(9)}`
  const lines = Array.from({ length: 1 + dice.below(4) }, () => {
    const kind = dice.below(4)
    if (kind === 0) {
      const device = dice.of(DEVICES)
      devices.add(device)
      return `pcie function=${device} error=${dice.of(ERRORS)} ${rhythm()}`
    }
    if (kind === 1) {
      const page = 0x40000n + BigInt(dice.below(5))
      pages.add(page)
      return `memory address=0x${(page << 12n).toString(16)} ${rhythm()}`
    }
    const pcpu = dice.below(4)
    pcpus.add(pcpu)
    if (kind === 2) return `cache level=${1 + dice.below(2)} pcpu=${pcpu} ${rhythm()}`
    return `tlb level=1 tlb=${dice.of(['instruction', 'data'])} pcpu=${pcpu} ${rhythm()}`
  })
  const [era, msi] = [dice.of(ERAS), dice.below(2) === 0]
  return { seed, era, msi, lines, pcpus, pages, devices }
}

/** A host as the story has it, at its beginning. */
export function begin({ seed, era, msi, lines }: Story): Managed {
  const host = managed({ era, msi, processor: 'westmere', seed })
  host.machine.checks.plan(lines.join('\n'))
  return host
}

/** Lets a piece of the story happen; false when the host has stopped. */
export function piece(machine: SimMachine): boolean {
  try {
    machine.run(PIECE_NS)
    return true
  } catch (error) {
    if (error instanceof XpvError && error.code === 'sim.halted') return false
    throw error
  }
}

/** Lets the story happen from its n-th piece on. */
export function happen(machine: SimMachine, from = 0, until = PIECES): void {
  for (let n = from; n < until; n++) if (!piece(machine)) return
}

/** All logs as bytes, in text. */
export function logsOf(management: FaultManagement): readonly string[] {
  return LOGS.flatMap((name) =>
    management.log(name).map((record) => Buffer.from(encodeLogRecord(record)).toString('base64')),
  )
}
