// What xl says to nonsense, and that a machine is as it was afterwards: no frame, no channel, no
// domain is lost.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSimulator, type SimMachine } from '../../src/backend/sim/sim-machine.js'

const ERAS = ['xen-4.17', 'xen-4.20'] as const

function host(era: string): SimMachine {
  return createSimulator({ era, seed: 1, memoryMiB: 2048, dom0MemoryMiB: 512 })
}

/** What must be the same after everything that was made is gone. */
function left(machine: SimMachine) {
  const { frames, channels } = machine.hypervisor
  const ids = machine.world.domains().map((d) => d.domid)
  return { free: frames.free, xen: frames.xen, channels: channels.count(0), ids }
}

const tail = (domid: number, lines: readonly [number, number, number]) => [
  `libxl: error: libxl_domain.c:${lines[0]}:libxl__destroy_domid: Domain ${domid}:Non-existant domain`,
  `libxl: error: libxl_domain.c:${lines[1]}:domain_destroy_callback: Domain ${domid}:Unable to destroy guest`,
  `libxl: error: libxl_domain.c:${lines[2]}:domain_destroy_cb: Domain ${domid}:Destruction of domain failed`,
]
const IN_4_17 = [1183, 1137, 1064] as const
const NO_MEMORY = [
  "xc: error: panic: xg_dom_boot.c:119: xc_dom_boot_mem_init: can't allocate low memory for domain: Out of memory",
  'libxl: error: libxl_dom.c:586:libxl__build_dom: xc_dom_boot_mem_init failed: Cannot allocate memory',
  'libxl: error: libxl_create.c:1638:domcreate_rebuild_done: Domain 1:cannot (re-)build domain: -3',
  ...tail(1, IN_4_17),
]

it.each([
  { words: 'create tiny memory=-5', status: 3, says: ['Parsing config from tiny', ...NO_MEMORY] },
  { words: 'create tiny memory=9999', status: 3, says: ['Parsing config from tiny', ...NO_MEMORY] },
  {
    words: 'create tiny vcpus=10000',
    status: 3,
    says: [
      'Parsing config from tiny',
      'libxl: error: libxl_create.c:709:libxl__domain_make: domain creation fail: Invalid argument',
      'libxl: error: libxl_create.c:1294:initiate_domain_create: cannot make domain: -3',
    ],
  },
  {
    words: 'create tiny type=hvm',
    status: 3,
    says: [
      'Parsing config from tiny',
      'libxl: error: libxl_create.c:709:libxl__domain_make: domain creation fail: Invalid argument',
      'libxl: error: libxl_create.c:1294:initiate_domain_create: cannot make domain: -3',
    ],
  },
  {
    words: 'create tiny memory=32',
    status: 3,
    says: [
      'Parsing config from tiny',
      'xc: error: panic: xg_dom_core.c:536: xc_dom_chk_alloc_pages: segment kernel too large (0x3a00 > 0x2000 - 0x1000 pages): Out of memory',
      'libxl: error: libxl_dom.c:594:libxl__build_dom: xc_dom_build_image failed: Cannot allocate memory',
      'libxl: error: libxl_create.c:1638:domcreate_rebuild_done: Domain 1:cannot (re-)build domain: -3',
      ...tail(1, IN_4_17),
    ],
  },
  {
    words: 'create tiny name=Domain-0',
    status: 3,
    says: [
      'Parsing config from tiny',
      'libxl: error: libxl_domain.c:81:libxl__domain_rename: Domain 1:Domain with name "Domain-0" already exists.',
      'libxl: error: libxl_create.c:1294:initiate_domain_create: Domain 1:cannot make domain: -6',
      ...tail(1, IN_4_17),
    ],
  },
  {
    words: 'destroy 0',
    status: 1,
    says: [
      'Not destroying domain 0; use -f to force.',
      'This can only be done when using a disaggregated hardware domain and toolstack.',
    ],
  },
  {
    words: 'destroy -f 0',
    status: 1,
    says: [
      'libxl: error: libxl_domain.c:1219:destroy_domid_pci_done: xc_domain_pause failed',
      'libxl: error: libxl_domain.c:1616:domain_destroy_domid_cb: xc_domain_destroy failed: Invalid argument',
      'libxl: error: libxl_domain.c:1137:domain_destroy_callback: Unable to destroy guest',
      'libxl: error: libxl_domain.c:1064:domain_destroy_cb: Destruction of domain failed',
      'destroy failed (rc=-3)',
    ],
  },
  {
    words: 'destroy 77',
    status: 1,
    says: [...tail(77, IN_4_17), 'destroy failed (rc=-21)'],
  },
  {
    words: 'pause 77',
    status: 0,
    says: [
      'libxl: error: libxl_domain.c:587:libxl_domain_pause: Domain 77:Pausing domain: No such process',
    ],
  },
  {
    words: 'unpause 77',
    status: 0,
    says: [
      'libxl: error: libxl_dom.c:37:libxl__domain_type: unable to get domain type for domid=77',
    ],
  },
  {
    words: 'pause 0',
    status: 0,
    says: ['libxl: error: libxl_domain.c:587:libxl_domain_pause: Pausing domain: Invalid argument'],
  },
  {
    words: 'unpause nosuch',
    status: 1,
    says: ['nosuch is an invalid domain identifier (rc=-6)'],
  },
  {
    words: 'create nosuch',
    status: 3,
    says: ['Failed to read config file: nosuch: No such file or directory'],
  },
  { words: 'create', status: 6, says: ['Config file not specified and none in save file'] },
  { words: 'mem-set 0 -5', status: 2, says: ["option `5' not supported."] },
  {
    words: 'mem-set 0 64',
    status: 1,
    says: [
      'libxl: error: libxl_mem.c:287:libxl_set_memory_target: New target 65536 for dom0 is below the minimum threshold',
      'cannot set domid 0 dynamic max memory to : 64',
    ],
  },
  { words: 'mem-max 0 much', status: 1, says: ['invalid memory size: much'] },
  {
    words: 'vcpu-pin 0 9 1',
    status: 1,
    says: [
      'libxl: error: libxl_sched.c:62:libxl__set_vcpuaffinity: Setting vcpu affinity: No such process',
      "Could not set affinity for vcpu `9'.",
    ],
  },
  {
    words: 'vcpu-set 0 10000',
    status: 1,
    says: [
      'You are overcommmitting! You have 4 physical CPUs and want 10000 vCPUs! Aborting, use --ignore-host to continue',
    ],
  },
  {
    words: 'vcpu-set -i 0 10000',
    status: 1,
    says: [
      'libxl: error: libxl_domain.c:1869:libxl_set_vcpuonline: Requested 10000 VCPUs, however maxcpus is 2!',
      'libxl_set_vcpuonline failed domid=0 max_vcpus=10000, rc: -3',
    ],
  },
  {
    words: '-N destroy 0',
    status: 1,
    says: ['command does not implement -N (dryrun) option'],
  },
  { words: 'console 0', status: 1, says: ['Unable to attach console'] },
  { words: 'nonsense', status: 1, says: ['command not implemented'] },
])('xl $words: in its own words, with status $status', ({ words, status, says }) => {
  const machine = host('xen-4.17')
  const before = left(machine)
  const outcome = machine.command(['xl', ...words.split(' ')])
  expect(outcome.stderr.split('\n').filter((line) => line !== '')).toEqual(says)
  expect(outcome.status).toBe(status)
  machine.run(1_000_000_000)
  expect(left(machine)).toEqual(before)
})

