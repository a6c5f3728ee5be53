// DomainNames: which names are taken, among them those of domains that xend is only making.
//
//   xm create g  ->  claimed ... createdomain ... built ... its name is in xenstore  ->  taken
//
// Holds: two domains never have one name, however many xms ask at once: who comes second waits.
// Source: tools/python/xen/xend/XendDomain{,Info}.py of 3.1: domains_lock, checkName.
import type { ToolWorld } from '../../tool-world.js'
import { managedDomains } from './managed.js'
import { fault } from './refusal.js'
import type { Steps } from './xend.js'

const NAME = /^[A-Za-z0-9_\-.:/+]+$/
/** How long somebody waits before looking again. */
const LOCKED_NS = 10_000_000

/** Names of a host that nobody reads in xenstore yet, with the domains that will have them. Nothing
 *  is here while no process of dom0 is in the middle of something. */
const CLAIMED = new WeakMap<ToolWorld, Map<string, number | undefined>>()

/** Checks a name as xend does. Throws where it is none, or somebody else's: of another virtual
 *  machine than `uuid`. Waits while somebody is being made who will have it. */
export function* checkName(world: ToolWorld, name: string, uuid = ''): Steps<void> {
  if (name === '') throw fault('Missing VM Name')
  if (!NAME.test(name)) throw fault('Invalid VM Name')
  while (isClaimed(world, name)) yield { kind: 'sleep', ns: LOCKED_NS }
  const other = managedDomains(world).find((d) => d.name === name)
  const isOthers = other !== undefined && world.store.read(`${other.vm}/uuid`) !== uuid
  if (isOthers) {
    throw fault(`VM name '${name}' already exists as domain ${other.domid}`)
  }
}

/** Keeps a name for a domain: until xenstore has a name of it, until it is gone, or, without a
 *  domain yet, until it is freed. */
export function claimName(world: ToolWorld, name: string, domid?: number): void {
  const claimed = CLAIMED.get(world) ?? new Map<string, number | undefined>()
  CLAIMED.set(world, claimed.set(name, domid))
}

/** Nobody will have this name. */
export function freeName(world: ToolWorld, name: string): void {
  CLAIMED.get(world)?.delete(name)
}

/** Those that are being made, in the order in which they began. */
export function claimedNames(world: ToolWorld): readonly string[] {
  return [...(CLAIMED.get(world)?.keys() ?? [])].filter((name) => isClaimed(world, name))
}

function isClaimed(world: ToolWorld, name: string): boolean {
  const claimed = CLAIMED.get(world)
  if (claimed?.has(name) !== true) return false
  const domid = claimed.get(name)
  if (domid === undefined) return true
  const isThere = world.domains().some((d) => d.domid === domid)
  if (isThere && world.store.read(`/local/domain/${domid}/name`) === undefined) return true
  claimed.delete(name)
  return false
}
