// Provider xdt, module pv: paravirtual guests. Hypercalls are seen at entry only: no record says
// their result.
import { xdtProbes } from './xdt-probe.js'

/** Probes xdt:pv::, ascending by id. */
export const XDT_PV = xdtProbes('pv', [
  [
    7072,
    'hypercall',
    [0x201001, 0x20100d],
    ['rip', 'op', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'present'],
    'a paravirtual guest calls the hypervisor; since Xen 4.3 without rip',
  ],
  [
    7073,
    'trap',
    [0x201003],
    ['rip', 'trap', 'has_error', 'error_code'],
    'a trap is handed to the guest',
  ],
  [
    7074,
    'page-fault',
    [0x201004],
    ['rip', 'address', 'error_code'],
    'a page fault is handed to the guest',
  ],
  [
    7075,
    'forced-invalid-op',
    [0x201005],
    ['rip'],
    'the guest runs the invalid opcode that asks for emulated cpuid',
  ],
  [
    7076,
    'emulate-priv-op',
    [0x201006],
    ['rip'],
    'a privileged instruction of the guest is emulated',
  ],
  [
    7077,
    'math-state-restore',
    [0x201008],
    [],
    'the guest uses the FPU for the first time since it was switched to',
  ],
  [
    7078,
    'paging-fixup',
    [0x201009],
    ['rip', 'address'],
    'a page fault is resolved without the guest',
  ],
  [
    7079,
    'dt-mapping-fault',
    [0x20100a],
    ['rip', 'offset'],
    "a fault in the guest's descriptor tables is resolved",
  ],
  [
    7080,
    'pte-write-emul',
    [0x20100b, 0x20100c],
    ['pte', 'address', 'rip'],
    'a write to a page table is emulated',
  ],
  [7081, 'emulate-4gb', [0x201007], ['rip'], 'a 4 GB segment access of a 32-bit guest is emulated'],
  [
    7082,
    'subcall',
    [0x20200e],
    ['rip', 'op', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'present'],
    'one call inside a multicall',
  ],
])