const name = fc.constantFrom('a', 'b', 'c')
const whom = fc.oneof(name, fc.constantFrom('0', '1', '2', '77', 'nosuch', ''))
const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map(String),
  fc.constantFrom('10000', '99999999999', 'x', '', '1g', '0x10', '96', '160'),
)
const line: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc
    .tuple(name, number, number)
    .map(([n, memory, vcpus]) => [
      'create',
      'tiny',
      `name=${n}`,
      `memory=${memory}`,
      `vcpus=${vcpus}`,
    ]),
  name.map((n) => ['create', 'tiny', `name=${n}`]),
  fc
    .tuple(fc.constantFrom('pause', 'unpause', 'destroy', 'shutdown', 'list', 'vcpu-list'), whom)
    .map(([command, domain]) => [command, domain]),
  fc
    .tuple(fc.constantFrom('mem-set', 'mem-max', 'vcpu-set', 'rename'), whom, number)
    .map(([command, domain, value]) => [command, domain, value]),
  fc.tuple(whom, number, number).map(([domain, v, p]) => ['vcpu-pin', domain, v, p]),
  fc.tuple(whom, number).map(([domain, w]) => ['sched-credit2', '-d', domain, '-w', w]),
  fc.tuple(fc.constantFrom('save', 'migrate'), whom).map(([c, domain]) => [c, domain, 'localhost']),
  fc.constant(['restore', 'localhost']),
  fc.tuple(whom, name).map(([d, v]) => ['block-attach', d, `phy:/dev/x,xvd${v},w`]),
  fc.tuple(whom, name).map(([d, v]) => ['block-detach', d, `xvd${v}`]),
)

it('whatever xl is told, frames are conserved and everything can be given back', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ERAS), fc.array(line, { maxLength: 8 }), (era, lines) => {
      const machine = host(era)
      const before = left(machine)
      const { frames } = machine.hypervisor
      for (const words of lines) {
        const { status } = machine.command(['xl', ...words])
        expect(Number.isInteger(status) && status >= 0 && status < 256).toBe(true)
        const owned = machine.world.domains().reduce((sum, d) => sum + d.pages, 0)
        expect(frames.free + frames.xen + frames.retired + owned).toBe(frames.total)
      }
      machine.run(8_000_000_000)
      for (const { domid } of machine.world.domains().slice(1)) {
        machine.command(['xl', 'destroy', String(domid)])
      }
      machine.run(3_000_000_000)
      const dom0 = frames.ownedBy(0)
      expect({ ...left(machine), free: frames.free + dom0 }).toEqual({
        ...before,
        free: before.free + 512 * 256,
      })
      expect(machine.processes.areIdle).toBe(true)
    }),
    { numRuns: 60 },
  )
}, 60_000)
