// Board: the PCI Express functions of a host, by what processors it has: chipsets are made for one
// maker's.
//
//   Opteron       ->  behind nVidia's CK8-04
//   all others    ->  behind Intel's 5000P

import type { Era } from '../era.js'
import type { HostConfig } from '../host-config.js'
import { processorNamed } from '../processor.js'
import { type SimFunction, simFunction } from './function-spec.js'
import { opteronBoard } from './opteron-board.js'
import { TOPOLOGY } from './topology.js'

/** The functions of a host, in the order of their ids. */
export function boardOf(host: HostConfig, era: Era): readonly SimFunction[] {
  const { vendor } = processorNamed(host.processor ?? era.processor)
  return (vendor === 'amd' ? opteronBoard(host) : TOPOLOGY).map(simFunction)
}
