// Laws of a machine when nobody in dom0 is in the middle of anything: what adds up, and that nothing
// is left behind of what is gone.
import type { SimMachine } from '../../../src/backend/sim/sim-machine.js'

/** Laws that the machine breaks now. */
export function brokenNow(machine: SimMachine): readonly string[] {
  return [
    ...frames(machine),
    ...vcpus(machine),
    ...pcpus(machine),
    ...channels(machine),
    ...leftovers(machine),
  ]
}

function frames(machine: SimMachine): readonly string[] {
  const { frames: all, domains } = machine.hypervisor
  const owned = [...domains.keys()].reduce((sum, domid) => sum + all.ownedBy(domid), 0)
  const sum = all.free + all.xen + all.retired + owned
  const broken: string[] = []
  if (sum !== all.total) broken.push(`frames: ${sum} of ${all.total} are accounted for`)
  if (all.claimed > all.free) broken.push(`frames: ${all.claimed} claimed, ${all.free} free`)
  return broken
}

function vcpus(machine: SimMachine): readonly string[] {
  const { scheduler, hypervisor, nowNs } = machine
  return [...hypervisor.domains.values()].flatMap((domain) =>
    domain.vcpus.flatMap((vcpu, v) => {
      const state = scheduler.state(domain.domid, v)
      const who = `d${domain.domid}v${v}`
      const { running, runnable, blocked, offline } = state.ns
      const sum = running + runnable + blocked + offline
      const age = nowNs - state.madeAtNs
      const broken: string[] = []
      if (sum !== age) broken.push(`${who}: runstates add up to ${sum} ns of ${age}`)
      if (Math.abs(state.queuedNs - state.usedNs - state.leftNs) > 1) {
        broken.push(`${who}: ${state.queuedNs} queued, ${state.usedNs} used, ${state.leftNs} left`)
      }
      if (!vcpu.up && state.runstate === 'running') broken.push(`${who} is down and runs`)
      if (domain.pauseCount > 0 && state.runstate === 'running') {
        broken.push(`${who} is paused and runs`)
      }
      if (state.runstate === 'running' && !state.affinity.includes(state.pcpu)) {
        broken.push(`${who} runs on pcpu ${state.pcpu} and may on ${state.affinity}`)
      }
      if (state.runstate === 'running' && !hypervisor.isOnline(state.pcpu)) {
        broken.push(`${who} runs on pcpu ${state.pcpu}, which is offline`)
      }
      return broken
    }),
  )
}

function pcpus(machine: SimMachine): readonly string[] {
  const { scheduler, hypervisor } = machine
  const runs = new Map<number, string>()
  const broken: string[] = []
  for (const domain of hypervisor.domains.values()) {
    for (const v of domain.vcpus.keys()) {
      const on = scheduler.where(domain.domid, v)
      if (on === undefined) continue
      const who = `d${domain.domid}v${v}`
      if (runs.has(on)) broken.push(`pcpu ${on} runs ${runs.get(on)} and ${who}`)
      runs.set(on, who)
    }
  }
  return broken
}

function channels(machine: SimMachine): readonly string[] {
  const { hypervisor } = machine
  const broken: string[] = []
  for (const [domid, ports] of hypervisor.channels.save()) {
    if (!hypervisor.domains.has(domid) && ports.length > 0) {
      broken.push(`domain ${domid} is gone and has ${ports.length} ports`)
    }
    for (const [port, bound] of ports) {
      if (bound.kind !== 'interdomain') continue
      const other = hypervisor.channels.port(bound.remote, bound.remotePort)
      const isMutual =
        other?.kind === 'interdomain' && other.remote === domid && other.remotePort === port
      if (!isMutual) {
        broken.push(`port ${port} of ${domid} has ${bound.remotePort} of ${bound.remote} alone`)
      }
    }
  }
  return broken
}

/** What names a domain that is not there. */
function leftovers(machine: SimMachine): readonly string[] {
  const { hypervisor, scheduler } = machine
  const isAlive = (domid: number): boolean => hypervisor.domains.has(domid)
  const broken: string[] = []
  const gone = (what: string, domids: Iterable<number>): void => {
    for (const domid of domids) if (!isAlive(domid)) broken.push(`${what} of domain ${domid}, gone`)
  }
  const { domains, overheads, claims } = hypervisor.frames.save()
  gone(
    'frames',
    domains.filter(([, runs]) => runs.length > 0).map(([domid]) => domid),
  )
  gone(
    'hypervisor frames',
    overheads.map(([domid]) => domid),
  )
  gone(
    'a claim',
    claims.map(([domid]) => domid),
  )
  const grants = hypervisor.grants.save()
  gone(
    'a grant table',
    grants.frames.map(([domid]) => domid),
  )
  gone(
    'a grant mapping',
    grants.mappings.flatMap(({ mapper, granter }) => [mapper, granter]),
  )
  gone(
    'vcpus',
    scheduler.save().dispatcher.domains.map(({ domid }) => domid),
  )
  return broken
}

const NODES = [/^\/local\/domain\/(\d+)/, /^\/local\/domain\/0\/backend\/[^/]+\/(\d+)/]

/** Nodes of xenstore that name a domain that is not there, once its daemons have had their time. */
export function strayNodes(machine: SimMachine): readonly string[] {
  const { hypervisor, store } = machine
  return store
    .save()
    .entries.map(([path]) => path)
    .filter((path) =>
      NODES.some((node) => {
        const [, domid] = node.exec(path) ?? []
        return domid !== undefined && !hypervisor.domains.has(Number(domid))
      }),
    )
    .slice(0, 4)
    .map((path) => `xenstore has ${path}`)
}

/** Ports of dom0 that are there for a domain that is not. */
export function strayPorts(machine: SimMachine): readonly string[] {
  const { hypervisor } = machine
  const dom0 = hypervisor.channels.save().find(([domid]) => domid === 0)?.[1] ?? []
  return dom0
    .filter(([, bound]) => 'remote' in bound && !hypervisor.domains.has(bound.remote))
    .map(([port, bound]) => `port ${port} of dom0: ${JSON.stringify(bound)}`)
    .slice(0, 4)
}
