// Provider xdt, modules mem and shadow: grants, the p2m, populate-on-demand, shadow page tables.
import { xdtProbes } from './xdt-probe.js'

/** Probes xdt:mem::, ascending by id. */
export const XDT_MEM = xdtProbes('mem', [
  [7136, 'page-grant-map', [0x10f001], ['domid'], 'a granted page is mapped; domid granted it'],
  [7137, 'page-grant-unmap', [0x10f002], ['domid'], 'a granted page is unmapped'],
  [7138, 'page-grant-transfer', [0x10f003], ['domid'], 'a page is given to another domain'],
  [
    7139,
    'set-p2m',
    [0x10f004],
    ['domid', 'gfn', 'mfn', 'p2m_type', 'order'],
    'an entry of the p2m is set',
  ],
  [
    7140,
    'decrease-reservation',
    [0x10f005],
    ['domid', 'gfn', 'order'],
    'a domain gives memory back',
  ],
  [
    7141,
    'pod-populate',
    [0x10f010],
    ['domid', 'gfn', 'mfn', 'order'],
    'a populate-on-demand page is touched and gets memory',
  ],
  [
    7142,
    'pod-zero-reclaim',
    [0x10f011],
    ['domid', 'gfn', 'mfn', 'order'],
    'a zero page goes back to populate-on-demand',
  ],
  [
    7143,
    'pod-superpage-splinter',
    [0x10f012],
    ['domid', 'gfn', 'order'],
    'a superpage is broken up for populate-on-demand',
  ],
])

/** Probes xdt:shadow::, ascending by id. */
export const XDT_SHADOW = xdtProbes('shadow', [
  [
    7144,
    'fault-not-shadow',
    [0x40f001],
    ['pte', 'address', 'flags'],
    'a fault that has nothing to do with the shadow',
  ],
  [7145, 'fixup', [0x40f006], ['pte', 'address', 'flags'], 'the shadow is filled in'],
  [
    7146,
    'fast-propagate',
    [0x40f002],
    ['address'],
    'a fault is handed to the guest on the fast path',
  ],
  [7147, 'fast-mmio', [0x40f003], ['address'], 'device memory is recognised on the fast path'],
  [7148, 'false-fast-path', [0x40f004], ['address'], 'the fast path was taken in error'],
  [7149, 'mmio', [0x40f005], ['address'], 'device memory is recognised'],
  [7150, 'domf-dying', [0x40f007], ['address'], 'a fault of a domain that is dying'],
  [
    7151,
    'emulate',
    [0x40f008],
    ['pte', 'value', 'address', 'flags', 'emulation_count'],
    'a write to a shadowed page table is emulated',
  ],
  [
    7152,
    'emulate-unshadow-user',
    [0x40f009],
    ['gfn', 'address', 'flags'],
    'user code wrote to a page table: unshadowed',
  ],
  [
    7153,
    'emulate-unshadow-evtinj',
    [0x40f00a],
    ['gfn', 'address', 'flags'],
    'a fault while an event is injected: unshadowed',
  ],
  [
    7154,
    'emulate-unshadow-unhandled',
    [0x40f00b],
    ['gfn', 'address', 'flags'],
    'an instruction could not be emulated: unshadowed',
  ],
  [7155, 'wrmap-bf', [0x40f00c], ['gfn'], 'all mappings are searched for writable ones'],
  [7156, 'prealloc-unpin', [0x40f00d], ['gfn'], 'a shadow is unpinned to make room'],
  [7157, 'resync-full', [0x40f00e], ['gfn'], 'an out-of-sync page is brought up to date in full'],
  [7158, 'resync-only', [0x40f00f], ['gfn'], 'only one out-of-sync page is brought up to date'],
])
