// Prints rows of our stream the way `xenalyze --dump-all` prints its records, to compare the two.
//
// The texts are those of tools/xentrace/xenalyze.c; a code without a text here is one that xenalyze
// prints nothing for, or prints raw.
import type { Clock } from '../../../src/machine/clock.js'
import type { ObservationBatch } from '../../../src/machine/observation.js'
import { LOST_RECORDS, NOBODY } from '../../../src/trace/xentrace/layout.js'

/** One record as both sides can show it. */
export interface DumpLine {
  readonly time: string
  readonly pcpu: number
  readonly current: string
  readonly text: string
}

/** The records of a dump, in its order; everything that is not a record is left out. */
export function parseDump(dump: string): DumpLine[] {
  const lines: DumpLine[] = []
  const record = /^[ \]](?:([ \d]{2}\d)(\.\d{9})| {14}) ([-|.l ]*)x[-|.l ]* (d\d+v\d+|d\?v\?) (.*)$/
  for (const line of dump.split('\n')) {
    const m = record.exec(line)
    if (m === null) continue
    const time = m[1] === undefined ? '' : `${m[1].trim()}${m[2]}`
    lines.push({ time, pcpu: m[3]?.length ?? -1, current: m[4] ?? '', text: m[5] ?? '' })
  }
  return lines
}

/** Row `i` as xenalyze would print it at `hz`; undefined where it prints nothing. */
export function dumpLine(
  batch: ObservationBatch,
  i: number,
  clock: Clock,
  hz: number,
): DumpLine | undefined {
  const code = batch.code[i] ?? 0
  const at = batch.at[i] ?? 0
  const words = batch.words.subarray(at, at + (batch.extra[i] ?? 0))
  const text = recordText(code, words)
  if (text === undefined) return undefined
  const current = currentText(batch.domid[i] ?? 0, batch.vcpu[i] ?? 0)
  const shown = code === LOST_RECORDS ? text.replace('CURRENT', current) : text
  const cycles = printedCycles(batch, i, words, clock)
  return { time: xenalyzeTime(cycles, hz), pcpu: batch.pcpu[i] ?? -1, current, text: shown }
}

function currentText(domid: number, vcpu: number): string {
  return ((domid << 16) | vcpu) >>> 0 === NOBODY ? 'd?v?' : `d${domid}v${vcpu}`
}

/** xenalyze orders a loss by when it began, and prints when it ended. */
function printedCycles(
  batch: ObservationBatch,
  i: number,
  words: Uint32Array,
  clock: Clock,
): bigint {
  if (batch.code[i] !== LOST_RECORDS) return BigInt(batch.ticks[i] ?? 0)
  return u64(words, 4) - clock.zero
}

