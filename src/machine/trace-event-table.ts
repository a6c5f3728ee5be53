// Every record Xen's trace buffers may hold, Xen 3.2 to 4.20: id, name, layout. The probes of
// provider xdt find their arguments by this table.
//
// A layout is text, see trace-field.ts; `|` separates the shapes that different Xen versions
// wrote, told apart by the number of extra words. The first is the usual one.
//
// Source: xen/include/public/trace.h, checked against real traces of Xen 4.17 and 4.20. Numbers
// follow the code where the old `formats` file disagrees with it (credit2 from 0x22213 on;
// pf_xen's error code first).

/** How one row stands for several codes:
 *  one      the id alone
 *  addr     the id, and id + 0x100 with 64-bit addresses
 *  nested   the id, and id + 0x400 while a nested guest runs
 *  exit     both of these
 *  levels   the id, + 0x100, + 0x200: 2-, 3- and 4-level guest paging
 *  runstate bits 8-11 the old state, bits 4-7 the new one */
export type TraceForms = 'one' | 'addr' | 'nested' | 'exit' | 'levels' | 'runstate'

/** One row: id, name, layouts, the codes it stands for, and the id that older versions gave it. */
export type TraceRow = readonly [
  id: number,
  name: string,
  layouts: string,
  forms?: TraceForms,
  oldId?: number,
]

const VD = 'u16 vcpu, u16 domid'
const DV = 'u32 domid, u32 vcpu'
const IRQ_MASK =
  'u16 irq, u16 vector, u32 mask0, u32 mask1, u32 mask2, u32 mask3, u32 mask4, u32 mask5'
const IO = 'addr address, u32 data | addr address | addr address, u64 data'
const CPUID = 'u32 eax, u32 ebx, u32 ecx, u32 edx'
const TIMER = 'u64 delta, u64 period | u64 delta, u64 period, u32 irq'

/** TRC_GEN: records of the trace itself. */
export const GEN_ROWS: readonly TraceRow[] = [
  [0x1f001, 'lost_records', 'u32 count, u16 domid, u16 vcpu, u64 first_tsc'],
  [0x1f002, 'wrap_buffer', ''],
  [0x1f003, 'cpu_change', 'u32 pcpu, u32 size'],
]

/** TRC_SCHED: what every scheduler writes. */
export const SCHED_ROWS: readonly TraceRow[] = [
  [0x21001, 'runstate_change', `${VD}, code8.4 old_state, code4.4 new_state`, 'runstate'],
  [0x21002, 'continue_running', VD],
  [0x28001, 'dom_add', `u32 domid | ${DV}`, 'one', 0x2f001],
  [0x28002, 'dom_rem', `u32 domid | ${DV}`, 'one', 0x2f002],
  [0x28003, 'sleep', DV, 'one', 0x2f003],
  [0x28004, 'wake', DV, 'one', 0x2f004],
  [0x28005, 'yield', DV, 'one', 0x2f005],
  [0x28006, 'block', DV, 'one', 0x2f006],
  [0x28007, 'shutdown', `${DV}, u32 reason`, 'one', 0x2f007],
  [0x28008, 'ctl', '', 'one', 0x2f008],
  [0x28009, 'adjdom', 'u32 domid', 'one', 0x2f009],
  [
    0x2800a,
    'switch',
    'u32 prev_domid, u32 prev_vcpu, u32 next_domid, u32 next_vcpu',
    'one',
    0x2f00a,
  ],
  [0x2800b, 's_timer_fn', '', 'one', 0x2f00b],
  [0x2800c, 't_timer_fn', '', 'one', 0x2f00c],
  [0x2800d, 'dom_timer_fn', '', 'one', 0x2f00d],
  [0x2800e, 'switch_infprev', `${DV}, u32 ran_ns | u32 domid, u32 ran_ns`, 'one', 0x2f00e],
  [
    0x2800f,
    'switch_infnext',
    `${DV}, u32 waited_ns, u32 slice_ns | u32 domid, u32 waited_ns, u32 slice_ns`,
    'one',
    0x2f00f,
  ],
  [0x28010, 'shutdown_code', `${DV}, u32 reason`],
  [0x28011, 'switch_infcont', `${DV}, u32 ran_ns, u32 slice_ns`],
]

