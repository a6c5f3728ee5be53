// Numbers of the Xen interface that dom0 sees from outside: hypercalls, ioctls of the three device
// drivers. Data only; the sub-operations are in hypercall-subops.ts.
//
// Source: xen/include/public/xen.h; Linux include/uapi/xen/{privcmd,evtchn,gntdev}.h.

/** Names by number, as the public headers spell them, in lower case and without their prefix. */
export type NamesByNumber = Readonly<Record<number, string>>

/** Hypercalls (`__HYPERVISOR_*`); 27 was acm_op and 7 dom0_op in the days of xVM. */
export const HYPERCALLS = {
  0: 'set_trap_table',
  1: 'mmu_update',
  2: 'set_gdt',
  3: 'stack_switch',
  4: 'set_callbacks',
  5: 'fpu_taskswitch',
  6: 'sched_op_compat',
  7: 'platform_op',
  8: 'set_debugreg',
  9: 'get_debugreg',
  10: 'update_descriptor',
  12: 'memory_op',
  13: 'multicall',
  14: 'update_va_mapping',
  15: 'set_timer_op',
  16: 'event_channel_op_compat',
  17: 'xen_version',
  18: 'console_io',
  19: 'physdev_op_compat',
  20: 'grant_table_op',
  21: 'vm_assist',
  22: 'update_va_mapping_otherdomain',
  23: 'iret',
  24: 'vcpu_op',
  25: 'set_segment_base',
  26: 'mmuext_op',
  27: 'xsm_op',
  28: 'nmi_op',
  29: 'sched_op',
  30: 'callback_op',
  31: 'xenoprof_op',
  32: 'event_channel_op',
  33: 'physdev_op',
  34: 'hvm_op',
  35: 'sysctl',
  36: 'domctl',
  37: 'kexec_op',
  38: 'tmem_op',
  39: 'argo_op',
  40: 'xenpmu_op',
  41: 'dm_op',
  42: 'hypfs_op',
  48: 'mca',
  49: 'arch_1',
  50: 'arch_2',
  51: 'arch_3',
  52: 'arch_4',
  53: 'arch_5',
  54: 'arch_6',
  55: 'arch_7',
} as const satisfies NamesByNumber

/** Commands of /dev/xen/privcmd, by ioctl number (the low byte; type 'P'). */
export const PRIVCMD_IOCTLS = {
  0: 'hypercall',
  2: 'mmap',
  3: 'mmapbatch',
  4: 'mmapbatch_v2',
  5: 'dm_op',
  6: 'restrict',
  7: 'mmap_resource',
  8: 'irqfd',
  9: 'ioeventfd',
  10: 'pcidev_get_gsi',
} as const satisfies NamesByNumber

/** Commands of /dev/xen/evtchn, by ioctl number (type 'E'). */
export const EVTCHN_IOCTLS = {
  0: 'bind_virq',
  1: 'bind_interdomain',
  2: 'bind_unbound_port',
  3: 'unbind',
  4: 'notify',
  5: 'reset',
  6: 'restrict_domid',
  7: 'bind_static',
} as const satisfies NamesByNumber

/** Commands of /dev/xen/gntdev, by ioctl number (type 'G'). */
export const GNTDEV_IOCTLS = {
  0: 'map_grant_ref',
  1: 'unmap_grant_ref',
  2: 'get_offset_for_vaddr',
  3: 'set_max_grants',
  7: 'set_unmap_notify',
  8: 'grant_copy',
  9: 'dmabuf_exp_from_refs',
  10: 'dmabuf_exp_wait_released',
  11: 'dmabuf_imp_to_refs',
  12: 'dmabuf_imp_release',
} as const satisfies NamesByNumber

/** What a process does to /dev/xen/privcmd besides ioctl: CALL_SUBOP of DOM0_DEVICE_CALL.
 *  `buf_mmap` maps the buffers that hypercall arguments are passed in (/dev/xen/hypercall). */
export const FILE_CALLS = {
  0: 'open',
  1: 'release',
  2: 'mmap',
  3: 'buf_mmap',
} as const satisfies NamesByNumber
