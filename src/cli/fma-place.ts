// FmaPlace: what `fma` at the prompt needs of files and of machines.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileError } from '../backend/replay/file-source.js'
import { SimMachine } from '../backend/sim/sim-machine.js'
import { XpvError } from '../base/error.js'
import { arrivalFacts, faultCoverage } from '../fma/explain/coverage.js'
import { diffDiagnoses, type WhatIfOptions } from '../fma/explain/what-if.js'
import { ownRules } from '../fma/rules/own-rules.js'
import { hostTopology } from '../fma/topo/host-topology.js'
import type { Topology } from '../fma/topo/topology.js'
import type { Machine } from '../machine/machine.js'
import { connect } from './connect.js'
import { accessTo, faultManagementOn } from './fault-managements.js'
import { FmaCoverage } from './fma-coverage.js'
import { FmaGlobal, type FmaPlace } from './fma-global.js'
import { type RerunChange, rerun } from './rerun.js'
import { rulesOf } from './rules-of.js'

/** `fma` over a machine; paths are meant from `directory`. */
export function fmaGlobal(machine: () => Machine, directory: () => string): FmaGlobal {
  return new FmaGlobal(() => faultManagementOn(machine()), fmaPlace(machine, directory))
}

function fmaPlace(machine: () => Machine, directory: () => string): FmaPlace {
  return {
    read: (path) => {
      try {
        return readFileSync(resolve(directory(), path))
      } catch (error) {
        throw fileError(path, error, "fma.diagnose('mcelog.bin')")
      }
    },
    rules: (given) => rulesOf(given, directory()),
    topology: partsOf,
    whatIf: (change, how) => {
      const host = machine()
      if (host instanceof SimMachine) return compared(host, change, how)
      const message = `fma.whatIf(): ${host.spec} is not simulated: its faults cannot happen again`
      throw new XpvError('machine.not-simulated', message, "open('sim:xen-4.20')")
    },
    coverage: (rules = ownRules()) => {
      const { topology } = faultManagementOn(machine())
      const facts = arrivalFacts(accessTo(machine()))
      const coverage = faultCoverage({ ...facts, rules, topology })
      return new FmaCoverage(coverage)
    },
  }
}

/** The parts of the host of a spec, which is opened for that alone. */
function partsOf(spec: string): Topology {
  const other = connect(spec)
  try {
    return hostTopology(accessTo(other))
  } finally {
    other.close()
  }
}

function compared(host: SimMachine, change: RerunChange, how: WhatIfOptions) {
  const was = faultManagementOn(host)
  const other = rerun(host, change)
  const { bootedAt: bootNs } = host.host
  const comparison = diffDiagnoses(
    { title: `${host.era.name}, as it was`, management: was, bootNs },
    { title: titleOf(host, change), management: other, bootNs, rules: change.rules },
    how,
  )
  return { comparison, other }
}

function titleOf(host: SimMachine, { era, msi, rules, serd, topology }: RerunChange): string {
  const words = [
    era ?? host.era.name,
    msi === undefined ? '' : `msi=${msi ? 'on' : 'off'}`,
    rules === undefined ? '' : 'other rules',
    serd === undefined ? '' : 'other limits',
    topology === undefined ? '' : 'other parts',
  ]
  return words.filter((word) => word !== '').join(', ')
}