/** Seconds and nanoseconds by xenalyze's truncated factor; nothing at 0. */
function xenalyzeTime(cycles: bigint, hz: number): string {
  const factor = (BigInt(hz) << 10n) / 1_000_000_000n
  const ns = (cycles << 10n) / factor
  if (ns <= 0n) return ''
  return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`
}

type Words = Uint32Array
const w = (words: Words, n: number): number => words[n] ?? 0
const s = (words: Words, n: number): number => w(words, n) | 0
const low = (words: Words, n: number): number => w(words, n) & 0xffff
const high = (words: Words, n: number): number => w(words, n) >>> 16
const byte = (words: Words, n: number, b: number): number => (w(words, n) >>> (8 * b)) & 0xff
const hex = (n: number | bigint): string => n.toString(16)
const u64 = (words: Words, n: number): bigint =>
  (BigInt(w(words, n + 1)) << 32n) | BigInt(w(words, n))
/** u16 vcpu, u16 domain. */
const vd = (words: Words, n: number): string => `d${high(words, n)}v${low(words, n)}`
/** u32 domain, u32 vcpu. */
const dv = (words: Words, n: number): string => `d${w(words, n)}v${w(words, n + 1)}`
/** xenalyze prints the remainder without leading zeros: 1.5us is 1005 ns. */
const us = (ns: number): string => `${Math.trunc(ns / 1000)}.${ns % 1000}us`

/** load * 100 / 2^shift as printf's %4.3f: ties to even. */
function percent(load: bigint, shift: number): string {
  const scaled = load * 100_000n
  const half = shift === 0 ? 0n : 1n << BigInt(shift - 1)
  let rounded = (scaled + half) >> BigInt(shift)
  const isTie = shift > 0 && (scaled & ((1n << BigInt(shift)) - 1n)) === half
  if (isTie && rounded % 2n === 1n) rounded -= 1n
  return `${rounded / 1000n}.${String(rounded % 1000n).padStart(3, '0')}% (${load})`
}

const RUNSTATES = ['running', 'runnable', 'blocked', 'offline']
const HYPERCALLS =
  `set_trap_table mmu_update set_gdt stack_switch set_callbacks fpu_taskswitch sched_op(compat)
  platform_op set_debugreg get_debugreg update_descriptor - memory_op multicall update_va_mapping
  set_timer_op evtchn_op(compat) xen_version console_io physdev_op(compat) grant_table_op vm_assist
  update_va_mapping_otherdomain iret vcpu_op set_segment_base mmuext_op acm_op nmi_op sched_op
  callback_op xenoprof_op evtchn_op physdev_op hvm_op sysctl domctl kexec_op`.split(/\s+/)
const GRANT_OPS = `map_grant_ref unmap_grant_ref setup_table dump_table transfer copy query_size
  unmap_and_replace set_version get_status_frames get_version swap_grant_ref`.split(/\s+/)
const VCPU_OPS = `initialise up down is_up get_runstate_info register_runstate_memory_area
  set_periodic_timer stop_periodic_timer set_singleshot_timer stop_singleshot_timer
  register_vcpu_info send_nmi get_physid register_vcpu_time_memory_area`.split(/\s+/)
const SCHED_OPS = 'yield block shutdown poll remote_shutdown shutdown_code watchdog'.split(' ')

/** The arguments that a hypercall record carries, by place; 0 where one is missing. */
function hypercallArgs(words: Words): number[] {
  let at = 1
  return [20, 22, 24, 26, 28, 30].map((shift) => {
    const size = (w(words, 0) >>> shift) & 3
    const value = size === 0 || at >= words.length ? 0 : w(words, at)
    at += size
    return value
  })
}

function hypercallText(words: Words): string {
  const op = w(words, 0) & 0xfffff
  const name = HYPERCALLS[op]
  const title = `hypercall ${hex(op).padStart(2)}${name === undefined ? '' : ` (${name})`}`
  const [a0 = 0, a1 = 0, a2 = 0] = hypercallArgs(words)
  const updates = `${a1 & 0x7fffffff} updates${a1 >>> 31 === 1 ? ' (preempted)' : ''}`
  const texts: Readonly<Record<number, string>> = {
    1: ` ${updates}`,
    13: ` ${a1 | 0} calls`,
    20: ` ${GRANT_OPS[a0] ?? `unknown (${a0})`} ${a2 | 0} ops`,
    24: ` ${VCPU_OPS[a0] ?? `unknown (${a0})`} vcpu ${a1 | 0}`,
    26: ` ${a1 | 0} ops`,
    29: ` ${SCHED_OPS[a0] ?? `unknown (${a0})`}`,
  }
  return title + (texts[op] ?? '')
}

const list = (words: Words): string => `[ ${[...words].map((x) => `${hex(x)} `).join('')}]`

const TEXTS: Readonly<Record<string, (words: Words) => string>> = {
  '0x1f001': (x) =>
    `lost_records count ${s(x, 0)} d${low(x, 1)}v${high(x, 1)} (cur CURRENT) ` +
    `first_tsc ${BigInt.asIntN(64, u64(x, 2))}`,
  '0x21002': (x) => `runstate_continue ${vd(x, 0)} running->running`,
  '0x28001': (x) => `sched_init_domain d${w(x, 0)}`,
  '0x28002': (x) => `sched_destroy_domain d${w(x, 0)}`,
  '0x28003': (x) => `vcpu_sleep ${dv(x, 0)}`,
  '0x28004': (x) => `vcpu_wake ${dv(x, 0)}`,
  '0x28005': (x) => `vcpu_yield ${dv(x, 0)}`,
  '0x28006': (x) => `vcpu_block ${dv(x, 0)}`,
  '0x28007': (x) => `sched_shutdown ${dv(x, 0)}, reason = ${w(x, 2)}`,
  '0x28010': (x) => `sched_shutdown_code ${dv(x, 0)}, reason = ${w(x, 2)}`,
  '0x28009': (x) => `sched_adjust d${w(x, 0)}`,
  '0x2800a': (x) => `sched_switch prev ${dv(x, 0)} next ${dv(x, 2)}`,
  '0x2800e': (x) => `sched_switch prev ${dv(x, 0)}, run for ${us(w(x, 2))}`,
  '0x2800f': (x) =>
    `sched_switch next ${dv(x, 0)}` +
    (w(x, 2) === 0 ? '' : `, was runnable for ${us(w(x, 2))}`) +
    (s(x, 3) > 0 ? `, next slice ${us(w(x, 3))}` : ''),
  '0x28011': (x) =>
    `sched_switch continue ${dv(x, 0)}, run for ${us(w(x, 2))}` +
    (s(x, 3) > 0 ? `, next slice ${us(w(x, 3))}` : ''),
  '0x22202': (x) => `csched2:runq_insert ${vd(x, 0)}, position ${w(x, 1)}`,
  '0x22203': (x) =>
    `csched2:burn_credits ${vd(x, 0)}, credit = ${s(x, 1)}, ` +
    (w(x, 2) === 0x8000_0000 ? '' : `budget = ${s(x, 2)}, `) +
    `delta = ${s(x, 3)}`,
  '0x22205': (x) => `csched2:tickle_check ${vd(x, 0)}, credit = ${s(x, 1)}, score = ${s(x, 2)}`,
  '0x22206': (x) => `csched2:runq_tickle cpu ${low(x, 0)}`,
  '0x22207': (x) =>
    `csched2:reset_credits ${vd(x, 0)}, credit_start = ${s(x, 1)}, credit_end = ${s(x, 2)}`,
  '0x22208': () => 'csched2:sched_tasklet',
  '0x22209': () => 'csched2:update_load',
  '0x2220a': (x) => `csched2:runq_assign ${vd(x, 0)} on rq# ${low(x, 1)}`,
  '0x2220b': (x) =>
    `csched2:update_vcpu_load ${vd(x, 2)}, vcpu_load = ${percent(u64(x, 0), w(x, 3))}`,
  '0x2220c': (x) =>
    `csched2:update_rq_load rq# ${byte(x, 4, 2)}, load = ${low(x, 4)}, ` +
    `avgload = ${percent(u64(x, 0), byte(x, 4, 3))}, ` +
    `b_avgload = ${percent(u64(x, 2), byte(x, 4, 3))}`,
  '0x2220d': (x) =>
    `csched2:runq_tickle_new ${vd(x, 0)}, processor = ${w(x, 1)}, credit = ${s(x, 2)}`,
  '0x2220e': (x) => `csched2:update_max_weight rq# ${low(x, 0)}, max_weight = ${high(x, 0)}`,
  '0x2220f': (x) => `csched2:migrate ${vd(x, 0)} rq# ${low(x, 1)} --> rq# ${high(x, 1)}`,
  '0x22210': (x) =>
    `csched2:load_balance_check lrq# ${low(x, 0)}, orq# ${high(x, 0)}, delta = ${w(x, 1)}`,
  '0x22213': (x) => `csched2:picked_cpu ${vd(x, 2)}, rq# ${low(x, 3)}, cpu ${high(x, 3)}`,
  '0x22214': (x) =>
    `csched2:runq_candidate ${vd(x, 0)}, credit = ${s(x, 2)}, ` +
    (w(x, 1) === 0xffff_ffff ? 'no cpu was tickled' : `cpu ${w(x, 1)} was tickled`),
  '0x22215': (x) =>
    `csched2:schedule cpu ${low(x, 0)}, rq# ${high(x, 0)}` +
    (byte(x, 1, 0) > 0 ? ', tasklet scheduled' : '') +
    (byte(x, 1, 1) > 0 ? `, idle, SMT ${byte(x, 1, 2) > 0 ? 'idle' : 'busy'}` : ', busy') +
    (byte(x, 1, 3) > 0 ? ', tickled' : ', not tickled'),
  '0x22216': (x) => `csched2:ratelimit, ${vd(x, 0)} run only ${us(w(x, 1))}`,
  '0x22217': (x) => `csched2:runq_cand_check ${vd(x, 0)}`,
  '0x41001': (x) => `creating domain d${w(x, 0)}`,
  '0x41002': (x) => `destroying domain d${w(x, 0)}`,
  '0x10f001': (x) => `grant-map domain ${w(x, 0)}`,
  '0x10f002': (x) => `grant-unmap domain ${w(x, 0)}`,
  '0x10f003': (x) => `grant-transfer domain ${w(x, 0)}`,
  '0x20100d': hypercallText,
  '0x20200e': (x) => ` ${hypercallText(x)}`,
  '0x201103': (x) => {
    const head = `trap ${hex(low(x, 2) & 0x7fff)} eip ${hex(u64(x, 0))}`
    return low(x, 2) >>> 15 === 1 ? `${head} ec ${hex(high(x, 2))}` : head
  },
  '0x201104': (x) => `page_fault${list(x)}`,
  '0x20110b': (x) => `ptwr l1e ${hex(u64(x, 0))} eip ${hex(u64(x, 4))} addr ${hex(u64(x, 2))}`,
  '0x802008': (x) =>
    `irq_handled irq ${hex(w(x, 0))} ${(w(x, 2) - w(x, 1)) | 0} (${s(x, 1)},${s(x, 2)})`,
}

/** The part of a line after the current vcpu. */
function recordText(code: number, words: Words): string | undefined {
  if ((code & 0xffff_f00f) === 0x21001) {
    const before = RUNSTATES[(code >>> 8) & 0xf]
    const after = RUNSTATES[(code >>> 4) & 0xf]
    return `runstate_change ${vd(words, 0)} ${before}->${after}`
  }
  return TEXTS[`0x${hex(code)}`]?.(words)
}
