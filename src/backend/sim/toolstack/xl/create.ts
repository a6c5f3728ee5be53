// Create: a domain is made, its vcpus and memory limits set, built or restored, given its nodes and
// devices, introduced; then it runs, and an xl stays behind to see its end.
//
//   createdomain -> name -> max_vcpus, NUMA, max_mem, ports -> build | restore -> weights
//     -> xenstore -> console -> devices -> unpausedomain -> [xl stays]
//
// Holds: what fails takes the domain with it, as libxl does, and then once more, as xl does.
// Source: tools/libs/light/libxl_create.c, libxl_dom.c, libxl_numa.c; tools/xl/xl_vmcontrol.c; the
// recorded xl agrees, call by call.

import { pcpuList } from '../guest-config.js'
import { imageOf } from '../images.js'
import { buildPv } from './build.js'
import { consoleAdded, heardOf, introduce } from './daemons.js'
import { destroyDomain } from './destroy.js'
import { addDisk, addInterface } from './devices.js'
import { configPath, type DomainSpec, dashed, printJson, specToJson } from './domain-spec.js'
import { LIBXL_FAIL, LIBXL_INVAL } from './errors.js'
import { layoutOf } from './layout.js'
import { halves, type Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { startMonitor } from './monitor.js'
import { restorePv } from './restore.js'
import type { SavedGuest } from './saved-guest.js'
import {
  AFFINITY_HARD,
  AFFINITY_SOFT,
  CPUMAP_BYTES,
  GUEST_LEAVES,
  HOST_LEAVES,
  LEAF_BYTES,
  NODE_BYTES,
  SLACK_KIB,
  TOPOLOGY_BYTES,
} from './structures.js'
import { setWeight } from './weight.js'

/** How a domain comes to be, and what becomes of xl. */
interface Creation {
  /** What it is restored from; built where absent. */
  readonly saved?: SavedGuest
  readonly isPaused: boolean
  /** An xl waits for its end in the background. */
  readonly isMonitored: boolean
}

const ANY_DOMID = 0xffff
/** The security context of a guest, whoever asks. */
const SSID_DOMU = 12
/** XEN_DOMCTL_CDF_hvm. */
const FLAG_HVM = 1
const E820_ENTRY = 20
const FEATURE_WORDS = 19
/** Nodes of a console. */
const CONSOLE_NODES = 8

/** Makes a domain run: its id, or a number of libxl's errors, whose words are said. */
export function* createDomain(xl: Libxl, spec: DomainSpec, how: Creation): Steps<number> {
  const made = yield* makeDomain(xl, spec, how)
  if (made.rc !== 0) {
    if (made.domid > 0) yield* destroyDomain(xl, made.domid)
    return made.rc
  }
  const { domid } = made
  if (!how.isPaused) yield* unpauseDomain(xl, domid)
  if (how.isMonitored) yield* startMonitor(xl, domid, spec.name)
  return domid
}

/** Lets a domain run: 0, or libxl's error. */
export function* unpauseDomain(xl: Libxl, domid: number): Steps<number> {
  if ((yield* xl.type(domid)) === undefined) return LIBXL_FAIL
  const { result } = yield* xl.xc.domctl('unpausedomain', domid)
  if (result < 0) xl.error('unpausing', 'Unpausing domain', { domid, errno: result })
  return result < 0 ? LIBXL_FAIL : 0
}

interface Made {
  readonly rc: number
  /** 0 where none was made. */
  readonly domid: number
}

function* makeDomain(xl: Libxl, spec: DomainSpec, how: Creation): Steps<Made> {
  yield* xl.physinfo()
  yield* xl.physinfo()
  const domid = yield* newDomain(xl, spec)
  if (domid < 0) return { rc: LIBXL_FAIL, domid: 0 }
  const named = yield* nameDomain(xl, domid, spec)
  if (named !== 0) {
    xl.error('unmade', `cannot make domain: ${named}`, { domid })
    return yield* undone(xl, domid)
  }
  const isBuilt =
    (yield* prepare(xl, domid, spec)) &&
    (yield* how.saved === undefined ? buildNew(xl, domid, spec) : restorePv(xl, domid, how.saved))
  const rc = isBuilt ? yield* setWeight(xl, domid, spec) : LIBXL_FAIL
  if (rc !== 0) {
    xl.error('unbuilt', `cannot (re-)build domain: ${rc}`, { domid })
    return yield* undone(xl, domid)
  }
  yield* introduced(xl, domid, spec)
  return { rc: 0, domid }
}

/** libxl takes back what it made; xl will try again. */
function* undone(xl: Libxl, domid: number): Steps<Made> {
  yield* destroyDomain(xl, domid)
  return { rc: LIBXL_FAIL, domid }
}

/** createdomain: the new id, or an error below 0, which is said. */
function* newDomain(xl: Libxl, spec: DomainSpec): Steps<number> {
  const words = [0, 8, 16, 24].map((n) => littleEndian(spec.uuid.slice(n, n + 8)))
  const [a = 0, b = 0, c = 0, d = 0] = words
  const flags = spec.isHvm ? FLAG_HVM : 0
  const args = { u0: halves(SSID_DOMU, a), u1: halves(b, c), u2: halves(d, flags) }
  const more = { handle: spec.uuid, vcpus: spec.maxVcpus, hvm: spec.isHvm }
  const made = yield* xl.xc.domctl('createdomain', ANY_DOMID, args, { more })
  if (made.result < 0) {
    xl.error('making', 'domain creation fail', { errno: made.result })
    xl.error('unmade', `cannot make domain: ${LIBXL_FAIL}`)
    return made.result
  }
  const domid = Number(made.out['domid'])
  if (xl.minor >= 20) yield* xl.xc.domctl('set_llc_colors', domid)
  return domid
}

/** Its first nodes; a name belongs to one domain only. */
function* nameDomain(xl: Libxl, domid: number, spec: DomainSpec): Steps<number> {
  yield* heardOf(domid)
  const root = `/local/domain/${domid}`
  yield { kind: 'store', path: `${root}/vm`, value: `/vm/${dashed(spec.uuid)}` }
  const holder = yield* xl.named(spec.name)
  if (holder !== undefined && holder !== domid) {
    xl.error('renaming', `Domain with name "${spec.name}" already exists.`, { domid })
    return LIBXL_INVAL
  }
  yield { kind: 'store', path: `${root}/name`, value: spec.name }
  yield* xl.info(domid)
  yield { kind: 'store', path: `/vm/${dashed(spec.uuid)}/name`, value: spec.name }
  yield { kind: 'store', path: `/vm/${dashed(spec.uuid)}/uuid`, value: dashed(spec.uuid) }
  yield { kind: 'store', path: `${root}/control/shutdown`, value: '' }
  yield { kind: 'store', path: `/libxl/${domid}/type`, value: 'pv' }
  return 0
}

/** Vcpus, where they shall run, memory, channels. */
function* prepare(xl: Libxl, domid: number, spec: DomainSpec): Steps<boolean> {
  const { xc } = xl
  const vcpus = yield* xc.domctl('max_vcpus', domid, { u0: spec.maxVcpus })
  if (vcpus.result < 0) {
    xl.error('maxVcpus', "Couldn't set max vcpu count")
    return false
  }
  const isPlaced =
    spec.pcpus === ''
      ? yield* placeOnNodes(xl, domid, spec.maxVcpus)
      : yield* pinned(xl, domid, spec)
  if (!isPlaced) return false
  const limit = BigInt.asUintN(64, BigInt(Math.trunc(spec.targetKib + SLACK_KIB)))
  yield* xc.domctl('max_mem', domid, { u0: limit })
  for (let n = 0; n < 2; n++) yield* xc.evtchnOp('alloc_unbound', { domid, remote_domid: 0 })
  yield* xc.memoryOp('set_memory_map', { domid, nr_entries: 1 }, { lists: [E820_ENTRY] })
  yield* xc.domctl('settscinfo', domid)
  return true
}

/** A domain without affinity: there is one node, so its vcpus would rather run anywhere. */
function* placeOnNodes(xl: Libxl, domid: number, vcpus: number): Steps<boolean> {
  const { xc } = xl
  yield* xl.nodes()
  yield* xl.look(domid)
  yield* xc.sysctl('cpupool_op', 3, { lists: [CPUMAP_BYTES] })
  yield* xc.sysctl('numainfo')
  yield* xc.sysctl('numainfo', 1, { lists: [NODE_BYTES, NODE_BYTES] })
  yield* xc.sysctl('cputopoinfo')
  const pcpus = xl.world.onlinePcpus.length
  yield* xc.sysctl('cputopoinfo', pcpus, { lists: [pcpus * TOPOLOGY_BYTES] })
  for (let v = 0; v < vcpus; v++) {
    const args = { u0: halves(v, AFFINITY_SOFT) }
    yield* xc.domctl('setvcpuaffinity', domid, args, { lists: [CPUMAP_BYTES] })
  }
  yield* xc.domctl('setnodeaffinity', domid, {}, { lists: [CPUMAP_BYTES] })
  return true
}

/** A domain that says where it may run. */
function* pinned(xl: Libxl, domid: number, spec: DomainSpec): Steps<boolean> {
  const more = pcpuList(spec.pcpus, xl.world.onlinePcpus.length) ?? []
  for (let v = 0; v < spec.maxVcpus; v++) {
    const args = { u0: halves(v, AFFINITY_HARD) }
    const passing = { lists: [CPUMAP_BYTES], more }
    const { result } = yield* xl.xc.domctl('setvcpuaffinity', domid, args, passing)
    if (result >= 0) continue
    xl.error('affinity', 'Setting vcpu affinity', { domid, errno: result })
    xl.error('affinityFailed', `setting affinity failed on vcpu \`${v}'`)
    return false
  }
  return true
}

/** A new domain gets its CPUID policy, then its memory. */
function* buildNew(xl: Libxl, domid: number, spec: DomainSpec): Steps<boolean> {
  const { xc } = xl
  yield* xc.domctl('getdomaininfo', domid)
  yield* xc.sysctl('get_cpu_policy')
  const words = halves(1, FEATURE_WORDS)
  yield* xc.sysctl('get_cpu_featureset', words, { lists: [4 * FEATURE_WORDS] })
  const room = halves(4, HOST_LEAVES)
  const msrs = 2 * LEAF_BYTES
  yield* xc.sysctl('get_cpu_policy', room, { lists: [HOST_LEAVES * LEAF_BYTES, msrs] })
  const args = { u0: GUEST_LEAVES }
  yield* xc.domctl('set_cpu_policy', domid, args, { lists: [GUEST_LEAVES * LEAF_BYTES] })
  return yield* buildPv(xl, domid, spec)
}

/** Its nodes, its console; then what its devices need. */
function* introduced(xl: Libxl, domid: number, spec: DomainSpec): Steps<void> {
  const root = `/local/domain/${domid}`
  yield* nodes(root, {
    'memory/static-max': spec.maxKib,
    'memory/target': spec.targetKib,
    'memory/videoram': -1,
    domid,
    'store/port': 1,
    'store/ring-ref': ringFrame(xl, domid, { spec, ring: 'xenstore' }),
  })
  for (let v = 0; v < spec.maxVcpus; v++) {
    const value = v < spec.vcpus ? 'online' : 'offline'
    yield { kind: 'store', path: `${root}/cpu/${v}/availability`, value }
  }
  const start = Number((xl.world.host.bootedAt + BigInt(xl.world.nowNs)) / 10_000_000n) / 100
  yield { kind: 'store', path: `/vm/${dashed(spec.uuid)}/start_time`, value: start.toFixed(2) }
  yield* introduce(xl.world, domid, 1)
  for (const disk of spec.disks) {
    yield* xl.type(domid)
    yield* addDisk(domid, disk)
  }
  yield* consoleOf(xl, domid, spec)
  for (const [n, words] of spec.vifs.entries()) {
    yield* xl.type(domid)
    yield* addInterface(domid, n, { words, seed: xl.world.host.seed })
  }
  yield* stored(xl, domid, spec)
}

/** The primary console: eight nodes, which xenconsoled hears of one by one. */
function* consoleOf(xl: Libxl, domid: number, spec: DomainSpec): Steps<void> {
  const root = `/local/domain/${domid}/console`
  yield* nodes(root, {
    backend: `/local/domain/0/backend/console/${domid}/0`,
    'backend-id': 0,
    limit: 1048576,
    type: 'xenconsoled',
    output: 'pty',
    tty: '',
    port: 2,
    'ring-ref': ringFrame(xl, domid, { spec, ring: 'console' }),
  })
  yield* consoleAdded(domid, 2, CONSOLE_NODES)
  yield { kind: 'store', path: `${root}/tty`, value: `/dev/pts/${domid}` }
}

/** Its configuration is kept in dom0's files. */
function* stored(xl: Libxl, domid: number, spec: DomainSpec): Steps<void> {
  yield* xl.lock(domid)
  yield* xl.info(domid)
  yield* xl.info(domid)
  const content = printJson(specToJson(spec, xl.world.era.scheduler))
  yield { kind: 'file', path: configPath(domid, spec.uuid), content: `${content}\n` }
}

/** The frame of a ring that the builder made. */
function ringFrame(
  xl: Libxl,
  domid: number,
  of: { readonly spec: DomainSpec; readonly ring: 'xenstore' | 'console' },
): number {
  const kernelPages = imageOf(of.spec.kernel)?.pages ?? 0
  const layout = layoutOf({ pages: 0, kernelPages, ramdiskPages: 0 })
  return xl.world.frameOf(domid, layout[of.ring]) ?? 0
}

/** Eight digits of a uuid as the 32-bit word that its bytes are. */
function littleEndian(digits: string): number {
  const bytes = digits.match(/../g) ?? []
  return Number.parseInt(bytes.reverse().join(''), 16) >>> 0
}

function* nodes(root: string, values: Readonly<Record<string, string | number>>): Steps<void> {
  for (const [key, value] of Object.entries(values)) {
    yield { kind: 'store', path: `${root}/${key}`, value: String(value) }
  }
}
