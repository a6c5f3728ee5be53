// XenBuild: how the hypervisor of an era was built, with which words it was started, and dom0's
// kernel: texts that xen_version, `xm info` and `xl info` tell.
//
// Source: `xl info` of the recorded hosts; tools/python/xen/xend/XendNode.py of 3.1.
import type { Era } from './era.js'
import type { HostConfig } from './host-config.js'

/** Texts of one build. */
interface XenBuild {
  readonly extraversion: string
  readonly capabilities: string
  readonly changeset: string
  readonly commandline: string
  readonly compiler: string
  readonly compiledBy: string
  readonly compileDomain: string
  readonly compileDate: string
  readonly buildId: string
  /** The kernel of dom0, as uname(1) tells of it. */
  readonly dom0Release: string
  readonly dom0Version: string
}

const XVM = {
  compiler: 'gcc version 3.4.3 (csl-sol210-3_4-20050802)',
  compileDate: 'Mon Dec  3 12:00:00 PST 2007',
  compiledBy: 'xen-discuss',
  compileDomain: 'opensolaris.org',
  buildId: '',
  dom0Release: '5.11',
  dom0Version: 'snv_76',
  capabilities: 'xen-3.0-x86_64 xen-3.0-x86_32p hvm-3.0-x86_32 hvm-3.0-x86_32p hvm-3.0-x86_64 ',
  changeset: 'unavailable',
}
const BOOKWORM = {
  compiler: 'x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0',
  compileDate: 'Wed Nov  4 16:52:28 UTC 2026',
  buildId: '151b373fd64b321593bf987fd923cd10dabadac4',
  dom0Release: '6.1.0-56-amd64',
  dom0Version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)',
}
const TRIXIE = {
  compiler: 'x86_64-linux-gnu-gcc (Debian 14.2.0-19) 14.2.0',
  compileDate: 'Tue Nov  3 20:11:50 UTC 2026',
  buildId: '576c0736b3e38388c5afe9aaccc43a18d514e88e',
  dom0Release: '6.12.117+deb13-amd64',
  dom0Version: '#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12)',
}

/** The build of an era's hypervisor on a host. */
export function xenBuild(era: Era, host: HostConfig): XenBuild {
  const [, minor, extraversion] = era.xenVersion
  if (era.toolstack === 'xm') return { ...XVM, extraversion, commandline: dom0Words(host) }
  return {
    ...(minor < 18 ? BOOKWORM : TRIXIE),
    extraversion,
    capabilities: 'xen-3.0-x86_64 ',
    changeset: '',
    commandline: commandLine(host),
    compiledBy: 'pkg-xen-devel',
    compileDomain: 'lists.alioth.debian.org',
  }
}

const dom0Words = ({ dom0MemoryMiB, dom0Vcpus }: HostConfig): string =>
  `dom0_mem=${dom0MemoryMiB}M dom0_max_vcpus=${dom0Vcpus}`

/** dom0's memory is fixed from the start: the tools never take any of it away. */
function commandLine(host: HostConfig): string {
  const memory = `dom0_mem=${host.dom0MemoryMiB}M,max:${host.dom0MemoryMiB}M`
  const logs = 'loglvl=all guest_loglvl=all noreboot conring_size=1M'
  return `console=com1 com1=115200,8n1 ${memory} dom0_max_vcpus=${host.dom0Vcpus} ${logs}`
}
