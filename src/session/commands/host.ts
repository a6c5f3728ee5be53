// The commands that look at the hardware of the machine that is open.
import type { Machine } from '../../machine/machine.js'
import type { Command } from '../command.js'
import { lspciCommand } from './lspci.js'
import { processorCommands } from './processors.js'
import { msrCommands } from './rdmsr.js'

/** psrinfo, psradm, rdmsr, wrmsr, lspci. */
export function hostCommands(machine: () => Machine): readonly Command[] {
  return [...processorCommands(machine), ...msrCommands(machine), lspciCommand(machine)]
}
