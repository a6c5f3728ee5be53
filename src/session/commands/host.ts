// The commands that look at the hardware of the machine that is open.
import type { Machine } from '../../machine/machine.js'
import type { Command } from '../command.js'
import { fmtopoCommand } from './fmtopo.js'
import { lspciCommand } from './lspci.js'
import { processorCommands } from './processors.js'
import { msrCommands } from './rdmsr.js'

/** psrinfo, psradm, rdmsr, wrmsr, lspci, fmtopo; names of files are of `directory`. */
export function hostCommands(machine: () => Machine, directory: () => string): readonly Command[] {
  const processors = [...processorCommands(machine), ...msrCommands(machine)]
  return [...processors, lspciCommand(machine), fmtopoCommand(machine, directory)]
}
