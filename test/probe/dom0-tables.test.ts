import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planFirings } from '../../src/dtrace/probe/fire-dom0-plan.js'
import { PRIVCMD_PROBES } from '../../src/dtrace/probe/privcmd-probes.js'
import { XPV_PROBES } from '../../src/dtrace/probe/xpv-probes.js'
import { callShape } from '../../src/machine/hypercall.js'
import { CALL_NONE } from '../../src/machine/observation.js'

// What dtrace -l -P xpv printed, and the argument types of sdt_subr.c.
const HISTORIC = `
6295 privcmd privcmd_HYPERVISOR_mmuext_op mmu-ext-op-end (int)
6296 privcmd privcmd_HYPERVISOR_mmuext_op mmu-ext-op-start (int, struct mmuext_op *)
6297 privcmd privcmd_HYPERVISOR_event_channel_op evtchn-op-end (int)
6298 privcmd privcmd_HYPERVISOR_event_channel_op evtchn-op-start (int, void *)
6299 privcmd privcmd_HYPERVISOR_memory_op set-memory-map-end (int)
6300 privcmd privcmd_HYPERVISOR_memory_op add-to-physmap-end (int)
6301 privcmd privcmd_HYPERVISOR_memory_op populate-physmap-end (int)
6302 privcmd privcmd_HYPERVISOR_memory_op decrease-reservation-end (int)
6303 privcmd privcmd_HYPERVISOR_memory_op increase-reservation-end (int)
6304 privcmd privcmd_HYPERVISOR_memory_op populate-physmap-start (domid_t, ulong_t, ulong_t *)
6305 privcmd privcmd_HYPERVISOR_memory_op decrease-reservation-start (domid_t, ulong_t, uint_t, ulong_t *)
6306 privcmd privcmd_HYPERVISOR_memory_op increase-reservation-start (domid_t, ulong_t, uint_t, ulong_t *)
6307 privcmd privcmd_HYPERVISOR_memory_op add-to-physmap-start (domid_t, uint_t, ulong_t, ulong_t)
6308 privcmd privcmd_HYPERVISOR_memory_op set-memory-map-start (domid_t, int, struct xen_memory_map *)
6309 privcmd privcmd_HYPERVISOR_domctl setvcpucontext-end (int)
6310 privcmd privcmd_HYPERVISOR_domctl dom-unpause-end (int)
6311 privcmd privcmd_HYPERVISOR_domctl dom-pause-end (int)
6312 privcmd privcmd_HYPERVISOR_domctl dom-destroy-end (int)
6313 privcmd privcmd_HYPERVISOR_domctl dom-create-end (int)
6314 privcmd privcmd_HYPERVISOR_domctl dom-create-start (xen_domctl_t *)
6315 privcmd privcmd_HYPERVISOR_domctl dom-destroy-start (domid_t)
6316 privcmd privcmd_HYPERVISOR_domctl dom-pause-start (domid_t)
6317 privcmd privcmd_HYPERVISOR_domctl dom-unpause-start (domid_t)
6318 privcmd privcmd_HYPERVISOR_domctl setvcpucontext-start (domid_t, vcpu_guest_context_t *)
6319 privcmd privcmd_HYPERVISOR_mmu_update mmu-update-end (int)
6320 privcmd privcmd_HYPERVISOR_mmu_update mmu-update-start (int, int, mmu_update_t *)
6321 privcmd do_privcmd_mmapbatch mmapbatch-end (int, struct seg *, caddr_t)
6322 privcmd do_privcmd_mmapbatch mmapbatch-start (domid_t, int, caddr_t)
6323 privcmd do_privcmd_mmap mmap-end (int)
6324 privcmd do_privcmd_mmap mmap-entry (ulong_t, ulong_t, ulong_t)
6325 privcmd do_privcmd_mmap mmap-start (domid_t, int, privcmd_mmap_entry_t *)
6326 unix register_xenbus_watch xenbus-register-watch ()
6327 unix unregister_xenbus_watch xenbus-unregister-watch ()
6328 unix process_msg xenbus-enqueue-watch ()
6329 unix xenwatch_thread xenbus-fire-watch ()
`

it('the historic provider is exactly what it was', () => {
  const rows = XPV_PROBES.map((p) => {
    const types = p.args.map((arg: { readonly type: string }) => arg.type).join(', ')
    return `${p.id} ${p.module} ${p.function} ${p.name} (${types})`
  })
  expect(rows).toEqual(HISTORIC.trim().split('\n'))
  expect(new Set(XPV_PROBES.map((p) => p.provider))).toEqual(new Set(['xpv']))
})