/** TRC_CSCHED: the credit scheduler. */
export const CREDIT_ROWS: readonly TraceRow[] = [
  [0x22001, 'sched_tasklet', ''],
  [0x22002, 'account_start', `${DV}, u32 active`],
  [0x22003, 'account_stop', `${DV}, u32 active`],
  [0x22004, 'stolen', `u32 from_pcpu, ${DV}`],
  [0x22005, 'picked_cpu', `${DV}, u32 pcpu`],
  [0x22006, 'tickle', 'u32 pcpu'],
  [0x22007, 'boost_start', DV],
  [0x22008, 'boost_end', DV],
  [0x22009, 'schedule', 'u16 pcpu, u8 tasklet, u8 idle'],
  [0x2200a, 'ratelimit', `${VD}, u32 ran_ns`],
  [0x2200b, 'steal_check', 'u32 pcpu, u32 checked'],
]

/** TRC_CSCHED2: the credit2 scheduler. */
export const CREDIT2_ROWS: readonly TraceRow[] = [
  [0x22201, 'tick', ''],
  [0x22202, 'runq_pos', `${VD}, u32 position`],
  [0x22203, 'credit_burn', `${VD}, i32 credit, i32 budget, i32 delta`],
  [0x22204, 'credit_add', ''],
  [0x22205, 'tickle_check', `${VD}, i32 credit, i32 score`],
  [0x22206, 'tickle', 'u16 pcpu'],
  [0x22207, 'credit_reset', `${VD}, i32 credit_start, i32 credit_end`],
  [0x22208, 'sched_tasklet', ''],
  [0x22209, 'update_load', ''],
  [0x2220a, 'runq_assign', `${VD}, u32 runq`],
  [0x2220b, 'upd_unit_load', `u64 load, ${VD}, u32 shift`],
  [0x2220c, 'upd_runq_load', 'u64 load, u64 b_load, u16 count, u8 runq, u8 shift'],
  [0x2220d, 'tickle_new', `${VD}, u32 pcpu, i32 credit`],
  [0x2220e, 'runq_max_weight', 'u16 runq, u16 weight'],
  [0x2220f, 'migrate', `${VD}, u16 runq, u16 runq_to`],
  [0x22210, 'load_check', 'u16 runq, u16 other_runq, i32 delta'],
  [0x22211, 'load_balance', 'u64 load, u64 b_load, u16 runq, u16 other_runq'],
  [0x22213, 'picked_cpu', `u64 load, ${VD}, u16 runq, u16 pcpu`],
  [0x22214, 'runq_candidate', `${VD}, i32 tickled_pcpu, i32 credit`],
  [0x22215, 'schedule', 'u16 pcpu, u16 runq, u8 tasklet, u8 idle, u8 smt_idle, u8 tickled'],
  [0x22216, 'ratelimit', `${VD}, u32 ran_ns`],
  [0x22217, 'runq_cand_check', VD],
]

/** TRC_RTDS: the real-time scheduler. */
export const RTDS_ROWS: readonly TraceRow[] = [
  [0x22801, 'tickle', 'u16 pcpu'],
  [0x22802, 'runq_pick', `${VD}, u64 deadline, u64 budget`],
  [0x22803, 'budget_burn', `${VD}, u64 budget, u32 delta`],
  [0x22804, 'budget_replenish', `${VD}, u64 deadline, u64 budget`],
  [0x22805, 'sched_tasklet', ''],
  [0x22806, 'schedule', 'u16 pcpu, u8 tasklet, u4 idle, u4 tickled'],
]

/** TRC_SNULL: the null scheduler. */
export const NULL_ROWS: readonly TraceRow[] = [
  [0x22a01, 'picked_cpu', `${VD}, u32 pcpu`],
  [0x22a02, 'assign', `${VD}, u32 pcpu`],
  [0x22a03, 'deassign', `${VD}, u32 pcpu`],
  [0x22a04, 'migrate', `${VD}, u16 pcpu_to, u16 pcpu_from`],
  [0x22a05, 'schedule', `u16 pcpu, u16 tasklet, ${VD}`],
  [0x22a06, 'sched_tasklet', ''],
]

/** TRC_DOM0OP: domains created and destroyed. */
export const DOM0OP_ROWS: readonly TraceRow[] = [
  [0x41001, 'domain_create', 'u32 domid'],
  [0x41002, 'domain_destroy', 'u32 domid'],
]

