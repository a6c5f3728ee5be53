// Own rule files: the Eversholt sources that come with xpv.
//
//   x86-cpu.esc     caches, TLBs, buses and the inside of any x86 processor
//   x86-memory.esc  pages and modules of its memory
//   pciex.esc       devices, ports and links of PCI Express
//   pci-root.esc    what they tell root ports
//   pci.esc         conventional PCI, and bridges to it
//
// Holds: they compile without a warning. Each declares what it uses, as any file of rules does.
import type { SourceText } from '../eversholt/source.js'
import pci from './pci.esc'
import pciRoot from './pci-root.esc'
import pciex from './pciex.esc'
import x86Cpu from './x86-cpu.esc'
import x86Memory from './x86-memory.esc'

/** Every file, with the name that mistakes and explanations show. */
export const OWN_RULE_FILES: readonly SourceText[] = [
  { name: 'x86-cpu.esc', text: x86Cpu },
  { name: 'x86-memory.esc', text: x86Memory },
  { name: 'pciex.esc', text: pciex },
  { name: 'pci-root.esc', text: pciRoot },
  { name: 'pci.esc', text: pci },
]
