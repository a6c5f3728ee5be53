// Reaction: what dom0's daemons do when a guest has shut itself down.
//
//   VIRQ_DOM_EXC  ->  xenstored asks who it was  ->  xend, or the xl left behind, does what the
//                                                    guest's configuration says, or destroys it
//
// Holds: a guest that was suspended is left to whoever asked for it.
import { SHUTDOWN } from './shutdown.js'
import { call, type Script } from './step.js'
import type { StoreView, ToolWorld } from './tool-world.js'
import { xlAfterShutdown } from './toolstack/xl/after-shutdown.js'
import { xmAfterShutdown } from './toolstack/xm/after-shutdown.js'

/** A daemon and what it does. */
export interface Reaction {
  readonly execname: string
  /** Tells daemons of one name apart. */
  readonly of?: number
  readonly script: Script
}

/** What follows a shutdown; undefined where nobody does anything. */
export function reactionTo(domid: number, reason: number, world: ToolWorld): Reaction | undefined {
  if (reason === SHUTDOWN.suspend) return undefined
  const burial = (): Script => burying(domid, world.store)
  switch (world.era.toolstack) {
    case 'xm':
      return { execname: 'xend', script: xmAfterShutdown(domid, reason, world) ?? burial() }
    case 'xl': {
      const script = xlAfterShutdown(domid, reason, world) ?? burial()
      return { execname: 'xl', of: domid, script }
    }
    case 'none':
      return undefined
  }
}

/** Ends a domain that has shut down, and lets go of what it had. */
export function* burying(domid: number, store: StoreView): Script {
  yield { kind: 'in', execname: 'xenstored', script: asking(domid) }
  const info = yield* call('domctl', 'getdomaininfo', { domid })
  if (info.result !== 0 || info.out['domid'] !== domid) return 0
  for (const path of devicesOf(domid, store)) yield { kind: 'store', path }
  yield* call('domctl', 'destroydomain', { domid })
  yield { kind: 'store', path: `/local/domain/${domid}` }
  return 0
}

function* asking(domid: number): Script {
  yield* call('domctl', 'getdomaininfo', { domid })
  return 0
}

const BACKEND = '/local/domain/0/backend'

function devicesOf(domid: number, store: StoreView): readonly string[] {
  return store
    .list(BACKEND)
    .map((type) => `${BACKEND}/${type}/${domid}`)
    .filter((path) => store.read(path) !== undefined)
}
