// The commands of fault management on the machine that is open: fmadm, fmdump, fmstat.
import type { FaultManagement } from '../../fma/host/fault-management.js'
import { isActive } from '../../machine/active-machine.js'
import type { Machine } from '../../machine/machine.js'
import type { Command, CommandIo } from '../command.js'
import type { Traces } from '../traces.js'
import { fmadmCommand } from './fmadm.js'
import { fmdumpCommand } from './fmdump.js'
import { fmstatCommand } from './fmstat.js'
import { letPass, runTool } from './tool-run.js'
import { activeMachine } from './toolstack.js'

/** What they need of the session. */
export interface FaultCommandHost {
  readonly fma: () => FaultManagement
  readonly machine: () => Machine
  readonly traces: Traces
  /** Paths are meant from there. */
  readonly directory: () => string
}

/** Makes them. */
export function faultCommands(host: FaultCommandHost): readonly Command[] {
  const { fma, machine, traces, directory } = host
  return [
    fmadmCommand({ fma, directory }),
    fmdumpCommand({
      fma,
      directory,
      wait: (from, io) => (from === 'files' ? waitASecond(io) : waitOnMachine(host, io)),
    }),
    fmstatCommand({
      fma,
      pass: async (seconds, io) => {
        const active = activeMachine(machine(), ['fmstat', String(seconds)])
        return (await runTool(active, ['sleep', String(seconds)], io, traces)) === 0
      },
    }),
  ]
}

/** A piece of the machine's time; by the clock where it stands still. */
async function waitOnMachine(host: FaultCommandHost, io: CommandIo): Promise<boolean> {
  const machine = host.machine()
  if (!isActive(machine)) return waitASecond(io)
  const isInterrupted = io.interrupted() || letPass(machine) === 'interrupted'
  host.traces.catchUp()
  await new Promise(setImmediate)
  return !isInterrupted && !io.signal.aborted
}

async function waitASecond(io: CommandIo): Promise<boolean> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 1000)
    io.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  return !io.signal.aborted && !io.interrupted()
}