it.each([
  ['domctl:createdomain:entry', 8503],
  ['domctl:createdomain:return', 8504],
  ['domctl:domctl:entry', 8073],
  ['domctl:gdbsx_domstatus:return', 8756],
  ['sysctl:physinfo:entry', 8807],
  ['platform_op:resource_op:entry', 9123],
  ['mca:fetch:entry', 9203],
  ['memory_op:populate_physmap:entry', 9413],
  ['event_channel_op:alloc_unbound:return', 9614],
  ['mmuext_op:pin_l4_table:entry', 9807],
  ['xsm_op:xsm_op:entry', 8055],
  ['ioctl:mmapbatch_v2:entry', 8209],
  ['ioctl:ioctl:return', 8300],
  ['hypercall:hypercall:entry', 8129],
  ['evtchn:notify:call', 8305],
  ['file:buf_mmap:call', 8404],
  ['trace_marker:tracing_mark_write:mark', 8451],
])('the id of privcmd:%s never changes', (spec, id) => {
  const found = PRIVCMD_PROBES.find((p) => `${p.module}:${p.function}:${p.name}` === spec)
  expect(found?.id).toBe(id)
})

it('ids and names of privcmd are unique, ids ascend, arguments fit arg0 to arg9', () => {
  const ids = PRIVCMD_PROBES.map((p) => p.id)
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  expect(ids[0]).toBeGreaterThanOrEqual(8001)
  const names = PRIVCMD_PROBES.map((p) => `${p.module}:${p.function}:${p.name}`)
  expect(new Set(names).size).toBe(names.length)
  for (const probe of PRIVCMD_PROBES) expect(probe.args.length).toBeLessThanOrEqual(10)
})

it('a return carries the result, then what its entry carries', () => {
  for (const probe of PRIVCMD_PROBES) {
    if (probe.name !== 'return') continue
    const entry = PRIVCMD_PROBES.find((p) => p.id === probe.id - 1)
    expect(entry).toMatchObject({ name: 'entry', module: probe.module, function: probe.function })
    const [result, ...rest] = probe.args
    expect(result?.name).toBe('result')
    expect(rest).toEqual(entry?.args)
  }
})

it('every call there can be has its probe', () => {
  const all = new Set(PRIVCMD_PROBES.map((p): number => p.id))
  const number = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constant(CALL_NONE), fc.nat())
  const ioctl = fc.integer({ min: 0, max: 0xffff_ffff })
  fc.assert(
    fc.property(ioctl, number, number, (cmd, op, subop) => {
      const call = { ioctl: cmd, op, subop }
      const { module } = callShape(call)
      const isDevice = module === 'evtchn' || module === 'gntdev' || module === 'file'
      for (const moment of isDevice ? (['call'] as const) : (['entry', 'return'] as const)) {
        const fired = planFirings(call, moment, all)
        expect(fired).toHaveLength(1)
        const probe = PRIVCMD_PROBES.find((p) => p.id === fired[0]?.probe)
        expect(probe).toMatchObject({ module, name: moment })
        expect(fired[0]?.args).toHaveLength(probe?.args.length ?? -1)
      }
    }),
    { numRuns: 500, examples: [[CALL_NONE, CALL_NONE, CALL_NONE]] },
  )
})

it('an ioctl of another driver passed to privcmd is an ioctl without a name', () => {
  const all = new Set(PRIVCMD_PROBES.map((p): number => p.id))
  const notify = { ioctl: 0x44504, op: CALL_NONE, subop: CALL_NONE }
  expect(planFirings(notify, 'entry', all)).toEqual([{ probe: 8299, args: [{ kind: 'ioctl' }] }])
  const nothing = { ioctl: CALL_NONE, op: CALL_NONE, subop: CALL_NONE }
  expect(planFirings(nothing, 'entry', all)).toMatchObject([{ probe: 8299 }])
})

const none = { ioctl: CALL_NONE, op: CALL_NONE, subop: CALL_NONE }
const named = (call: Partial<typeof none>): string => {
  const { module, function: inFunction } = callShape({ ...none, ...call })
  return `${module}:${inFunction}`
}

it.each([
  [12, 6, 'memory_op:populate_physmap'],
  [36, 83, 'domctl:set_cpu_policy'],
  [7, 61, 'platform_op:resource_op'],
  [48, 1, 'mca:fetch'],
  [13, CALL_NONE, 'multicall:multicall'],
  [27, 1, 'xsm_op:xsm_op'],
  [36, 999, 'domctl:domctl'],
  [11, CALL_NONE, 'hypercall:hypercall'],
  [56, CALL_NONE, 'hypercall:hypercall'],
])('hypercall %i, %i has the name of the public headers: %s', (op, subop, name) => {
  expect(named({ op, subop })).toBe(name)
})

it.each([
  [0x305000, 'ioctl:hypercall'],
  [0x105002, 'ioctl:mmap'],
  [0x185003, 'ioctl:mmapbatch'],
  [0x205003, 'ioctl:mmapbatch'],
  [0x205004, 'ioctl:mmapbatch_v2'],
  [0x105005, 'ioctl:dm_op'],
  [0x205007, 'ioctl:mmap_resource'],
  [0x84501, 'evtchn:bind_interdomain'],
  [0x44504, 'evtchn:notify'],
  [0x184700, 'gntdev:map_grant_ref'],
  [0x50ff, 'ioctl:ioctl'],
  [0x1234, 'ioctl:ioctl'],
])('ioctl %i goes by type and number, whatever size a header gave it: %s', (ioctl, name) => {
  expect(named({ ioctl })).toBe(name)
})
