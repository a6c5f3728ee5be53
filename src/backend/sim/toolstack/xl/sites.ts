// Sites: where in libxl its messages come from, which it prints: file, line, function.
//
//   error('pausing', 77)  ->  libxl: error: libxl_domain.c:587:libxl_domain_pause: Domain 77:...
//
// Source: tools/libs/light of the releases 4.17.7 and 4.20.4; only places are here.

/** A place; the line in 4.17, then in 4.20. */
interface Site {
  readonly file: string
  readonly lines: readonly [in417: number, in420: number]
  readonly func: string
}

const at = (file: string, lines: Site['lines'], func: string): Site => ({ file, lines, func })

const SITES = {
  renaming: at('libxl_domain.c', [81, 81], 'libxl__domain_rename'),
  pausing: at('libxl_domain.c', [587, 583], 'libxl_domain_pause'),
  unpausing: at('libxl_domain.c', [688, 684], 'domain_unpause_done'),
  asking: at('libxl_domain.c', [354, 354], 'libxl_domain_info'),
  nonexistent: at('libxl_domain.c', [1183, 1179], 'libxl__destroy_domid'),
  destroyPausing: at('libxl_domain.c', [1219, 1215], 'destroy_domid_pci_done'),
  destroying: at('libxl_domain.c', [1616, 1616], 'domain_destroy_domid_cb'),
  undestroyed: at('libxl_domain.c', [1137, 1133], 'domain_destroy_callback'),
  destroyFailed: at('libxl_domain.c', [1064, 1060], 'domain_destroy_cb'),
  listingVcpus: at('libxl_domain.c', [1667, 1669], 'libxl_list_vcpu'),
  vcpusOf: at('libxl_domain.c', [1856, 1858], 'libxl_set_vcpuonline'),
  noVcpus: at('libxl_domain.c', [1863, 1865], 'libxl_set_vcpuonline'),
  tooManyVcpus: at('libxl_domain.c', [1869, 1871], 'libxl_set_vcpuonline'),
  startTime: at('libxl_domain.c', [2231, 2233], 'libxl_vm_get_start_time'),
  unacknowledged: at('libxl_domain.c', [854, 850], 'pvcontrol_cb'),
  memoryInfo: at('libxl_mem.c', [47, 47], 'libxl_domain_setmaxmem'),
  maxBelowTarget: at('libxl_mem.c', [59, 59], 'libxl_domain_setmaxmem'),
  settingMax: at('libxl_mem.c', [78, 78], 'libxl_domain_setmaxmem'),
  noTarget: at('libxl_mem.c', [234, 234], 'libxl_set_memory_target'),
  targetAboveMax: at('libxl_mem.c', [278, 278], 'libxl_set_memory_target'),
  dom0TooLow: at('libxl_mem.c', [287, 287], 'libxl_set_memory_target'),
  settingTarget: at('libxl_mem.c', [299, 299], 'libxl_set_memory_target'),
  noConfig: at('libxl_internal.c', [526, 526], 'libxl__get_domain_configuration'),
  making: at('libxl_create.c', [709, 742], 'libxl__domain_make'),
  unmade: at('libxl_create.c', [1294, 1349], 'initiate_domain_create'),
  unbuilt: at('libxl_create.c', [1638, 1693], 'domcreate_rebuild_done'),
  maxVcpus: at('libxl_dom.c', [253, 248], 'libxl__build_pre'),
  affinityFailed: at('libxl_dom.c', [350, 345], 'libxl__build_pre'),
  memoryInit: at('libxl_dom.c', [586, 581], 'libxl__build_dom'),
  imageBuild: at('libxl_dom.c', [594, 589], 'libxl__build_dom'),
  kernelFile: at('libxl_dom.c', [646, 641], 'libxl__build_pv'),
  ramdiskFile: at('libxl_dom.c', [659, 654], 'libxl__build_pv'),
  typing: at('libxl_dom.c', [37, 37], 'libxl__domain_type'),
  affinity: at('libxl_sched.c', [62, 62], 'libxl__set_vcpuaffinity'),
  creditOf: at('libxl_sched.c', [203, 203], 'sched_credit_domain_get'),
  credit2Of: at('libxl_sched.c', [410, 408], 'sched_credit2_domain_get'),
  credit2Info: at('libxl_sched.c', [431, 429], 'sched_credit2_domain_set'),
  credit2Weight: at('libxl_sched.c', [445, 441], 'sched_credit2_domain_set'),
  credit2Cap: at('libxl_sched.c', [455, 451], 'sched_credit2_domain_set'),
  credit2Setting: at('libxl_sched.c', [465, 461], 'sched_credit2_domain_set'),
  restoring: at('libxl_stream_read.c', [850, 850], 'libxl__xc_domain_restore_done'),
  saving: at('libxl_stream_write.c', [347, 347], 'libxl__xc_domain_save_done'),
  suspendUnacknowledged: at(
    'libxl_dom_suspend.c',
    [269, 269],
    'domain_suspend_common_pvcontrol_suspending',
  ),
  suspendTimedOut: at('libxl_dom_suspend.c', [372, 367], 'suspend_common_wait_guest_timeout'),
  resuming: at('libxl_dom_suspend.c', [666, 661], 'domain_resume_done'),
  badDisk: at('libxl_disk.c', [335, 369], 'device_disk_add'),
  diskExists: at('libxl_disk.c', [343, 377], 'device_disk_add'),
  addingDevice: at('libxl_device.c', [1486, 1500], 'device_addrm_aocomplete'),
} as const satisfies Readonly<Record<string, Site>>

/** A message's place by what went wrong there. */
export type SiteName = keyof typeof SITES

/** `libxl_domain.c:587:libxl_domain_pause` in a release of Xen 4. */
export function siteText(name: SiteName, minor: number): string {
  const { file, lines, func } = SITES[name]
  return `${file}:${lines[minor < 18 ? 0 : 1]}:${func}`
}
