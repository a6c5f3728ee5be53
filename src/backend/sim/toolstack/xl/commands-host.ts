// Commands about the host: info, dmesg, debug-keys.
//
// Source: tools/xl/xl_info.c.

import { pcpuPlace } from '../../../../machine/pcpu-place.js'
import { FRAME_BYTES, FRAMES_PER_MIB } from '../../frames.js'
import { pcpuCount } from '../../host-config.js'
import { processorNamed } from '../../processor.js'
import { xenBuild } from '../../xen-build.js'
import type { Commands } from './command.js'
import type { Steps } from './libxc.js'
import type { Libxl } from './libxl.js'
import { CPUMAP_BYTES, NODE_BYTES, TOPOLOGY_BYTES } from './structures.js'

const RING_BYTES = 16_384
const POOL_FREE_INFO = 7

/** These commands. */
export const HOST_COMMANDS: Commands = {
  info: {
    options: { letters: 'nh', long: { numa: 'n' } },
    least: 0,
    *run(xl, { flags, words: [name] }) {
      const rows = [...nodeRows(xl), ...(yield* physRows(xl))]
      if (flags.has('n')) rows.push(...(yield* numaRows(xl)))
      yield* xl.xc.sysctl('sched_id')
      rows.push(...xenRows(xl), ['xend_config_format', '4'])
      for (const row of rows) {
        if (typeof row === 'string') xl.output.print(`${row}\n`)
        else if (name === undefined || flags.has('n')) {
          xl.output.print(`${row[0].padEnd(22)} : ${row[1]}\n`)
        } else if (`${row[0].padEnd(22)} : `.startsWith(name)) xl.output.print(`${row[1]}\n`)
      }
      return 0
    },
  },
  dmesg: {
    options: { letters: 'ch', long: { clear: 'c' } },
    least: 0,
    *run(xl, { flags }) {
      const text = xl.world.consoleRing()
      const clear = flags.has('c') ? 1 : 0
      yield* xl.xc.sysctl('readconsole', clear, { lists: [RING_BYTES] })
      xl.output.print(text)
      return 0
    },
  },
  'debug-keys': {
    options: { letters: 'h' },
    least: 1,
    *run(xl, { words: [keys = ''] }) {
      yield* xl.xc.sysctl('debug_keys', keys.length, { lists: [keys.length] })
      return 0
    },
  },
}

type Row = readonly [label: string, value: string | number] | string

function nodeRows({ world }: Libxl): Row[] {
  const { dom0Release, dom0Version } = xenBuild(world.era, world.host)
  return [
    ['host', world.host.name],
    ['release', dom0Release],
    ['version', dom0Version],
    ['machine', 'x86_64'],
  ]
}

function* physRows(xl: Libxl): Steps<Row[]> {
  yield* xl.physinfo()
  yield* xl.xc.sysctl('cpupool_op', POOL_FREE_INFO, { lists: [CPUMAP_BYTES] })
  const { host, onlinePcpus, totalPages, freePages, claimedPages } = xl.world
  const khz = Math.floor(host.cpuHz / 1000)
  return [
    ['nr_cpus', onlinePcpus.length],
    ['max_cpu_id', pcpuCount(host) - 1],
    ['nr_nodes', 1],
    ['cores_per_socket', host.coresPerSocket],
    ['threads_per_core', host.threadsPerCore],
    ['cpu_mhz', `${Math.floor(khz / 1000)}.${String(khz % 1000).padStart(3, '0')}`],
    ['hw_caps', processorNamed(host.processor ?? xl.world.era.processor).features.join(':')],
    ['virt_caps', 'pv gnttab-v1 gnttab-v2'],
    ['total_memory', Math.floor(totalPages / FRAMES_PER_MIB)],
    ['free_memory', Math.floor((freePages - claimedPages) / FRAMES_PER_MIB)],
    ['sharing_freed_memory', 0],
    ['sharing_used_memory', 0],
    ['outstanding_claims', Math.floor(claimedPages / FRAMES_PER_MIB)],
    ['free_cpus', 0],
  ]
}

function* numaRows(xl: Libxl): Steps<Row[]> {
  const { xc, world } = xl
  const pcpus = pcpuCount(world.host)
  yield* xc.sysctl('cputopoinfo')
  yield* xc.sysctl('cputopoinfo', pcpus, { lists: [pcpus * TOPOLOGY_BYTES] })
  yield* xc.sysctl('pcitopoinfo')
  yield* xc.sysctl('numainfo')
  yield* xc.sysctl('numainfo', 1, { lists: [NODE_BYTES, NODE_BYTES] })
  const cell = (n: number, width: number) => String(n).padStart(width)
  const topology = Array.from({ length: pcpus }, (_, n) => {
    const { core, socket } = pcpuPlace(world.host, n)
    return `${cell(n, 3)}:    ${cell(core, 4)}     ${cell(socket, 4)}     ${cell(0, 4)}`
  })
  const size = cell(Math.floor(world.totalPages / FRAMES_PER_MIB), 6)
  const free = cell(Math.floor(world.freePages / FRAMES_PER_MIB), 6)
  return [
    'cpu_topology           :',
    'cpu:    core    socket     node',
    ...topology,
    'device topology        :',
    'device           node',
    'No device topology data available',
    'numa_info              :',
    'node:    memsize    memfree    distances',
    `   0:    ${size}     ${free}      10`,
  ]
}

function xenRows(xl: Libxl): Row[] {
  const { era, host } = xl.world
  const [major, minor] = era.xenVersion
  const build = xenBuild(era, host)
  return [
    ['xen_major', major],
    ['xen_minor', minor],
    ['xen_extra', build.extraversion],
    ['xen_version', `${major}.${minor}${build.extraversion}`],
    ['xen_caps', build.capabilities],
    ['xen_scheduler', era.scheduler],
    ['xen_pagesize', FRAME_BYTES],
    ['platform_params', 'virt_start=0xffff800000000000'],
    ['xen_changeset', build.changeset],
    ['xen_commandline', build.commandline],
    ['cc_compiler', build.compiler],
    ['cc_compile_by', build.compiledBy],
    ['cc_compile_domain', build.compileDomain],
    ['cc_compile_date', build.compileDate],
    ['build_id', build.buildId],
  ]
}