/** TRC_PV: what PV guests make the hypervisor do. */
export const PV_ROWS: readonly TraceRow[] = [
  [0x201001, 'hypercall', 'addr rip, u32 op', 'addr', 0x20f001],
  [0x201003, 'trap', 'addr rip, u15 trap, u1 has_error, u16 error_code', 'addr', 0x20f003],
  [0x201004, 'page_fault', 'addr rip, addr address, u32 error_code', 'addr', 0x20f004],
  [0x201005, 'forced_invalid_op', 'addr rip', 'addr', 0x20f005],
  [0x201006, 'emulate_privop', 'addr rip', 'addr', 0x20f006],
  [0x201007, 'emulate_4gb', 'addr rip', 'addr', 0x20f007],
  [0x201008, 'math_state_restore', '', 'addr', 0x20f008],
  [0x201009, 'paging_fixup', 'addr rip, addr address', 'addr', 0x20f009],
  [0x20100a, 'gdt_ldt_mapping_fault', 'addr rip, addr offset', 'addr', 0x20f00a],
  [
    0x20100b,
    'ptwr_emulation',
    'addr pte, addr address, addr rip | u64 pte, u32 address, u32 rip',
    'addr',
    0x20f00b,
  ],
  [
    0x20100c,
    'ptwr_emulation_pae',
    'u64 pte, u32 address, u32 rip | u32 pte, u32 address, u32 rip',
    'one',
    0x20f00c,
  ],
  // Arguments follow op packed, two bits each from bit 20 on saying which: see isPackedHypercall().
  [0x20100d, 'hypercall_v2', 'u20 op'],
  [0x20200e, 'hypercall_subcall', 'u20 op'],
]

/** TRC_HVM: guests on VMX or SVM. */
export const HVM_ROWS: readonly TraceRow[] = [
  [0x81001, 'vmentry', 'code10.1 nested', 'nested'],
  [0x81002, 'vmexit', 'u32 exit_code, addr rip, code10.1 nested', 'exit'],
  [0x81003, 'vmexit_svm', 'u32 exit_code, addr rip, code10.1 nested', 'exit'],
  [0x82001, 'pf_xen', 'u32 error_code, addr address', 'addr'],
  [0x82002, 'pf_inject', 'u32 error_code, addr address', 'addr'],
  [0x82003, 'inj_exc', 'u32 trap, u32 error_code'],
  [0x82004, 'inj_virq', 'u32 vector, u32 fake'],
  [0x82005, 'reinj_virq', 'u32 vector'],
  [0x82008, 'cr_read', 'u32 cr, addr value', 'addr'],
  [0x82009, 'cr_write', 'u32 cr, addr value', 'addr'],
  [0x8200a, 'dr_read', ''],
  [0x8200b, 'dr_write', ''],
  [0x8200c, 'msr_read', 'u32 msr, u64 value'],
  [0x8200d, 'msr_write', 'u32 msr, u64 value'],
  [0x8200e, 'cpuid', `u32 leaf, u32 subleaf, ${CPUID} | u32 leaf, ${CPUID}`],
  [0x8200f, 'intr', ' | u32 vector'],
  [0x82010, 'nmi', ''],
  [0x82011, 'smi', ''],
  [0x82012, 'vmmcall', 'u32 eax'],
  [0x82013, 'hlt', 'u32 pending'],
  [0x82014, 'invlpg', 'u32 is_invlpga, addr address', 'addr'],
  [0x82015, 'mce', ''],
  [0x82016, 'ioport_read', IO, 'addr'],
  [0x82216, 'ioport_write', IO, 'addr'],
  [0x82017, 'iomem_read', IO, 'addr'],
  [0x82217, 'iomem_write', IO, 'addr'],
  [0x82018, 'clts', ''],
  [0x82019, 'lmsw', 'addr value', 'addr'],
  [0x8201a, 'rdtsc', 'u64 tsc'],
  [0x82020, 'intr_window', 'u32 vector, u32 source, i32 info'],
  [0x82021, 'npf', 'u64 gpa, u64 mfn, u32 qualification, u32 p2m_type'],
  [0x82022, 'realmode_emulate', ''],
  [0x82023, 'trap', 'u32 vector'],
  [0x82024, 'trap_debug', 'u32 qualification'],
  [0x82025, 'vlapic', ''],
  [0x82126, 'xcr_read', 'u32 xcr, u64 value'],
  [0x82127, 'xcr_write', 'u32 xcr, u64 value'],
  [0x84001, 'hpet_start_timer', 'u32 timer, u32 irq, u64 delta, u64 period'],
  [0x84002, 'pit_start_timer', TIMER],
  [0x84003, 'rtc_start_timer', TIMER],
  [0x84004, 'lapic_start_timer', TIMER],
  [0x84005, 'hpet_stop_timer', 'u32 timer'],
  [0x84006, 'pit_stop_timer', ''],
  [0x84007, 'rtc_stop_timer', ''],
  [0x84008, 'lapic_stop_timer', ''],
  [0x84009, 'pit_timer_cb', ''],
  [0x8400a, 'lapic_timer_cb', ''],
  [0x8400b, 'pic_int_output', 'u32 interrupt, u32 master, u32 irq'],
  [0x8400c, 'pic_kick', ''],
  [0x8400d, 'pic_intack', 'u32 master, u32 irq'],
  [0x8400e, 'pic_posedge', 'u32 irq'],
  [0x8400f, 'pic_negedge', 'u32 irq'],
  [0x84010, 'pic_pend_irq_call', 'u32 accept, u32 interrupt'],
  [0x84011, 'lapic_pic_intr', 'u32 target, u32 accept'],
]

