// What this computer has that tells of a hypervisor or of its hardware, and how xpv gets to see it.
//
//   /proc/xen/privcmd, /dev/mcelog, rasdaemon's database ...  ->  findings
//
// Holds: it only looks whether something is there and may be read; nothing is opened.
import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, good, lacking } from './finding.js'

/** One source, where it may lie, and what one does with it. */
interface LiveSource {
  readonly what: string
  readonly paths: readonly string[]
  /** When it may be read. */
  readonly use: string
  /** When it is not there. */
  readonly else: string
}

const SOURCES: readonly LiveSource[] = [
  {
    what: 'Xen hypercalls',
    paths: ['/dev/xen/privcmd', '/proc/xen/privcmd'],
    use: 'sudo xentrace -D -e all -T 10 run.xt; then xpv --machine run.xt --hz RATE',
    else: 'no dom0 of Xen here; xpv simulates one',
  },
  {
    what: 'xenstore',
    paths: ['/run/xenstored/socket', '/var/run/xenstored/socket', '/dev/xen/xenbus'],
    use: 'xl info -n > xl-info-n.txt; xpv fmtopo --from xl-info-n.txt',
    else: 'no dom0 of Xen here',
  },
  {
    what: 'machine checks',
    paths: ['/dev/mcelog'],
    use: 'sudo cat /dev/mcelog > mcelog.bin; xpv fmd --every 19s mcelog.bin',
    else: 'kernels since 4.12 have rasdaemon instead',
  },
  {
    what: 'rasdaemon',
    paths: ['/var/lib/rasdaemon/ras-mc_event.db'],
    use: 'xpv fmd /var/lib/rasdaemon/ras-mc_event.db',
    else: 'its package records errors of hardware from when it is installed',
  },
  {
    what: 'kernel log',
    paths: ['/dev/kmsg'],
    use: 'dmesg > dmesg.txt; xpv fmd dmesg.txt',
    else: 'dmesg of another host will do: xpv fmd dmesg.txt',
  },
  {
    what: 'PCI functions',
    paths: ['/sys/bus/pci/devices'],
    use: 'sudo lspci -vvv -nn > lspci.txt; xpv fmtopo --from lspci.txt',
    else: 'a list of another host will do: xpv fmtopo --from lspci.txt',
  },
  {
    what: 'kernel traces',
    paths: ['/sys/kernel/tracing/trace', '/sys/kernel/debug/tracing/trace'],
    use: 'kprobes on privcmd_ioctl give traces that xpv opens',
    else: 'mount -t tracefs nodev /sys/kernel/tracing, as root',
  },
  {
    what: 'registers',
    paths: ['/dev/cpu/0/msr'],
    use: 'xpv reads registers of simulated hosts and recordings only',
    else: 'modprobe msr, as root, for rdmsr(1); xpv has rdmsr on simulated hosts',
  },
]

/** A finding for each. `root` goes before all paths. */
export function liveFindings(root = '/'): readonly Finding[] {
  return SOURCES.map((source) => {
    const { what, paths, use } = source
    const path = paths.find((each) => existsSync(join(root, each)))
    if (path === undefined) {
      return lacking('live', what, `no ${paths[0] ?? ''}`, { todo: source.else })
    }
    if (mayRead(join(root, path))) return good('live', what, path, use)
    return lacking('live', what, `${path} may not be read`, { todo: `as root: ${use}` })
  })
}

function mayRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
