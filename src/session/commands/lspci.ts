// The command `lspci`: the functions of PCI Express, as lspci(8) prints them.
import { XpvError } from '../../base/error.js'
import type { Machine } from '../../machine/machine.js'
import { lspci } from '../../machine/pci/lspci.js'
import type { Command } from '../command.js'
import { hostAccessOf } from './host-access-of.js'

/** Makes it for the machine that is open. */
export function lspciCommand(machine: () => Machine): Command {
  return {
    name: 'lspci',
    summary: 'the functions of PCI Express; -vv their registers, -xxx their bytes',
    usage: '[-v|-vv|-vvv] [-n] [-t] [-x|-xxx|-xxxx] [-s SLOT] [-d VENDOR:DEVICE]',
    examples: ['lspci', 'lspci -tv', 'lspci -vv -s 00:1c.0'],
    run: async (argv, io) => {
      const listings = hostAccessOf(machine(), 'lspci').pci()
      if (listings.kind === 'unknown') {
        throw new XpvError('machine.not-known', `lspci: ${listings.reason}`, "open('sim')")
      }
      const { stdout, stderr, status } = lspci(argv, listings.value)
      if (stdout !== '') io.write(stdout)
      if (stderr !== '') io.warn(stderr)
      return status
    },
  }
}