/** TRC_MEM: pages granted, populated, given back. */
export const MEM_ROWS: readonly TraceRow[] = [
  [0x10f001, 'page_grant_map', 'u32 domid'],
  [0x10f002, 'page_grant_unmap', 'u32 domid'],
  [0x10f003, 'page_grant_transfer', 'u32 domid'],
  [0x10f004, 'set_p2m_entry', 'u64 gfn, u64 mfn, u32 p2m_type, u16 domid, u16 order'],
  [
    0x10f005,
    'decrease_reservation',
    'u64 gfn, u16 domid, u16 order | u64 gfn, u32 domid, u32 order',
  ],
  [
    0x10f010,
    'pod_populate',
    'u64 gfn, u64 mfn, u16 domid, u16 order | u64 gfn, u64 mfn, u32 domid, u32 order',
  ],
  [
    0x10f011,
    'pod_zero_reclaim',
    'u64 gfn, u64 mfn, u16 domid, u16 order | u64 gfn, u64 mfn, u32 domid, u32 order',
  ],
  [
    0x10f012,
    'pod_superpage_splinter',
    'u64 gfn, u16 domid, u16 order | u64 gfn, u32 domid, u32 order',
  ],
]

/** TRC_SHADOW: shadow page tables. */
export const SHADOW_ROWS: readonly TraceRow[] = [
  [0x40f001, 'not_shadow', 'pte pte, va address, u32 flags', 'levels'],
  [0x40f002, 'fast_propagate', 'va address', 'levels'],
  [0x40f003, 'fast_mmio', 'va address', 'levels'],
  [0x40f004, 'false_fast_path', 'va address', 'levels'],
  [0x40f005, 'mmio', 'va address', 'levels'],
  [0x40f006, 'fixup', 'pte pte, va address, u32 flags', 'levels'],
  [0x40f007, 'domf_dying', 'va address', 'levels'],
  [0x40f008, 'emulate', 'pte pte, pte value, va address, u29 flags, u3 emulation_count', 'levels'],
  [0x40f009, 'emulate_unshadow_user', 'pte gfn, va address, u32 flags', 'levels'],
  [0x40f00a, 'emulate_unshadow_evtinj', 'pte gfn, va address, u32 flags', 'levels'],
  [0x40f00b, 'emulate_unshadow_unhandled', 'pte gfn, va address, u32 flags', 'levels'],
  [0x40f00c, 'wrmap_bf', 'u64 gfn | u32 gfn', 'levels'],
  [0x40f00d, 'prealloc_unpin', 'u64 gfn | u32 gfn', 'levels'],
  [0x40f00e, 'resync_full', 'u64 gfn | u32 gfn', 'levels'],
  [0x40f00f, 'resync_only', 'u64 gfn | u32 gfn', 'levels'],
]

/** TRC_HW: power management and interrupts of the host. */
export const HW_ROWS: readonly TraceRow[] = [
  [0x801001, 'freq_change', 'u32 old_mhz, u32 new_mhz'],
  [0x801002, 'idle_entry', 'u32 cx, u32 tick, u32 expected, u32 predicted'],
  [0x801003, 'idle_exit', 'u32 cx, u32 tick, u32 irq0, u32 irq1, u32 irq2, u32 irq3'],
  [0x802001, 'irq_move_cleanup_delay', 'u32 irq, u32 vector, u32 pcpu'],
  [0x802002, 'irq_move_cleanup', IRQ_MASK],
  [0x802003, 'irq_bind_vector', IRQ_MASK],
  [0x802004, 'irq_clear_vector', IRQ_MASK],
  [0x802005, 'irq_move_finish', 'u32 irq, u32 vector, u32 pcpu'],
  [0x802006, 'irq_assign_vector', IRQ_MASK],
  [0x802007, 'irq_unmapped_vector', 'u32 vector'],
  [0x802008, 'irq_handled', 'u32 irq, u32 tsc_in, u32 tsc_out'],
]
