// SysfsCapture: processors and functions of PCI out of /sys of Linux, or a copy of it.
//
//   DIR/bus/pci/devices/0000:00:1f.2/config   ->  the bytes of a function, and who drives it
//   DIR/devices/system/cpu/cpu3/topology      ->  processor 3 is core 1 of package 0
//   DIR/hypervisor/type                       ->  xen: these are a domain's, processors are vcpus
//
// Holds: nothing is written; a copy of bus/pci/devices alone will do. A function in another domain
// of PCI than 0000 is left out: requester ids do not tell domains apart.
// Source: Linux Documentation/ABI/testing: sysfs-bus-pci, sysfs-devices-system-cpu and others.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { SysfsCapture } from '../../fma/topo/captured-topology.js'
import type { PciListing } from '../../machine/pci/listing.js'
import { parseRequesterId } from '../../machine/pci/requester-id.js'

/** Reads it; undefined where a directory has none of that. */
export function readSysfs(directory: string): SysfsCapture | undefined {
  const devices = join(directory, 'bus', 'pci', 'devices')
  const functions = functionsIn(existsSync(devices) ? devices : directory)
  const processors = processorsIn(join(directory, 'devices', 'system', 'cpu'))
  if (functions.length === 0 && processors.length === 0) return undefined
  const isDom0 = readText(join(directory, 'hypervisor', 'type')) === 'xen'
  return { functions, processors, isDom0 }
}

function functionsIn(directory: string): readonly PciListing[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name): PciListing[] => {
      const id = parseRequesterId(name)
      const config = join(directory, name, 'config')
      if (id === undefined || !existsSync(config)) return []
      const driver = linkedName(join(directory, name, 'driver'))
      const bytes = Uint8Array.from(readFileSync(config))
      return [{ id, bytes, ...(driver === undefined ? {} : { driver }) }]
    })
}

function processorsIn(directory: string): SysfsCapture['processors'] {
  if (!existsSync(directory)) return []
  return readdirSync(directory).flatMap((name): SysfsCapture['processors'][number][] => {
    const [, id] = /^cpu(\d+)$/.exec(name) ?? []
    const read = (file: string) => readText(join(directory, name, 'topology', file))
    const [core, socket] = [read('core_id'), read('physical_package_id')]
    if (id === undefined || core === undefined || socket === undefined) return []
    return [[Number(id), Number(core), Number(socket)]]
  })
}

/** Without the end of the line; undefined where there is no such file. */
const readText = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined

/** In a copy a link may be gone. */
function linkedName(link: string): string | undefined {
  try {
    return basename(readlinkSync(link))
  } catch {
    return undefined
  }
}
