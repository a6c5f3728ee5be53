import { expect, expectTypeOf, it } from 'vitest'
import { XDT_PROBES } from '../../src/dtrace/probe/xdt-probes.js'
import { traceEvents } from '../../src/machine/trace-event.js'

type Xdt = (typeof XDT_PROBES)[number]

// The probes of the xdt driver of 2009 and what it documents of their arguments.
const HISTORIC: readonly (readonly [spec: string, args: string])[] = [
  ['sched:off-cpu', 'domid vcpu ran_ns'],
  ['sched:idle-off-cpu', 'domid vcpu ran_ns'],
  ['sched:on-cpu', 'domid vcpu waited_ns slice_ns'],
  ['sched:idle-on-cpu', 'domid vcpu waited_ns slice_ns'],
  ['sched:block', 'domid vcpu'],
  ['sched:sleep', 'domid vcpu'],
  ['sched:wake', 'domid vcpu'],
  ['sched:yield', 'domid vcpu'],
  ['sched:shutdown-poweroff', 'domid vcpu'],
  ['sched:shutdown-reboot', 'domid vcpu'],
  ['sched:shutdown-suspend', 'domid vcpu'],
  ['sched:shutdown-crash', 'domid vcpu'],
  ['sched:add', 'domid vcpu'],
  ['sched:runstate-change', 'domid vcpu old_state new_state'],
  ['sched:continue-running', 'domid vcpu'],
  ['mem:page-grant-map', 'domid'],
  ['mem:page-grant-unmap', 'domid'],
  ['mem:page-grant-transfer', 'domid'],
  ['pv:hypercall', 'rip op'],
  ['pv:trap', 'rip trap has_error error_code'],
  ['pv:page-fault', 'rip address error_code'],
  ['pv:forced-invalid-op', 'rip'],
  ['pv:emulate-priv-op', 'rip'],
  ['pv:math-state-restore', ''],
  ['pv:paging-fixup', 'rip address'],
  ['pv:dt-mapping-fault', 'rip offset'],
  ['pv:pte-write-emul', 'pte address rip'],
  ['hvm:vmentry', ''],
  ['hvm:vmexit', 'exit_code rip'],
  ['hvm:pagefault-xen', 'error_code address'],
  ['hvm:pagefault-inject', 'error_code address'],
  ['hvm:exception-inject', 'trap error_code'],
  ['hvm:virq-inject', 'vector'],
  ['hvm:cr-read', 'cr value'],
  ['hvm:cr-write', 'cr value'],
  ['hvm:msr-read', 'msr value'],
  ['hvm:msr-write', 'msr value'],
  ['hvm:cpuid', 'leaf eax ebx ecx edx'],
  ['hvm:intr', ''],
  ['hvm:nmi', ''],
  ['hvm:smi', ''],
  ['hvm:mce', ''],
  ['hvm:clts', ''],
  ['hvm:intr-window', 'vector source info'],
  ['hvm:vmmcall', 'eax'],
  ['hvm:hlt', 'pending'],
  ['hvm:invlpg', 'is_invlpga address'],
  ['hvm:pio-read', 'address count size'],
  ['hvm:pio-write', 'address count size'],
  ['hvm:mmio-read', 'address count size'],
  ['hvm:mmio-write', 'address count size'],
  ['hvm:lmsw', 'value'],
  ['shadow:fault-not-shadow', 'pte address flags'],
  ['shadow:fixup', 'pte address flags'],
  ['shadow:fast-propagate', 'address'],
  ['shadow:fast-mmio', 'address'],
  ['shadow:false-fast-path', 'address'],
  ['shadow:mmio', 'address'],
  ['shadow:domf-dying', 'address'],
  ['shadow:emulate', 'pte value address flags emulation_count'],
  ['shadow:emulate-unshadow-user', 'gfn address'],
  ['shadow:emulate-unshadow-evtinj', 'gfn address'],
  ['shadow:emulate-unshadow-unhandled', 'gfn address'],
  ['shadow:wrmap-bf', 'gfn'],
  ['shadow:prealloc-unpin', 'gfn'],
  ['shadow:resync-full', 'gfn'],
  ['shadow:resync-only', 'gfn'],
  ['pm:freq-change', 'old_mhz new_mhz'],
  ['pm:idle-entry', 'cx tick'],
  ['pm:idle-exit', 'cx tick'],
  ['trace:records-lost', 'pcpu'],
]

it.each(HISTORIC)('xdt:%s keeps its historic arguments first: %s', (spec, args) => {
  const [module, name] = spec.split(':')
  const found = XDT_PROBES.filter((p) => p.module === module && p.name === name)
  expect(found).toHaveLength(1)
  const names = found[0]?.args.map((arg) => arg.name) ?? []
  const historic = args === '' ? [] : args.split(' ')
  expect(names.slice(0, historic.length)).toEqual(historic)
})

it('ids are contiguous from 7001 and names are unique in their module', () => {
  expect(XDT_PROBES.map((p) => p.id)).toEqual(XDT_PROBES.map((_, i) => 7001 + i))
  const specs = XDT_PROBES.map((p) => `${p.module}:${p.name}`)
  expect(new Set(specs).size).toBe(specs.length)
})

it('every record fires a probe, save those that only frame or join others', () => {
  const fired = new Set<number>(XDT_PROBES.flatMap((p): readonly number[] => p.records))
  const silent = traceEvents().filter((e) => !fired.has(e.id) && e.code === e.id)
  expect(silent.map((e) => e.name)).toEqual([
    'wrap_buffer',
    'cpu_change',
    'switch_infprev',
    'switch_infnext',
  ])
})

it('every probe is fired by records that exist, and they hold its arguments', () => {
  for (const probe of XDT_PROBES) {
    const events = traceEvents().filter((e) => probe.records.some((id) => id === e.id))
    expect(new Set(events.map((e) => e.id)).size).toBe(probe.records.length)
    const held = events.flatMap((e) => e.layouts.flatMap((l) => l.fields.map((f) => f.name)))
    const computed = ['count', 'size', 'ran_ns', 'waited_ns', 'slice_ns', 'pcpu', 'present', 'rip']
    const args = probe.args.map((arg) => arg.name).filter((name) => !/^(a\d|w\d)$/.test(name))
    const absent = args.filter((name) => !held.some((h) => h === name || h.endsWith(`_${name}`)))
    if (probe.name !== 'unnamed')
      expect(computed, probe.name).toEqual(expect.arrayContaining(absent))
  }
})

it('no probe has more arguments than D has argN', () => {
  for (const probe of XDT_PROBES) expect(probe.args.length, probe.name).toBeLessThanOrEqual(10)
})

it('module, name and argument names are literal types', () => {
  type Wake = Extract<Xdt, { module: 'sched'; name: 'wake' }>
  expectTypeOf<Wake['args'][number]['name']>().toEqualTypeOf<'domid' | 'vcpu'>()
  expectTypeOf<Wake['provider']>().toEqualTypeOf<'xdt'>()
  expectTypeOf<Wake['function']>().toEqualTypeOf<''>()
  type Fault = Extract<Xdt, { name: 'page-fault' }>
  expectTypeOf<Fault['args'][1]['name']>().toEqualTypeOf<'address'>()
  expectTypeOf<Extract<Xdt, { name: 'no-such' }>>().toEqualTypeOf<never>()
})
