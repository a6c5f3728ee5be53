// A host with xm, and what its commands print, call and leave behind.

import type { HostConfig } from '../../src/backend/sim/host-config.js'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'
import { TextPrinter } from '../../src/dtrace/print/text.js'
import { standardCatalog } from '../../src/dtrace/probe/standard-catalog.js'
import { LiveRun } from '../../src/dtrace/run/live-run.js'
import type { CommandOutcome } from '../../src/machine/active-machine.js'
import { d } from '../run/build.js'

const CATALOG = standardCatalog()

/** A host of 2007 unless said otherwise. */
export function xmHost(config: Partial<HostConfig> = {}): SimMachine {
  return createSimulator({ memoryMiB: 4096, dom0MemoryMiB: 512, ...config })
}

/** Runs a command line. */
export function xm(machine: SimMachine, line: string): CommandOutcome {
  return machine.command(['xm', ...line.split(' ')])
}

/** What a D program prints while something happens. */
export function traced(machine: SimMachine, program: string, body: () => void): string {
  let text = ''
  const printer = new TextPrinter({
    quiet: false,
    write: (part) => {
      text += part
    },
    warn: (part) => {
      text += part
    },
  })
  const run = new LiveRun(d(program, CATALOG), machine, CATALOG, {
    sink: (record) => printer.record(record),
  })
  body()
  printer.finish(run.end())
  return text
}

/** Names of the xpv probes that fire while something happens, with the process each fires in. */
export function fired(machine: SimMachine, body: () => void): readonly string[] {
  const program = 'xpv::: { printf("%s %s", execname, probename); }'
  return [...traced(machine, program, body).matchAll(/(\S+ [a-z-]+-(?:start|end|entry))\n/g)].map(
    ([, row]) => row as string,
  )
}

/** How often each of them fires. */
export function counted(rows: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[row] = (counts[row] ?? 0) + 1
  return counts
}

/** Frames that are nobody's mistake: all of the host's. */
export function allFrames(machine: SimMachine): number {
  const { frames } = machine.hypervisor
  const owned = machine.world.domains().reduce((sum, { pages }) => sum + pages, 0)
  return frames.free + frames.xen + frames.retired + owned
}
