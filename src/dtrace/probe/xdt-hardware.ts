// Provider xdt, modules pm, irq, dom0op and trace: the machine itself, domains coming and going,
// and the state of the trace.
import { xdtProbes } from './xdt-probe.js'

/** Probes xdt:pm::, ascending by id. */
export const XDT_PM = xdtProbes('pm', [
  [7159, 'freq-change', [0x801001], ['old_mhz', 'new_mhz'], 'a pcpu changes its frequency'],
  [
    7160,
    'idle-entry',
    [0x801002],
    ['cx', 'tick', 'expected', 'predicted'],
    'a pcpu enters a C-state',
  ],
  [
    7161,
    'idle-exit',
    [0x801003],
    ['cx', 'tick', 'irq0', 'irq1', 'irq2', 'irq3'],
    'a pcpu leaves a C-state',
  ],
])

/** Probes xdt:irq::, ascending by id. */
export const XDT_IRQ = xdtProbes('irq', [
  [
    7162,
    'move-cleanup-delay',
    [0x802001],
    ['irq', 'vector', 'pcpu'],
    'the old vector of a moved interrupt is still in use',
  ],
  [
    7163,
    'move-cleanup',
    [0x802002],
    ['irq', 'vector', 'mask0', 'mask1', 'mask2', 'mask3', 'mask4', 'mask5'],
    'the old vector of a moved interrupt is freed',
  ],
  [
    7164,
    'bind-vector',
    [0x802003],
    ['irq', 'vector', 'mask0', 'mask1', 'mask2', 'mask3', 'mask4', 'mask5'],
    'a vector is bound to an interrupt',
  ],
  [
    7165,
    'clear-vector',
    [0x802004],
    ['irq', 'vector', 'mask0', 'mask1', 'mask2', 'mask3', 'mask4', 'mask5'],
    'a vector is taken from an interrupt',
  ],
  [
    7166,
    'move-finish',
    [0x802005],
    ['irq', 'vector', 'pcpu'],
    'an interrupt has moved to another pcpu',
  ],
  [
    7167,
    'assign-vector',
    [0x802006],
    ['irq', 'vector', 'mask0', 'mask1', 'mask2', 'mask3', 'mask4', 'mask5'],
    'a vector is assigned to an interrupt',
  ],
  [7168, 'unmapped-vector', [0x802007], ['vector'], 'an interrupt arrives on a vector nobody has'],
  [7169, 'handled', [0x802008], ['irq', 'tsc_in', 'tsc_out'], 'an interrupt was handled'],
])

/** Probes xdt:dom0op::, ascending by id. */
export const XDT_DOM0OP = xdtProbes('dom0op', [
  [7170, 'domain-create', [0x41001], ['domid'], 'the hypervisor creates a domain'],
  [7171, 'domain-destroy', [0x41002], ['domid'], 'the hypervisor destroys a domain'],
])

/** Probes xdt:trace::, ascending by id. */
export const XDT_TRACE = xdtProbes('trace', [
  [
    7172,
    'records-lost',
    [0x1f001],
    ['pcpu', 'count', 'domid', 'vcpu', 'first_tsc'],
    'the trace buffer was full: records are missing',
  ],
  [
    7173,
    'unnamed',
    [],
    ['code', 'words', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6'],
    'a record that no other probe of xdt names',
  ],
])
